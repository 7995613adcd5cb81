package cli

import (
	"fmt"
	"testing"

	"gomod/internal/config"
	"gomod/internal/why"
)

// Whom a line that modprobe refuses stops from loading: the kernel's requests are modprobe's, other programs with libkmod obey it.
func TestEffectOfRefused(t *testing.T) {
	const all = "[by-alias by-name as-dependency]"
	refusal := &config.Refusal{Exposure: config.Exposure{Kind: config.WritableFile, Path: "/a.conf"}, Where: config.Where{File: "/a.conf", Line: 1}}
	for _, test := range []struct{ command, text, modprobe, libkmod, kernel, says string }{
		{"install", "modprobe -i a", all, "[]", all, "is not obeyed, for anyone may write that file: modprobe refuses a;"},
		{"install", "/bin/false", all, all, all, "is not obeyed, for anyone may write that file: modprobe refuses a;"},
		{"remove", "/bin/true", "[]", "[]", "[]", "is not obeyed, for anyone may write that file: modprobe -r refuses a;"},
		{"remove", "modprobe -r -i a", "[]", "[]", "[]", "is not obeyed, for anyone may write that file: modprobe -r refuses a;"},
	} {
		of := effectOf(why.Line{Entry: config.Entry{Command: test.command, Key: "a", Text: test.text, Where: refusal.Where}, Refusal: refusal})
		got := fmt.Sprint(of.modprobe, of.libkmod, of.kernel)
		if want := test.modprobe + " " + test.libkmod + " " + test.kernel; got != want || of.lines[0] != test.says {
			t.Errorf("%s %s: %s instead of %s\n%s", test.command, test.text, got, want, of.lines[0])
		}
	}
}
