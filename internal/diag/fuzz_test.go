package diag

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gomod/internal/kernel"
)

// filled puts parts into a pattern.
func (p pattern) filled(parts []string) string {
	literals := strings.Split(p.shape, "%")
	text := literals[0]
	for i, literal := range literals[1:] {
		text += parts[i%len(parts)] + literal
	}
	return text
}

func allPatterns() []pattern { return slices.Concat(ofModule[:], ofParameter[:], ofNobody[:]) }

// FuzzUnderstand: what is taken out of a message makes the message again, and every message of the kernel is understood, whatever it is about.
func FuzzUnderstand(f *testing.F) {
	files, err := filepath.Glob("../../testdata/kmsg/*/*.log")
	if err != nil || len(files) == 0 {
		f.Fatal("no recorded logs", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if r, ok := kernel.ParseRecord(line); ok {
				module, _, _ := strings.Cut(r.Text, ": ")
				f.Add(r.Text, module, "a", "-2")
			}
		}
	}
	f.Fuzz(func(t *testing.T, text, module, first, second string) {
		m, named, ok := understand(kernel.Record{Text: text}, module)
		if begins := module != "" && strings.HasPrefix(text, module+": "); named != begins {
			t.Errorf("%q begins with the name of %q: %v", text, module, named)
		}
		rest := text
		if named {
			rest = text[len(module)+2:]
		}
		said := slices.ContainsFunc(allPatterns(), func(p pattern) bool {
			return p.saying == m.saying && strings.Count(p.shape, "%") == len(m.parts) && p.filled(append(m.parts, "")) == rest
		})
		if ok != said || !ok && (m.saying != 0 || m.parts != nil) {
			t.Errorf("%q is understood (%v) as %+v", text, ok, m)
		}
		for _, p := range allPatterns() {
			message := p.filled([]string{first, second})
			parts, ok := p.parts(message)
			if !ok || p.filled(append(parts, "")) != message {
				t.Errorf("%q of %q: %q", message, p.shape, parts)
			}
		}
	})
}

// kernelParameters takes parameters apart by the rules that Linux's kernel-parameters document and its function next_arg have, letter by
// letter.
func kernelParameters(text string) (all [][2]string) {
	isSpace := func(b byte) bool { return b == ' ' || '\t' <= b && b <= '\r' || b == 0xa0 }
	for {
		for text != "" && isSpace(text[0]) {
			text = text[1:]
		}
		if text == "" {
			return all
		}
		word, within := "", false
		for text != "" && (within || !isSpace(text[0])) {
			within = within != (text[0] == '"')
			word, text = word+text[:1], text[1:]
		}
		if text != "" {
			text = text[1:]
		}
		whole := strings.HasPrefix(word, `"`)
		word = strings.TrimPrefix(word, `"`)
		key, value := word, ""
		equals := -1
		if word != "" {
			equals = strings.IndexByte(word[1:], '=') + 1
		}
		if equals > 0 {
			key, value = word[:equals], word[equals+1:]
			if strings.HasPrefix(value, `"`) {
				whole, value = true, value[1:]
			}
			if whole {
				value = strings.TrimSuffix(value, `"`)
			}
		} else if whole {
			key = strings.TrimSuffix(key, `"`)
		}
		if key == "--" && equals <= 0 {
			return all
		}
		all = append(all, [2]string{key, value})
	}
}

// The values were worked out by hand from the kernel's rules.
func TestEachParameter(t *testing.T) {
	for text, want := range map[string][][2]string{
		"":                          nil,
		" a=1\tb\n":                 {{"a", "1"}, {"b", ""}},
		`a="x y" b=z`:               {{"a", "x y"}, {"b", "z"}},
		`"a=x y" b`:                 {{"a", "x y"}, {"b", ""}},
		`a=x"y z"w b`:               {{"a", `x"y z"w`}, {"b", ""}},
		`a=="="`:                    {{"a", `="="`}},
		"a=1\vb=2\fc=3\rd=4\xa0e=5": {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}},
		"=x=y":                      {{"=x", "y"}},
		"a=1 -- b=2":                {{"a", "1"}},
		"a=1 --=3 b=2":              {{"a", "1"}, {"--", "3"}, {"b", "2"}},
		`a="open b=1`:               {{"a", "open b=1"}},
		"msg=caf\u00e9\u00a0x":      {{"msg", "caf\u00e9\xc2"}, {"x", ""}},
	} {
		var got [][2]string
		for key, value := range eachParameter(text) {
			got = append(got, [2]string{key, value})
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	}
}

func FuzzEachParameter(f *testing.F) {
	f.Add(`a=1 "b=x y" c="x y" d=x"y z"w -- e`)
	f.Add("\"\" = \"=\" \"a\"=\"b\"\v\xa0")
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsRune(text, 0) {
			return
		}
		var got [][2]string
		for key, value := range eachParameter(text) {
			got = append(got, [2]string{key, value})
		}
		if want := kernelParameters(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", text, got, want)
		}
	})
}

// FuzzOption: an option's value is what an expression for its line finds first.
func FuzzOption(f *testing.F) {
	f.Add("# Automatically generated\nCONFIG_A=m\nCONFIG_AB=y\n# CONFIG_B is not set\nCONFIG_C=\"x y\"", "CONFIG_AB")
	f.Add("CONFIG_AB=y\n# CONFIG_B is not set\n", "CONFIG_B")
	f.Add("#CONFIG_B is not set\n CONFIG_B=y\n# CONFIG_B is not set\r\nCONFIG_B=\r\nCONFIG_B=y", "CONFIG_B")
	f.Fuzz(func(t *testing.T, content, option string) {
		if strings.Contains(option, "\n") || !utf8.ValidString(option) {
			return
		}
		line := regexp.MustCompile(`(?m)^(?:` + regexp.QuoteMeta(option) + `=(.*)|# ` + regexp.QuoteMeta(option) + ` (is not set))$`)
		want, wanted := "", false
		if found := line.FindStringSubmatch(content); found != nil {
			want, wanted = found[1], true
			if found[2] != "" {
				want = "n"
			}
		}
		if got, found := optionIn(content, option); got != want || found != wanted {
			t.Errorf("%q in %q: %q %v instead of %q %v", option, content, got, found, want, wanted)
		}
	})
}
