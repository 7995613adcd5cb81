package cli

import (
	"strconv"
	"strings"

	"gomod/internal/depmod"
)

// depmodEvent words what depmod meets on its way.
func (s *session) depmodEvent(e depmod.Event) {
	switch e.Kind {
	case depmod.Needs:
		s.out.WriteString(e.Path + ` needs "` + e.Name + `": ` + e.Owner + "\n")
	case depmod.OverrideMismatch:
		s.log.info(atLine(e.Path, e.Number) + "override kernel did not match " + e.Name)
	case depmod.ExternalMismatch:
		s.log.info(atLine(e.Path, e.Number) + "external directory did not match " + e.Name)
	case depmod.Tie:
		s.log.raw(s.tool + ": two modules of one name: " + e.Path + " is taken, " + e.Name + " is not")
	case depmod.NoOrder:
		s.unread("modules.order", e)
	case depmod.NoBuiltin:
		s.unread(e.Name, e)
	case depmod.UnknownSymbol:
		s.log.warning(e.Path + " needs unknown symbol " + e.Name)
	case depmod.OtherVersion:
		s.log.warning(e.Path + " disagrees about version of symbol " + e.Name)
	case depmod.BadBracket:
		s.log.warning("Unmatched bracket in " + e.Name)
	case depmod.DuplicateAlias:
		s.log.warning("duplicate module alias:", e.Name+" "+e.Owner)
	case depmod.Unfit:
		s.log.warning(e.Path + ": left out: " + e.Err.Error())
	case depmod.Misfit:
		s.log.warning(inOneLine(e.Path) + ": left out: " + e.Err.Error())
	case depmod.MoreMisfits:
		s.log.warning(inOneLine(e.Path) + ": left out: and " + strconv.Itoa(e.Number) + " more such texts")
	case depmod.MoreEvents:
		s.log.warning("and " + strconv.Itoa(e.Number) + " more like these")
	case depmod.BadModule:
		s.log.error("failed to load symbols from " + e.Path + ": " + strerror(e.Err))
		if text := e.Err.Error(); strings.HasPrefix(text, e.Path) {
			s.log.info(text)
		} else {
			s.log.info(e.Path + ": " + text)
		}
	case depmod.BadModinfo:
		s.log.error("failed to read what " + e.Path + " says of itself: " + e.Err.Error())
	default:
		s.log.error(depmodErrorText(e))
	}
}

// unread warns of a file that is left out.
func (s *session) unread(name string, e depmod.Event) {
	s.log.warning("could not open " + name + " at " + e.Path + ": " + strerror(e.Err))
	s.explainRefusedFile(e.Err)
}

// depmodErrorText words what is wrong with the folder or with the files in it.
func depmodErrorText(e depmod.Event) string {
	place := e.Path + ":" + strconv.Itoa(e.Number)
	switch e.Kind {
	case depmod.UnopenedFolder:
		return "could not open directory " + e.Path + ": " + strerror(e.Err)
	case depmod.LostFolder:
		return "openat(" + strconv.Itoa(e.FD) + ", " + e.Name + ", O_RDONLY): " + strerror(e.Err)
	case depmod.LostEntry:
		return "fstatat(" + strconv.Itoa(e.FD) + ", " + e.Name + "): " + strerror(e.Err)
	case depmod.FolderLoop:
		return "not followed, because it leads back to a directory above: " + e.Path
	case depmod.ManyLinks:
		return "not followed, nor any other link to a directory: there are more than " + strconv.Itoa(e.Number) + ": " + e.Path
	case depmod.OddFile:
		return "unsupported file type " + e.Path + ": " + strconv.FormatInt(int64(e.Number), 8)
	case depmod.LongPath:
		return "directory path is too long " + e.Path
	case depmod.BadOrder:
		return place + ` corrupted line misses '\n'`
	case depmod.BadSymvers:
		// What C kmod shows behind the number is whatever failed before; usually it is this.
		return place + " Invalid symbol version " + e.Name + ": No such file or directory"
	case depmod.BadSystemMap:
		return place + ": invalid line: " + e.Name
	case depmod.BadBuiltin:
		return "Invalid modules.builtin line: " + e.Name
	}
	return "Module '" + e.Name + "' has devname (" + e.Owner + ") but lacks major and minor information. Ignoring."
}

// inOneLine quotes a path with a newline in it.
func inOneLine(path string) string {
	if strings.Contains(path, "\n") {
		return strconv.Quote(path)
	}
	return path
}

// atLine is how C kmod names a line, as in "a.conf:3: ".
func atLine(path string, line int) string { return path + ":" + strconv.Itoa(line) + ": " }
