// Package oracle asks C programs that stand for the C library. Such a program includes oracle.h, and answers one question after the other.
package oracle

import (
	"bufio"
	"encoding/binary"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gomod/test/need"
)

// Oracle is a C program at work.
type Oracle struct {
	in  io.WriteCloser
	out *bufio.Reader
}

// Start compiles a C source and runs it until the test ends.
func Start(t testing.TB, source string) *Oracle {
	t.Helper()
	in, out := Run(t, source)
	return &Oracle{in, bufio.NewReader(out)}
}

// Run is Start for programs that have a language of their own, and not that of oracle.h: what is written to in is their standard input.
func Run(t testing.TB, source string) (in io.WriteCloser, out io.Reader) {
	t.Helper()
	return run(t, exec.Command(need.Compiled(t, source)))
}

// RunWithReference is Run with Debian 13's libraries, the ones of the reference kmod, instead of those of the machine.
func RunWithReference(t testing.TB, source string) (in io.WriteCloser, out io.Reader) {
	t.Helper()
	libraries := need.File(t, "build/kmod34/usr/lib/x86_64-linux-gnu")
	loader := filepath.Join(libraries, "ld-linux-x86-64.so.2")
	return run(t, exec.Command(loader, "--library-path", libraries, need.Compiled(t, source)))
}

func run(t testing.TB, cmd *exec.Cmd) (in io.WriteCloser, out io.Reader) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err = cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error("the C program:", err)
		}
	})
	return in, out
}

// Ask gives the answer to a question of several fields, none of which can have a NUL.
func (o *Oracle) Ask(t testing.TB, fields ...string) string {
	t.Helper()
	var text strings.Builder
	for _, field := range fields {
		text.WriteString(field + "\x00")
	}
	question := binary.LittleEndian.AppendUint32(nil, uint32(text.Len()))
	if _, err := o.in.Write(append(question, text.String()...)); err != nil {
		t.Fatalf("the C program takes no question, %q: %v", fields, err)
	}
	var size [4]byte
	_, err := io.ReadFull(o.out, size[:])
	answer := make([]byte, binary.LittleEndian.Uint32(size[:]))
	if err == nil {
		_, err = io.ReadFull(o.out, answer)
	}
	if err != nil {
		t.Fatalf("the C program has no answer to %q: %v", fields, err)
	}
	return string(answer)
}
