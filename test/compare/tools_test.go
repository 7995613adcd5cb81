package compare

import (
	"os"
	"strings"
	"testing"
)

// check compares one command line; deviation is what gomod owes instead where it differs on purpose.
func check(t *testing.T, call Call, deviation *Result) {
	t.Helper()
	want := Want(Reference(t, call), call.Argv[0])
	if deviation != nil {
		if want == *deviation {
			t.Errorf("%q: C kmod gives the same as the deviation that is expected: it is none", call.Argv)
		}
		want = *deviation
	}
	got := WithoutExplanations(Gomod(t, call))
	got.Stdout = withoutBuildID(got.Stdout)
	if got != want {
		t.Errorf("%q:\ngot %v\nwant %v", call.Argv, got, want)
	}
}

// commands compares command lines, each written as words with single blanks between; an empty word is written ”.
func commands(t *testing.T, root *Root, lines string) {
	t.Helper()
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		words := strings.Split(line, " ")
		for i, word := range words {
			words[i] = strings.NewReplacer("''", "", "$RELEASE", root.Release).Replace(word)
		}
		check(t, Call{Root: root.Dir, Argv: words}, nil)
	}
}

func TestOptions(t *testing.T) {
	commands(t, NewRoot(t), `
		insmod
		insmod -
		insmod -- -
		insmod --
		insmod -x
		insmod --fo
		insmod --force=1 a
		insmod --ver
		insmod -fsx
		insmod /nope -x
		insmod /nope a=b -f
		/sbin/insmod --xx
		/sbin/rmmod -y
		rmmod
		rmmod --f
		rmmod -fv
		rmmod a b -x
		rmmod --verbose=3
		rmmod nope -- -x
		lsmod x
		lsmod -x
		lsmod --v
		lsmod --
		modinfo
		modinfo -F
		modinfo --field
		modinfo --f x
		modinfo --s
		modinfo -0x
		modinfo --null=1
		modinfo -0
		kmod -x
		kmod --xyz list
		kmod list -x
		kmod list --verb=1
		kmod list x
		kmod list -- x
		kmod list
		kmod static-nodes
		kmod static-nodes -f
		kmod static-nodes --format
		kmod static-nodes --out
		kmod static-nodes -x
		kmod static-nodes extra -x
	`)
}

func TestPosixlyCorrect(t *testing.T) {
	root := NewRoot(t)
	for _, argv := range [][]string{{"insmod", "/nope", "-x"}, {"rmmod", "nope", "-x"}, {"modinfo", "nope", "-F"}} {
		check(t, Call{Root: root.Dir, Argv: argv, Env: []string{"POSIXLY_CORRECT=1"}}, nil)
	}
}

// TestHelp holds what scripts look for in help texts; their wording is gomod's own (D26).
func TestHelp(t *testing.T) {
	root := NewRoot(t)
	for _, argv := range [][]string{
		{"insmod", "-h"}, {"rmmod", "--help"}, {"lsmod", "-h"}, {"modinfo", "--help"}, {"kmod", "-h"}, {"kmod", "help"}, {"kmod", "help", "-x"},
		{"kmod"}, {"kmod", "nope"}, {"kmod", "list", "-h"}, {"kmod", "static-nodes", "-h"}, {"kmod", "static-nodes", "-f", "nope"},
	} {
		call := Call{Root: root.Dir, Argv: argv}
		want, got := Reference(t, call), Gomod(t, call)
		if got.Status != want.Status || got.Stderr != want.Stderr || !strings.HasPrefix(got.Stdout, "Usage:\n") {
			t.Errorf("%q: got %d %q and a help text that begins %.20q; want %d %q", argv, got.Status, got.Stderr, got.Stdout, want.Status, want.Stderr)
		}
		for word := range strings.FieldsSeq(want.Stdout) {
			option, _, _ := strings.Cut(strings.TrimRight(word, ","), "=")
			if strings.HasPrefix(option, "--") && !strings.Contains(got.Stdout, option) {
				t.Errorf("%q: help lacks %s", argv, option)
			}
		}
	}
	if help := Gomod(t, Call{Root: root.Dir, Argv: []string{"modinfo", "--help"}}); !strings.Contains(help.Stdout, "--modname") {
		t.Error("modinfo --help lacks --modname, by which mkosi knows a new enough modinfo")
	}
}

