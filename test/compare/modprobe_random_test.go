package compare

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestModprobeRandom compares any options and operands over any configuration, apart from what the deviations are about.
func TestModprobeRandom(t *testing.T) {
	configurations := 30
	if os.Getenv("GOMOD_TEST_ALL") != "" {
		configurations = 1000
	}
	root := newModprobeRoot(t)
	root.Write("lib/modules/$RELEASE/modules.softdep", "softdep btrfs pre: crc32c post: dummy\n")
	crashed := 0
	for seed := range configurations {
		r := randomModprobe{rand.New(rand.NewPCG(2, uint64(seed))), root}
		r.configure()
		for range 8 {
			argv := append([]string{"modprobe"}, r.words()...)
			want, got := both(t, Call{Root: root.Dir, Argv: argv})
			if want.Status == -1 && got.Status >= 0 {
				crashed++
				continue
			}
			// D16: gomod has a blank there.
			want.Stdout = strings.ReplaceAll(strings.ReplaceAll(want.Stdout, "post:", " post:"), "  post:", " post:")
			if slices.Contains(argv, "-q") { // D18: what C kmod's library says comes all the same
				want.Stderr, got.Stderr = "", ""
			}
			if got != want {
				t.Errorf("seed %d: %q with\n%s\n got %v\nwant %v", seed, argv, r.files(), got, want)
			}
		}
		if t.Failed() {
			return
		}
	}
	t.Logf("%d command lines compared, and %d with which C kmod crashes", configurations*8-crashed, crashed)
}

type randomModprobe struct {
	*rand.Rand
	root *Root
}

func (r *randomModprobe) pick(words string) string {
	list := strings.Fields(words)
	return list[r.IntN(len(list))]
}

// sources are the files that configure writes, in the order of their names.
func sources() []string {
	return []string{"etc/modprobe.d/a.conf", "run/modprobe.d/b.conf", "usr/lib/modprobe.d/a.conf", "lib/modprobe.d/c.conf"}
}

func (r *randomModprobe) files() string {
	var all strings.Builder
	for _, file := range append(sources(), "proc/cmdline", "proc/modules") {
		content, err := os.ReadFile(r.root.Path(file))
		if err == nil {
			all.WriteString("--- " + file + "\n" + string(content) + "\n")
		}
	}
	return all.String()
}

func (r *randomModprobe) configure() {
	// A module has at most one softdep line, and then no install command (D5, D6).
	free := map[string]bool{"dummy": true, "xor": true, "raid6_pq": true, "libcrc32c": true, "made_up": true}
	for _, file := range sources() {
		r.root.Remove(file)
		var text strings.Builder
		for range r.IntN(5) {
			text.WriteString(r.line(free))
		}
		if r.IntN(3) > 0 {
			r.root.Write(file, text.String())
		}
	}
	r.root.Write("proc/cmdline", r.pick("quiet dummy.numdummies=2 modprobe.blacklist=dummy,xor dummy.x xor.a=1")+" "+r.pick("ro raid6-pq.b=\"1 2\" x.y.z=1")+"\n")
	r.root.Remove("sys/module")
	r.root.Write("proc/modules", "")
	var modules strings.Builder
	for _, name := range strings.Fields("dummy xor raid6_pq libcrc32c btrfs") {
		if r.IntN(3) == 0 {
			users := r.pick("0 1")
			r.root.loaded(name, users)
			fmt.Fprintf(&modules, "%s 16384 %s - Live 0x0000000000000000\n", name, users)
		}
	}
	r.root.Write("proc/modules", modules.String())
}

func (r *randomModprobe) line(free map[string]bool) string {
	module := r.pick("dummy xor raid6-pq raid6_pq libcrc32c btrfs made-up crc32c_generic ext4")
	switch r.IntN(7) {
	case 0:
		return "alias " + r.pick("al a-* x?z fs-* dummy made-up [a-c]l al/*") + " " + module + "\n"
	case 1:
		return "blacklist " + module + "\n"
	case 2:
		return "options " + r.pick(module+" al a-b fs-btrfs") + " " + r.pick("a=1 b=\"1 c= d") + "\n"
	case 3:
		return r.pick("bad include alias blacklist options softdep install #comment") + "\n"
	}
	name := strings.ReplaceAll(module, "-", "_")
	if !free[name] {
		return "\n"
	}
	free[name] = false
	switch r.IntN(3) {
	case 0:
		return "softdep " + module + " " + r.pick("pre: post: x") + " " + r.pick("xor dummy al nope") + " " + r.pick("raid6-pq al libcrc32c post:") + "\n"
	case 1:
		return "install " + module + " " + r.pick("true false :") + " $CMDLINE_OPTS\n"
	}
	return "remove " + module + " " + r.pick("true false") + "\n"
}

func (r *randomModprobe) words() []string {
	var words []string
	for range r.IntN(4) {
		words = append(words, r.pick("-v -n -q -a -r -R -D -i -b -f -c --first-time --remove-holders --use-blacklist --ignore-remove --force-vermagic -nv -Dv -w=0 -S "+
			"--showconfig --dry-run --verbose --resolve-alias --no-such -Z -C/lib/modprobe.d"))
	}
	for range r.IntN(4) {
		words = append(words, r.pick("dummy xor raid6-pq libcrc32c btrfs al a-b xyz fs-btrfs fs-* made_up crc32c nope a=1 b=\"2 /nope.ko ./x.ko crc32c_generic -- -v -n "+
			"/lib/modules/"+r.root.Release+"/kernel/drivers/net/dummy.ko.xz"))
	}
	return words
}
