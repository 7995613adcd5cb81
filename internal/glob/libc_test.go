package glob

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"

	"gomod/test/oracle"
)

// libc is testdata/fnmatch.c at work: the C library's own answers.
type libc struct {
	in  *bufio.Writer
	out *bufio.Reader
	end io.Closer
}

// startLibc compiles and starts it.
func startLibc(t testing.TB) *libc {
	t.Helper()
	in, out := oracle.Run(t, "testdata/fnmatch.c")
	return &libc{bufio.NewWriterSize(in, 1<<16), bufio.NewReaderSize(out, 1<<16), in}
}

func (l *libc) ask(pattern, s string) {
	l.in.WriteString(pattern)
	l.in.WriteByte(0)
	l.in.WriteString(s)
	l.in.WriteByte(0)
}

func (l *libc) answer(t testing.TB) bool {
	answer, err := l.out.ReadByte()
	if err != nil {
		t.Fatal("the C program gave no answer:", err)
	}
	return answer == 1
}

// compare asks for all pairs that generate yields, which must yield the same ones each time, and returns how many there were.
func (l *libc) compare(t *testing.T, generate func(yield func(pattern, s string))) int {
	t.Helper()
	sent := make(chan error)
	go func() {
		generate(l.ask)
		sent <- l.in.Flush()
	}()
	count, different := 0, 0
	generate(func(pattern, s string) {
		count++
		if want := l.answer(t); Match(pattern, s) != want {
			if different++; different < 20 {
				t.Errorf("Match(%.50q, %.50q) = %v (lengths %d and %d)", pattern, s, !want, len(pattern), len(s))
			}
		}
	})
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	if different > 0 {
		t.Errorf("%d of %d differ", different, count)
	}
	return count
}

// words are all strings of up to length bytes of the alphabet.
func words(alphabet string, length int) []string {
	all := []string{""}
	for begin := 0; length > 0; length-- {
		end := len(all)
		for _, word := range all[begin:end] {
			for i := range len(alphabet) {
				all = append(all, word+alphabet[i:i+1])
			}
		}
		begin = end
	}
	return all
}

// TestEveryShortPattern puts together what can stand in a pattern in every way, behind beginnings that lead to the odd corners.
func TestEveryShortPattern(t *testing.T) {
	l := startLibc(t)
	for _, test := range []struct {
		prefixes, alphabet string
		length             int
		strings            []string
	}{
		{" ", `ab*?[]`, 6, words("ab[", 3)},
		{" ", `a-[]!^\`, 6, words(`a-[]\!`, 1)},
		{" * *[", `a[]\-`, 5, words(`a[\`, 3)},
		{" ", `ab[]=-.:\`, 5, words("ab[]-=", 1)},
		{" [[:digit [x[:digit [![:digit", `ax:]-\z[`, 4, words("ax0:[]-", 2)},
		{" [[. [x[. [a-[. *[[. [!x[. [[.a.]-[.", `ax.]-\[`, 4, words("ax.[]-", 2)},
		{" [[= [x[= [a-[= *[[= [!x[=", `ax=]-\[`, 4, words("ax=[]-", 2)},
	} {
		patterns := words(test.alphabet, test.length)
		for _, prefix := range strings.Split(test.prefixes[1:], " ") {
			count := l.compare(t, func(yield func(pattern, s string)) {
				for _, pattern := range patterns {
					for _, s := range test.strings {
						yield(prefix+pattern, s)
					}
					// An expression without an end is plain text, which only a text as long shows.
					yield(prefix+pattern, prefix+pattern)
				}
			})
			t.Logf("%d pairs that begin with %q", count, prefix)
		}
	}
}

func TestEveryByte(t *testing.T) {
	l := startLibc(t)
	patterns := []string{"?", "[a-z]", "[!a-z]", "[Z-a]", "[\x7f-\x81]", "[\x80-\xff]", "[!\x80-\xff]", "[[.\xe4.]-\xf0]", "[[=\xe4=]]"}
	for _, class := range strings.Fields("alnum alpha blank cntrl digit graph lower print punct space upper xdigit word ascii z Alpha alph alphaa") {
		patterns = append(patterns, "[[:"+class+":]]", "[![:"+class+":]]", "[[:"+class+":]x]", "[x[:"+class+":]]", "[x[:"+class+":]", "[a-[:"+class+":]]")
	}
	for low := 1; low < 256; low += 7 {
		for high := 1; high < 256; high += 11 {
			patterns = append(patterns, fmt.Sprintf("[\\%c-\\%c]", low, high), "[\\"+string([]byte{byte(low)})+"-\\"+string([]byte{byte(high)})+"]")
		}
	}
	for b := 1; b < 256; b++ {
		c := string([]byte{byte(b)})
		patterns = append(patterns, c, "\\"+c, "["+c+"]", "[\\"+c+"]", "[[="+c+"=]]", "[[."+c+".]]", "[!"+c+"]")
	}
	count := l.compare(t, func(yield func(pattern, s string)) {
		for _, pattern := range patterns {
			for b := 1; b < 256; b++ {
				yield(pattern, string([]byte{byte(b)}))
			}
		}
	})
	t.Log(count, "pairs")
}

// TestLongClassNames finds the length from which glibc takes no name.
func TestLongClassNames(t *testing.T) {
	startLibc(t).compare(t, func(yield func(pattern, s string)) {
		for _, length := range []int{0, 1, 13, 14, 15, 255, 256, 2045, 2046, 2047, 2048, 2049, 4095} {
			name := strings.Repeat("a", length)
			for _, pattern := range []string{"[[:" + name + "!]", "[x[:" + name + ":]]", "[x[:" + name + "!]", "[x[:" + name, "[[:" + name, "[x[." + name + ".]]"} {
				for _, s := range []string{"[", "!", "x", "a", pattern} {
					yield(pattern, s)
				}
			}
		}
	})
}

func FuzzMatch(f *testing.F) {
	l := startLibc(f)
	for _, seed := range [][2]string{
		{"*a*b?[!c-d]", "xaybzz"}, {`[[:alpha:]-\]][[=a=][.-.]]`, "]a"}, {"[[", "[["}, {"[a-", "[a-"}, {"[[.a.]-]", "-"},
		{"of:N*T*Cfsl,imx6q-*C*", "of:NspiT(null)Cfsl,imx6q-spiC"}, {"[!\xff-\x80]*", "\xe4/."},
		{`*[[[a[[\]`, "[[[[[[a[[]"}, {`*[a-[=[=]=]b[`, "aab["}, {`[\\]*[\]`, `\x[]`},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, s string) {
		if strings.ContainsRune(pattern+s, 0) {
			t.Skip("no C string") // in CI too
		}
		got := Match(pattern, s)
		fits, steps := MatchBytes([]byte(pattern), s)
		if fits != got {
			t.Error("bytes and string differ")
		}
		if most := mostSteps(pattern, s); steps > most {
			t.Errorf("Match(%q, %q) took %d steps instead of %d", pattern, s, steps, most)
		}
		if !HasMeta(pattern) && got != (pattern == s) {
			t.Error("a plain text must be equal")
		}
		l.ask(pattern, s)
		if err := l.in.Flush(); err != nil {
			t.Fatal(err)
		}
		if l.answer(t) != got {
			t.Errorf("Match(%q, %q) = %v", pattern, s, got)
		}
	})
}
