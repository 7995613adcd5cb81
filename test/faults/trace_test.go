package faults

import "testing"

func TestParseTrace(t *testing.T) {
	calls := parseTrace(`7 execve("/usr/sbin/chroot", ["chroot"], 0x1 /* 1 var */) = 0
7 execve("/modprobe", ["/modprobe", "a"], 0x1 /* 1 var */) = 0
7 openat(AT_FDCWD, "/a", O_RDONLY) = 3
8 openat(AT_FDCWD, "/b", O_RDONLY <unfinished ...>
7 openat(AT_FDCWD, "/c", O_RDONLY) = 4
8 <... openat resumed>) = 5
9 execve("/bin/sh", ["sh", "-c", "true"], 0x1 /* 1 var */) = 0
9 getuid() = 0
8 ???( <unfinished ...>
8 +++ exited with 0 +++
`)
	want := []call{
		{pid: "7", name: "execve", number: 1, first: true}, {pid: "7", name: "execve", number: 2, first: true}, {pid: "7", name: "openat", number: 1, first: true},
		{pid: "8", name: "openat", number: 1}, {pid: "7", name: "openat", number: 2, first: true}, {pid: "9", name: "execve", number: 1}, {pid: "9", name: "getuid", number: 1, foreign: true},
	}
	if len(calls) != len(want) {
		t.Fatalf("%d calls: %v", len(calls), calls)
	}
	for i, c := range calls {
		if c.command() != (i == 5) {
			t.Errorf("%v: the start of a command: %t", c, c.command())
		}
		if c.rest = ""; c != want[i] {
			t.Errorf("%v, want %v", c, want[i])
		}
	}
	if path := calls[5].path(); path != "/bin/sh" {
		t.Errorf("the command is %q", path)
	}
}