// TestVersion holds D22: the first line is C kmod 34.2's, the second says what this build can do.
func TestVersion(t *testing.T) {
	root := NewRoot(t)
	for _, argv := range [][]string{{"insmod", "-V"}, {"rmmod", "-vV"}, {"lsmod", "--vers"}, {"modinfo", "-V", "-x"}, {"kmod", "--v"}, {"kmod", "list", "-V"}} {
		call := Call{Root: root.Dir, Argv: argv}
		want := Reference(t, call)
		first, _, _ := strings.Cut(want.Stdout, "\n")
		want.Stdout = first + "\n+ZSTD +XZ +ZLIB +OPENSSL\n"
		if got := Gomod(t, call); got != want {
			t.Errorf("%q: got %v, want %v", argv, got, want)
		}
	}
}

// TestNameOfAnotherProgram has C kmod end without a word, where gomod says what is wrong.
func TestNameOfAnotherProgram(t *testing.T) {
	call := Call{Root: NewRoot(t).Dir, Argv: []string{"foo", "bar"}}
	want := Reference(t, call)
	want.Stderr += "foo: no tool has that name: call the program gomod, or lsmod, rmmod, insmod, modinfo, modprobe, depmod, kmod\n"
	if got := Gomod(t, call); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestLsmod(t *testing.T) {
	root := NewRoot(t)
	root.Write("proc/modules", "veth 45056 0 - Live 0x0\n"+
		"a_name_longer_than_nineteen_characters 1234567890 2 x,y, Live 0x0\n"+
		"nounload 16384 - - Live 0x0\n"+
		"tiny 1 1 x, Loading 0x0\n")
	root.Write("sys/module/veth/coresize", "40960\n")
	root.Write("sys/module/veth/refcnt", "0\n")
	root.Write("sys/module/veth/holders/.keep", "")
	os.Remove(root.Path("sys/module/veth/holders/.keep"))
	root.Write("sys/module/a_name_longer_than_nineteen_characters/refcnt", "2\n")
	for _, holder := range []string{"x", "y", "zz"} {
		root.Write("sys/module/a_name_longer_than_nineteen_characters/holders/"+holder+"/keep", "")
	}
	root.Write("sys/module/nounload/coresize", "16384\n")
	root.Write("sys/module/nounload/holders/x/keep", "")
	root.Write("sys/module/tiny/refcnt", "1\n")
	root.Write("sys/module/tiny/coresize", "1\n")
	commands(t, root, `
		lsmod
		lsmod -v
		kmod list
		/usr/bin/lsmod
	`)
}

// TestLsmodLeavesOutWhatIsGone holds D12: a module of /proc/modules that /sys/module no longer has gets no row.
func TestLsmodLeavesOutWhatIsGone(t *testing.T) {
	root := NewRoot(t)
	root.Write("proc/modules", "gone 45056 0 - Live 0x0\n")
	check(t, Call{Root: root.Dir, Argv: []string{"lsmod"}}, &Result{Stdout: "Module                  Size  Used by\n"})
}

func TestWithoutProc(t *testing.T) {
	root := NewRoot(t)
	os.RemoveAll(root.Path("proc"))
	os.RemoveAll(root.Path("sys"))
	commands(t, root, `
		lsmod
		kmod list
		rmmod dummy
		insmod /nope.ko
		modinfo nope
	`)
}

func TestRmmod(t *testing.T) {
	root := NewRoot(t)
	root.Modules("6.12-cloud", "drivers/net/dummy.ko.xz")
	module := func(name, refcnt string, holders ...string) {
		root.Write("sys/module/"+name+"/initstate", "live\n")
		root.Write("sys/module/"+name+"/refcnt", refcnt)
		root.Write("sys/module/"+name+"/holders/"+name+".keep/x", "")
		os.RemoveAll(root.Path("sys/module/" + name + "/holders/" + name + ".keep"))
		for _, holder := range holders {
			root.Write("sys/module/"+name+"/holders/"+holder+"/x", "")
		}
	}
	module("held", "2\n", "first", "second_one")
	module("used", "3\n")
	module("free_one", "0\n")
	root.Write("sys/module/printk/parameters/time", "Y\n")
	root.Write("sys/module/odd/initstate", "dreaming\n")
	root.Write("tmp/free-one.ko.xz", "")
	root.Write("tmp/.hidden", "")
	commands(t, root, `
		rmmod nope
		rmmod nope.ko held
		rmmod held used nope
		rmmod printk
		rmmod odd
		rmmod ext4.ko
		rmmod configfs
		rmmod free-one
		rmmod free_one free_one
		rmmod -f free_one
		rmmod -f held
		rmmod -f nope
		rmmod -v used
		rmmod /tmp/free-one.ko.xz
		rmmod /tmp/none.ko
		rmmod /
		rmmod nope / held
		rmmod free[one
		rmmod -- -x
		rmmod ''
		rmmod .
		rmmod ..
		rmmod -f ''
		rmmod .x
	`)
}

func TestInsmod(t *testing.T) {
	root := NewRoot(t)
	root.Modules("6.12-cloud", "drivers/net/dummy.ko.xz")
	dummy := "/lib/modules/$RELEASE/kernel/drivers/net/dummy.ko.xz"
	root.Write("tmp/text", "this is no module\n")
	root.Write("tmp/empty", "")
	root.Write("tmp/short", "abc")
	commands(t, root, `
		insmod /nope
		insmod /nope/deeper a=b
		insmod /tmp/text
		insmod /tmp/text a=b
		insmod /tmp/text/below
		insmod /tmp/empty
		insmod /tmp/short
		insmod /tmp
		insmod tmp/text
		insmod -f /tmp/text
		insmod -v /tmp/text
		insmod `+dummy+`
		insmod `+dummy+` numdummies=2
		insmod -f `+dummy+`
		insmod ''
		insmod -- '' a=b
	`)
}

func TestStaticNodes(t *testing.T) {
	root := NewRoot(t)
	root.Write("lib/modules/$RELEASE/modules.devname", "# Device nodes to trigger on-demand module loading.\n"+
		"fuse fuse c10:229\nsnd_seq snd/seq c116:1\nblk foo b7:3\nbad line\n # indented x c1:2\nx y z1:2\nx y c1\nx y c-1:+2 rest\nx y c 1:2\n"+
		"  lead node c3:4\n\nx y c99999999999:5\nx y c99999999999999999999999:5\na b/c/d c1:2\na /abs c1:2\na ../etc c1:2\nlast n c1:10")
	for _, format := range []string{"human", "tmpfiles", "devname"} {
		commands(t, root, "kmod static-nodes -f "+format+"\nkmod static-nodes --format="+format)
	}
	written := "run/new/folder/nodes.conf"
	commands(t, root, "kmod static-nodes --format=tmpfiles --output=/"+written)
	got, err := os.ReadFile(root.Path(written))
	if err != nil {
		t.Fatal(err)
	}
	want := Reference(t, Call{Root: root.Dir, Argv: []string{"kmod", "static-nodes", "-f", "tmpfiles"}})
	if string(got) != want.Stdout {
		t.Errorf("-o wrote\n%s\nwant\n%s", got, want.Stdout)
	}
	commands(t, root, "kmod static-nodes -o /tmp")
	root.Write("tmp/file", "")
	check(t, Call{Root: root.Dir, Argv: []string{"kmod", "static-nodes", "-o", "/tmp/file/nodes"}},
		// C kmod says `Success` here, having lost the errno.
		&Result{Stderr: "Error: could not create parent directory for /tmp/file/nodes - Not a directory.\n", Status: 1})
}
