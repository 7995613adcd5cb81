package cli

import (
	"slices"
	"strings"

	"gomod/internal/getopt"
)

const (
	// optionsVariable holds options that count as if they came first on the command line.
	optionsVariable = "MODPROBE_OPTIONS"
	// moduleVariable tells the commands in modprobe.d for which module they run.
	moduleVariable = "MODPROBE_MODULE"
)

// inheritedOptions is what MODPROBE_OPTIONS holds.
type inheritedOptions struct {
	text  string
	words []string
	// handedOn are those of its options that are handed on.
	handedOn []string
}

func readInherited(text string) inheritedOptions {
	inherited := inheritedOptions{text: text, words: splitWords(text)}
	if len(inherited.words) == 0 {
		return inherited
	}
	var options modprobeOptions
	// What is wrong with them is told when they are read with the others.
	getopt.Parse(options.list(), "", inherited.words, getopt.Permute)
	inherited.handedOn = options.handedOn
	return inherited
}

// handOn is the environment for commands: the variable as it is, and the options of this call that it does not have yet.
// handedOn are those of the variable and of the command line in their order.
func (i inheritedOptions) handOn(handedOn []string) []string {
	text := i.text
	for _, option := range handedOn[min(len(i.handedOn), len(handedOn)):] {
		if slices.Contains(i.handedOn, option) {
			continue
		}
		if text != "" {
			text += " "
		}
		text += option
	}
	if text == "" {
		return nil
	}
	return []string{optionsVariable + "=" + text}
}

// splitWords splits at runs of blanks. '...' and "..." keep blanks and the other quote, also within a word; one without an end
// runs to the end of the text. Nothing else is special.
func splitWords(text string) []string {
	var words []string
	for text = trimBlanks(text); text != ""; text = trimBlanks(text) {
		var word string
		word, text = cutWord(text)
		words = append(words, word)
	}
	return words
}

func trimBlanks(text string) string { return strings.TrimLeft(text, " \t") }

func cutWord(text string) (word, rest string) {
	for text != "" {
		switch c := text[0]; c {
		case ' ', '\t':
			return word, text
		case '\'', '"':
			quoted, behind, _ := strings.Cut(text[1:], string(c))
			word, text = word+quoted, behind
		default:
			end := strings.IndexAny(text, " \t'\"")
			if end < 0 {
				end = len(text)
			}
			word, text = word+text[:end], text[end:]
		}
	}
	return word, ""
}

// quoteWord writes a word so that splitWords gives it back.
func quoteWord(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t'\"") {
		return word
	}
	if !strings.Contains(word, "'") {
		return "'" + word + "'"
	}
	var quoted strings.Builder
	for i, part := range strings.Split(word, "'") {
		if i > 0 {
			quoted.WriteString(`"'"`)
		}
		if part != "" {
			quoted.WriteString("'" + part + "'")
		}
	}
	return quoted.String()
}
