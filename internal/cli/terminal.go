package cli

import (
	"io"
	"os"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// IsTerminal tells whether a file is a terminal.
func IsTerminal(file *os.File) bool {
	_, err := unix.IoctlGetTermios(int(file.Fd()), unix.TCGETS)
	return err == nil
}

// terminalGuard shows control characters on a terminal and passes everything on to anything else. Texts of modules, of configuration and of
// names go through it, whichever tool prints them. A NUL separates fields, moves nothing, and stays.
type terminalGuard struct {
	out      io.Writer
	terminal func() bool
	asked    bool
	guarding bool
	// begun are the first bytes of a character whose rest is in the next write.
	begun []byte
}

// Write implements io.Writer. Whether there is a terminal is asked once, and only by who prints something.
func (g *terminalGuard) Write(text []byte) (int, error) {
	if !g.asked {
		g.asked, g.guarding = true, g.terminal()
	}
	if !g.guarding {
		return g.out.Write(text)
	}
	all := append(g.begun, text...)
	end := len(all) - unfinished(all)
	g.begun = append([]byte(nil), all[end:]...)
	if err := g.show(all[:end]); err != nil {
		return 0, err
	}
	return len(text), nil
}

// close shows what never became a character.
func (g *terminalGuard) close() error {
	begun := g.begun
	g.begun = nil
	return g.show(begun)
}

func (g *terminalGuard) show(text []byte) error {
	var shown []byte
	for len(text) > 0 {
		part := text
		separator := len(text)
		for i, b := range text {
			if b == 0 {
				part, separator = text[:i], i
				break
			}
		}
		shown = append(shown, printable(string(part))...)
		if separator < len(text) {
			shown = append(shown, 0)
			separator++
		}
		text = text[separator:]
	}
	if len(shown) == 0 {
		return nil
	}
	_, err := g.out.Write(shown)
	return err
}

// unfinished is how many bytes at the end begin a character that is not whole.
func unfinished(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if !utf8.FullRune(tail) {
				return n
			}
			return 0
		}
	}
	return 0
}
