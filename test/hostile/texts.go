package hostile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Breaks the indexes, lists and configuration.

// brokenIndex damages one of the *.bin files: 12 bytes of magic, version and root, then nodes that point at each other.
func (t *Tree) brokenIndex() {
	var indexes []string
	for _, file := range t.source.Files {
		if strings.HasSuffix(file, ".bin") {
			indexes = append(indexes, file)
		}
	}
	file := some(t, indexes...)
	path := t.path(file)
	content := t.read(path)
	if len(content) < 16 {
		return
	}
	t.note(file)
	switch t.IntN(7) {
	case 0:
		content = t.cut(content)
	case 1:
		content = t.flip(content)
	case 2:
		t.flip(content[:12])
	case 3: // circles: references to the root, to themselves, to anywhere
		for range 1 + t.IntN(50) {
			at := 8 + 4*t.IntN((len(content)-8)/4)
			to := some(t, binary.BigEndian.Uint32(content[8:]), uint32(at), 12, uint32(t.IntN(len(content))), uint32(len(content)), 0xffffffff)
			binary.BigEndian.PutUint32(content[at:], to&0x0fffffff|t.Uint32()&0xf0000000)
		}
	case 4:
		content = t.read(t.path(some(t, indexes...)))
	case 5:
		for i := 12; i < len(content); i++ {
			if content[i] == 0 && t.IntN(20) == 0 {
				content[i] = 'x'
			}
		}
	default:
		content = append(content[:12], bytes.Repeat([]byte{byte(t.Uint32())}, t.IntN(1<<20))...)
	}
	t.replace(path, content)
}

// brokenText damages one of the lists that are lines, or modules.builtin.modinfo.
func (t *Tree) brokenText() {
	file := some(t, "modules.dep", "modules.dep", "modules.order", "modules.builtin", "modules.builtin.modinfo", "modules.softdep", "modules.weakdep", "modules.alias", "modules.symbols", "modules.devname")
	path := t.path(file)
	content := t.read(path)
	t.note(file)
	switch t.IntN(6) {
	case 0:
		content = t.flip(content)
	case 1:
		if len(content) > 0 {
			content = t.cut(content)
		}
	case 2:
		content = bytes.ReplaceAll(content, []byte("\n"), []byte(some(t, "", "\x00", "\r\n", " ", "\n\n\n")))
	case 3:
		content = bytes.Repeat([]byte(t.line(file)), 1+t.IntN(20000))
		content = content[:min(len(content), 4<<20)]
	default:
		for range 1 + t.IntN(50) {
			content = append(content, t.line(file)...)
			content = append(content, some(t, "\n", "\n", "\n", "", "\x00")...)
		}
	}
	t.replace(path, content)
}

// nonsense is as much of one line as tools read, or a little more.
func (t *Tree) nonsense() {
	const mega = 1 << 20
	names := strings.Repeat(" b", 2*mega)
	configuration := []string{"x\n", "x\n", "softdep a  x\n", "install a b\n", "alias a b\n", "blacklist ext4\n", "options ext4 a\n", "softdep a pre: b\n", "weakdep a b\n", "softdep a pre:" + names,
		"weakdep a" + names, "softdep ext4 pre:" + names, "search a b external\n", "override a b c\n", "external a b\n", "make_map_files\n", "\\\n"}
	limit := 4 * mega
	path, lines := t.path(some(t, "modules.softdep", "modules.softdep", "modules.weakdep", "modules.order", "modules.builtin", "modules.builtin.modinfo")), configuration
	switch {
	case t.IntN(2) == 0:
		path = filepath.Join(t.conf(some(t, "modprobe.d", "modprobe.d", "depmod.d")), some(t, "n.conf", "o.conf", "p.conf"))
	case strings.HasSuffix(path, ".builtin"):
		limit, lines = mega, []string{"\n", "a\n", "a.ko\n", "kernel/fs/ext4/ext4.ko\n"}
	case strings.HasSuffix(path, ".order"):
		lines = []string{"\n", "a\n", "kernel/fs/ext4/ext4.ko\n"}
	case strings.HasSuffix(path, ".modinfo"):
		limit, lines = 8*mega, []string{"a.alias=b\x00", "a.alias=\x00", "a.alias=[\x00", "ext4.license=GPL\x00", ".", "\x00"}
	}
	line, size := some(t, lines...), some(t, limit/4, limit, limit, limit+mega)
	t.note(path, fmt.Sprintf("%.20q %d", line, size))
	t.replace(path, bytes.Repeat([]byte(line), size/len(line)+1)[:size])
}

