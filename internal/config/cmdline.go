package config

import (
	"bytes"
	"strings"
)

// ParseCmdline finds what the kernel command line says to modules, in its order; C kmod looks at the first 4095 bytes only.
// All have CmdlineFile for their place.
//
//	root=/dev/sda1 quiet modprobe.blacklist=nouveau,snd-hda-intel "iwlwifi.led_mode=1 2" usbcore.autosuspend=-1
func ParseCmdline(cmdline []byte) (blacklist []Blacklist, options []Options, problems []Problem) {
	var c Config
	c.addCmdline(cmdline)
	return c.Blacklist, c.Options, c.Problems
}

func (c *Config) addCmdline(cmdline []byte) {
	cmdline, _, _ = bytes.Cut(cmdline, []byte{0})
	rest := string(cmdline)
	for rest != "" {
		var word string
		word, rest = cutCmdlineWord(rest)
		if module, parameter, ok := moduleParameter(word); ok {
			c.addParameter(module, parameter)
		}
	}
}

// cutCmdlineWord cuts off the text before the next white space outside quotes. A quote that is not closed makes the word void.
func cutCmdlineWord(text string) (word, rest string) {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case !quoted && isSpace(rune(text[i])):
			return text[:i], text[i+1:]
		}
	}
	if quoted {
		return "", ""
	}
	return text, ""
}

// moduleParameter takes apart "module.parameter" and "module.parameter=value". There may be quotes in the value, and around the
// whole as GRUB writes them, which then go around the value: `"m.p=a b"` is m's `p="a b"`.
func moduleParameter(word string) (module, parameter string, ok bool) {
	unquoted := strings.TrimPrefix(word, `"`)
	name, value, hasValue := strings.Cut(unquoted, "=")
	module, parameter, ok = strings.Cut(name, ".")
	if !ok || strings.ContainsAny(name, "\" \t\n\v\f\r") || strings.IndexByte(parameter, '.') >= 0 {
		return "", "", false
	}
	if !hasValue {
		return module, parameter, true
	}
	if len(unquoted) < len(word) {
		value = `"` + value
	}
	return module, parameter + "=" + value, true
}

func (c *Config) addParameter(module, parameter string) {
	where := Where{File: CmdlineFile}
	if names, ok := strings.CutPrefix(parameter, "blacklist="); ok && module == "modprobe" {
		for name := range strings.SplitSeq(names, ",") {
			if key, ok := c.cmdlineKey(name); ok && key != "" {
				c.Blacklist = append(c.Blacklist, Blacklist{key, where})
			}
		}
		return
	}
	if key, ok := c.cmdlineKey(module); ok {
		c.Options = append(c.Options, newOptions(key, parameter, where))
	}
}

// cmdlineKey normalises a name, or makes a problem of it.
func (c *Config) cmdlineKey(name string) (key string, ok bool) {
	key, ok = normalised(name)
	if !ok {
		c.Problems = append(c.Problems, Problem{Kind: BadCmdlineName, Where: Where{File: CmdlineFile}, Word: key})
	}
	return key, ok
}
