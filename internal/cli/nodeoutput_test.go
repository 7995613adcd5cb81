package cli

import (
	"io"
	"os"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"gomod/test/need"
)

// The file that is named may be the terminal of the person who looks: what a module calls its node does not steer it.
func TestNodeOutputTerminal(t *testing.T) {
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		need.Missing(t, "no terminal can be made: "+err.Error())
	}
	defer keyboard.Close()
	need.NoError(t, unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	need.NoError(t, err)
	s := newSession(&Env{Stdout: io.Discard, LookupEnv: func(string) (string, bool) { return "", false }}, "kmod", "kmod")
	out, err := s.openNodeOutput(givenText{text: "/dev/pts/" + strconv.Itoa(number), set: true})
	need.NoError(t, err)
	_, err = out.WriteString("Module: a\x1b[31m\xff\n")
	need.NoError(t, err)
	need.NoError(t, out.close())
	const want = `Module: a\x1B[31m\xFF` + "\r\n"
	shown := make([]byte, len(want))
	if _, err := io.ReadFull(keyboard, shown); string(shown) != want {
		t.Errorf("%q, %v", shown, err)
	}
}