// line is one for a list, wrong in its own way.
func (t *Tree) line(file string) string {
	a, b := some(t, t.source.Modules()...), some(t, t.source.Modules()...)
	word := t.word()
	switch file {
	case "modules.dep":
		return some(t, a+": "+a, a+": "+b+" "+a, b+": "+a, a+":", ":", ": :", a, word+": "+word, "../../../../etc/passwd: "+a, "/etc/passwd:", a+": ../../../../victim/victim.ko", a+":"+strings.Repeat(" "+b, 500), word)
	case "modules.softdep":
		return some(t, "softdep ext4 pre: ext4 post: ext4", "softdep ext4 pre: "+word, "softdep "+word+" post: "+word, "softdep", "softdep ext4", "softdep dummy pre: veth", "softdep veth pre: dummy", "softdep ext4 pre:"+strings.Repeat(" dummy", 300), word)
	case "modules.weakdep":
		return some(t, "weakdep ext4 ext4", "weakdep ext4 "+word, "weakdep", word)
	case "modules.builtin.modinfo":
		return some(t, "ext4.alias="+word+"\x00", "ext4.", ".=", "\x00\x00", "a.b", word)
	case "modules.devname":
		return some(t, "fuse fuse c10:229", "fuse ../../../x c10:229", word+" "+word+" c1:2", "a b c99999999999:1", "a b x1:1", "#", word)
	case "modules.alias":
		return some(t, "alias "+word+" "+word, "alias", word)
	}
	return some(t, "kernel/fs/ext4/ext4.ko", word, "../"+a, "/", "kernel/"+word+".ko")
}

func (t *Tree) modprobeConf() {
	path := filepath.Join(t.conf("modprobe.d"), some(t, "a.conf", "b.conf", strings.Repeat("c", 250)+".conf", "\x1b[1m.conf"))
	t.note(fmt.Sprintf("%q", path))
	var text strings.Builder
	lines := some(t, 1, 5, 50, 5000)
	// What is printed grows with the aliases times the options of a module: that much is asked for.
	const long, many = 100, 100
	for range lines {
		word := t.word()
		options := "options ext4 " + strings.Repeat("p=1 ", 200)
		if lines > many {
			word, options = word[:min(len(word), long)], options[:long]
		}
		text.WriteString(some(t,
			"alias a b", "alias b a", "alias ext4 ext4", "alias * ext4", "alias "+word+" "+word, "alias "+strings.Repeat("*a", 30)+" ext4", "alias [ ext4", "alias", "blacklist "+word, "blacklist",
			"options ext4 "+word, "options "+word+" x=y", options, "install ext4 "+word, "install "+word+" true", "install dummy $CMDLINE_OPTS$CMDLINE_OPTS", "remove ext4 "+word,
			"softdep ext4 pre: ext4", "softdep dummy pre: veth", "softdep veth pre: dummy post: dummy", "softdep a pre: b post: c", "weakdep ext4 "+word, "include /dev/zero", "include /", "config x", word, "\\", "\x00", "#\\"))
		text.WriteString(some(t, "\n", "\n", "\n", "\\\n", "", "\r\n", "\x00\n"))
	}
	if exists(filepath.Dir(path)) && isDir(filepath.Dir(path)) {
		t.replace(path, []byte(text.String()))
		t.must(os.Chmod(path, some(t, os.FileMode(0o644), 0o666)))
	}
}

func (t *Tree) depmodConf() {
	path := filepath.Join(t.conf("depmod.d"), "a.conf")
	var text strings.Builder
	for range some(t, 1, 5, 500) {
		word := t.word()
		text.WriteString(some(t, "search "+word, "search updates built-in external", "search", "override "+word+" * "+word, "override ext4 "+word+" updates", "override ext4 "+strings.Repeat("(a*)*", 10)+" x", "external "+word+" "+word,
			"external * "+t.Victim, "external * /proc/self/fd", "external * "+t.Dir, "exclude "+word, "exclude kernel", "make_map_files", word, "include /dev/zero") + "\n")
	}
	t.note("a.conf")
	t.replace(path, []byte(text.String()))
}
