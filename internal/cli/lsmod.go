package cli

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"syscall"

	"gomod/internal/jsontext"
	"gomod/internal/sysfs"
)

func newLsmod(s *session) *Tool {
	return s.lister(Tool{
		Use:     "lsmod [options]",
		Short:   "show what modules are loaded",
		Long:    "lsmod lists the modules of the running kernel: name, size in bytes, how many users each has, and which modules use it.",
		Example: "  lsmod\n  lsmod | grep '^snd'",
	})
}

// newKmodList is `kmod list`: lsmod whose messages carry kmod's name.
func newKmodList(s *session) *Tool {
	return s.lister(Tool{
		Use:   "list [options]",
		Short: "list currently loaded modules",
		Long:  "kmod list lists the modules of the running kernel as lsmod does.",
	})
}

func (s *session) lister(tool Tool) *Tool {
	var logging loggingFlags
	tool.complete = nothing
	tool.Options = append(logging.options(), s.jsonOption())
	tool.run = func(operands []string) error {
		s.apply(logging)
		if len(operands) > 0 {
			return errors.New("too many arguments provided.")
		}
		return s.list()
	}
	return withHelp(tool)
}

const lsmodHeader = "Module                  Size  Used by\n"

func (s *session) list() error {
	s.reportRunningEnvironment()
	modules, err := s.Sysfs.Modules()
	var bad sysfs.LineErrors
	if err != nil && !errors.As(err, &bad) {
		s.log.error("could not open /proc/modules: " + strerror(err))
		return errors.New("could not get list of modules: " + strerror(err))
	}
	s.tellLoaded(modules)
	s.out.WriteString(lsmodHeader)
	for _, module := range modules {
		if err := s.listModule(module); err != nil {
			s.log.error(sysfsText(err))
			return errFailed
		}
	}
	for i := range bad {
		s.log.error(bad[i].Error())
	}
	if len(bad) > 0 {
		return errFailed
	}
	return nil
}

// tellLoaded is the list as JSON, from the same sources. `kmod list` is no other kind of document.
func (s *session) tellLoaded(modules []sysfs.Module) {
	if !s.json.wanted {
		return
	}
	s.json.kind = "lsmod"
	list := make([]jsontext.Object, 0, len(modules))
	for i := range modules {
		m := &modules[i]
		holders, _ := s.Sysfs.Holders(m.Name)
		object := jsontext.Object{{Name: "name", Value: m.Name}, {Name: "size", Value: m.Size}}
		if m.Unload {
			object = append(object, jsontext.Member{Name: "refcount", Value: m.Refcnt})
		}
		list = append(list, append(object,
			jsontext.Member{Name: "holders", Value: holders}, jsontext.Member{Name: "permanent", Value: strings.Contains(m.Users, "[permanent]")},
			jsontext.Member{Name: "state", Value: m.State.String()}, jsontext.Member{Name: "taint", Value: strings.Trim(m.Taint, "()")}))
	}
	s.tell("modules", list)
}

// listModule prints one row. A module that has gone since /proc/modules was read has none (D12); for what is wrong in the folder of
// one that is there, C kmod's numbers are shown. The error is that there is no /sys/module.
func (s *session) listModule(module sysfs.Module) error {
	size, sizeErr := s.Sysfs.Size(module.Name)
	refcnt, refcntErr := s.Sysfs.Refcnt(module.Name)
	holders, holdersErr := s.holders(module)
	if sizeErr != nil || refcntErr != nil || holdersErr != nil {
		if there, err := s.Sysfs.Exists(module.Name); err != nil || !there {
			return err
		}
		// Of a module that goes away the count goes before the folder does.
		if module.Unload && errors.Is(refcntErr, syscall.ENOENT) {
			return nil
		}
	}
	if sizeErr != nil {
		size = 0
		s.log.error("failed to read coresize from /sys/module/" + module.Name)
	}
	if refcntErr != nil {
		refcnt = s.badRefcnt(refcntErr)
	}
	if holdersErr != nil {
		s.log.error(sysfsText(holdersErr))
	}
	s.out.WriteString(padRight(module.Name, 19) + " " + padLeft(strconv.FormatInt(size, 10), 8) + "  " + strconv.Itoa(refcnt))
	if len(holders) > 0 {
		s.out.WriteString(" " + strings.Join(holders, ","))
	}
	s.out.WriteByte('\n')
	return nil
}

// badRefcnt is the number in place of a reference count. A kernel that cannot unload modules has no such file, which is no error.
func (s *session) badRefcnt(err error) int {
	if errors.Is(err, syscall.ENOENT) {
		return -int(syscall.ENOENT)
	}
	var errno syscall.Errno
	errors.As(err, &errno)
	if path := sysfsPath(err); path != "" {
		s.log.error("could not read integer from '" + path + "': '" + strerror(err) + "'")
	}
	return -int(errno)
}

// holders asks /sys for the order in which C kmod shows them, but not where /proc/modules knows that there are none.
func (s *session) holders(module sysfs.Module) ([]string, error) {
	if module.Unload && module.Users == "" {
		return nil, nil
	}
	return s.Sysfs.Holders(module.Name)
}

func padRight(text string, width int) string {
	return text + strings.Repeat(" ", max(width-len(text), 0))
}
func padLeft(text string, width int) string {
	return strings.Repeat(" ", max(width-len(text), 0)) + text
}

// sysfsText is C kmod's text for a part of /sys that could not be read.
func sysfsText(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return "could not open '" + path.Path + "': " + strerror(err)
	}
	var value *sysfs.ValueError
	if errors.As(err, &value) {
		return "unknown " + value.Path + ": '" + value.Text + "'"
	}
	return err.Error()
}

// sysfsPath is the file that an error is about; "" where that is not known.
func sysfsPath(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Path
	}
	var value *sysfs.ValueError
	if errors.As(err, &value) {
		return value.Path
	}
	return ""
}
