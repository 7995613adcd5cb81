package compare

import (
	"os"
	"strings"
	"testing"
)

// TestLsmodBadFiles compares rows of modules in whose folder something is wrong.
func TestLsmodBadFiles(t *testing.T) {
	root := NewRoot(t)
	root.Write("proc/modules", "veth 45056 0 - Live 0x0000000000000000\nused 4096 1 user, Live 0x0000000000000000\n")
	for _, attribute := range []string{"coresize", "refcnt"} {
		for _, content := range []string{"zz\n", "", "12x\n", "0x10\n", " 7\n", "010\n", "7", "folder", "missing"} {
			root.Remove("sys/module")
			root.loaded("veth", "3")
			root.Write("sys/module/veth/coresize", "45056\n")
			root.loaded("used", "1", "user")
			root.Write("sys/module/used/coresize", "4096\n")
			path := "sys/module/veth/" + attribute
			root.Remove(path)
			switch content {
			case "missing":
				if attribute == "refcnt" { // as in a kernel that cannot unload modules
					root.Write("proc/modules", "veth 45056 - - Live 0x0000000000000000\nused 4096 1 user, Live 0x0000000000000000\n")
				}
			case "folder":
				root.must(os.Mkdir(root.Path(path), 0o755))
			default:
				root.Write(path, content)
			}
			compareLsmod(t, root, attribute+" "+content)
		}
	}
	root.Remove("sys/module/used/holders")
	compareLsmod(t, root, "no holders")
}

func compareLsmod(t *testing.T, root *Root, what string) {
	t.Helper()
	call := Call{Root: root.Dir, Argv: []string{"lsmod"}}
	want, got := Want(Reference(t, call), "lsmod"), Gomod(t, call)
	if got != want {
		t.Errorf("%q:\n got %v\nwant %v", what, got, want)
	}
}

// TestLsmodWithoutSys wants an error where C kmod shows negative numbers, and no row for a module that has gone (D12).
func TestLsmodWithoutSys(t *testing.T) {
	root := NewRoot(t)
	root.Write("proc/modules", "veth 45056 0 - Live 0x0000000000000000\n")
	call := Call{Root: root.Dir, Argv: []string{"lsmod"}}
	if got := Gomod(t, call); got.Status != 0 || strings.Count(got.Stdout, "\n") != 1 || got.Stderr != "" {
		t.Errorf("a module that has gone: %v", got)
	}
	// The count of a module that goes away is gone before its folder.
	root.loaded("veth", "0")
	root.Remove("sys/module/veth/refcnt")
	if got := Gomod(t, call); got.Status != 0 || strings.Count(got.Stdout, "\n") != 1 || got.Stderr != "" {
		t.Errorf("a module that goes away: %v", got)
	}
	root.Remove("sys")
	want := Result{"Module                  Size  Used by\n", "lsmod: ERROR: could not open '/sys/module': No such file or directory\n", 1}
	if got := Gomod(t, call); got != want {
		t.Errorf(" got %v\nwant %v", got, want)
	}
	root.Write("proc/modules", "")
	compareLsmod(t, root, "no modules and no /sys")
}
