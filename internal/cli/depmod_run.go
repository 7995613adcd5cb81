package cli

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"gomod/internal/depmod"
	"gomod/internal/jsontext"
)

// depmodRun is one run that reads modules.
type depmodRun struct {
	*session
	options depmodOptions
	// out is the folder that files are written to.
	out string
}

func (d *depmodRun) do(o depmod.Options) error {
	var target *depmod.Target
	if !d.options.show {
		var err error
		if target, err = d.open(); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return errors.New("could not open directory " + d.out + ": " + strerror(err))
		}
		if target != nil {
			defer target.Close()
			if d.options.quick && !d.stillOutdated(o.Dir) {
				return nil
			}
		}
	}
	if d.options.progress && d.StderrTerminal() {
		o.Progress = progressLine(d.Stderr)
	}
	result, err := depmod.Compute(o)
	if err != nil {
		return d.computeFailed(err)
	}
	if d.options.show {
		for _, file := range result.Files {
			d.session.out.Write(file.Data)
		}
		d.tellResult(result, false)
		return nil
	}
	if target == nil {
		// C kmod too makes the folder when all else is done.
		if target, err = d.create(); err != nil {
			d.log.fatal("could not create directory " + d.out + ": " + strerror(err))
			return errFailed
		}
		defer target.Close()
	}
	if err := target.Publish(result.Files); err != nil {
		return d.publishFailed(err)
	}
	d.summary(result)
	d.tellResult(result, true)
	return nil
}

// tellResult is what was made, for the JSON document.
func (d *depmodRun) tellResult(result *depmod.Result, written bool) {
	if !d.json.wanted {
		return
	}
	files := make([]jsontext.Object, 0, len(result.Files))
	for _, file := range result.Files {
		files = append(files, jsontext.Object{{Name: "name", Value: file.Name}, {Name: "size", Value: len(file.Data)}})
	}
	d.tell("directory", d.out)
	d.tell("written", written)
	d.tell("modules", result.Modules)
	d.tell("unreadable", result.Unreadable)
	d.tell("files", files)
}

func (d *depmodRun) open() (*depmod.Target, error) { return depmod.OpenTarget(d.out, depmod.LockWait) }

// create makes the output folder, which was not there before.
func (d *depmodRun) create() (*depmod.Target, error) {
	if err := os.MkdirAll(d.out, 0o755); err != nil {
		return nil, err
	}
	return d.open()
}

// stillOutdated asks again once no other depmod is at work: it may have done what there was to do. Messages were given.
func (d *depmodRun) stillOutdated(dir string) bool {
	outdated, _ := depmod.Outdated(dir, func(depmod.Event) {})
	return outdated
}

func (d *depmodRun) computeFailed(err error) error {
	var search *depmod.SearchError
	var source *depmod.SourceError
	var operand *depmod.OperandError
	var cycles *depmod.CycleError
	var output *depmod.OutputError
	switch {
	case errors.As(err, &search):
		d.log.fatal("could not search modules: " + strerror(search.Err))
	case errors.As(err, &source):
		d.log.fatal("could not load " + source.Path + ": " + strerror(source.Err))
		d.explainRefusedFile(source.Err)
	case errors.As(err, &operand):
		d.operandFailed(operand)
	case errors.As(err, &cycles):
		for _, cycle := range cycles.Cycles {
			d.log.error("Cycle detected: " + strings.Join(cycle, " -> "))
		}
		d.log.error("Found " + strconv.Itoa(cycles.Modules) + " modules in dependency cycles!")
	case errors.As(err, &output):
		d.log.error("Could not write index '" + output.Name + "': " + strerror(output.Err))
	default:
		d.log.fatal("could not build module array: " + strerror(err))
	}
	return errFailed
}

func (d *depmodRun) operandFailed(e *depmod.OperandError) {
	switch {
	case errors.Is(e.Err, depmod.ErrNotAbsolute):
		d.log.fatal(e.Path + ": not absolute path.")
	case e.Name != "":
		d.log.error("hash_add_unique " + e.Name + ": " + strerror(e.Err))
		d.log.fatal("could not add module " + e.Path + ": " + strerror(e.Err))
	default:
		d.log.fatal("could not create module " + e.Path + ": " + strerror(e.Err))
	}
}

// publishFailed tells what of publishing failed, in the words of C kmod where it has some.
func (d *depmodRun) publishFailed(err error) error {
	var failed *depmod.PublishError
	if !errors.As(err, &failed) {
		return err
	}
	why := ": " + strerror(failed.Err)
	switch failed.Step {
	case depmod.CreateStep:
		d.log.error("openat(" + failed.Folder + ", " + failed.Temporary + ", 301, 644)" + why)
	case depmod.RenameStep:
		d.log.fatal("renameat(" + failed.Folder + ", " + failed.Temporary + ", " + failed.Folder + ", " + failed.Name + ")" + why)
	default:
		d.log.error("Could not create index '" + failed.Name + "'" + why)
	}
	return errFailed
}

// summary says at the end of a verbose run what was done.
func (d *depmodRun) summary(result *depmod.Result) {
	if d.options.verbose == 0 {
		return
	}
	text := strconv.Itoa(result.Modules) + " modules indexed in " + d.out
	if result.Unreadable > 0 {
		text += ", " + strconv.Itoa(result.Unreadable) + " of them could not be read"
	}
	d.log.raw(d.tool + ": " + text)
}
