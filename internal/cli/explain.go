package cli

import (
	"errors"
	"strconv"
	"strings"

	"gomod/internal/diag"
	"gomod/internal/jsontext"
	"gomod/internal/kernel"
	"gomod/internal/resolve"
)

// description is a cause in words and as JSON.
type description struct {
	// lines say what is wrong; those that begin with a blank are details of the one before.
	lines []string
	// advice says what to do; every cause has some.
	advice string
	// facts are members of the cause's JSON object.
	facts jsontext.Object
}

// describe knows every cause.
func describe(cause diag.Cause) description {
	for _, of := range [...]func(diag.Cause) (description, bool){
		describeFile, describeSymbols, describeSignature, describeRefusal, describeRemoval, describeMissing,
	} {
		if d, ok := of(cause); ok {
			return d
		}
	}
	panic("cli: a cause without words: " + cause.Kind())
}

// system is where explanations look, with the tree that the modules came from.
func (s *session) system(tree *resolve.Tree) *diag.System {
	return &diag.System{Kernel: s.Kernel, Sysfs: s.Sysfs, Tree: tree, Root: s.ConfigRoot, ModuleDirectory: s.ModuleDirectory, SizeLimit: s.sizeLimit()}
}

// runningSystem is system with the running kernel's tree.
func (s *session) runningSystem() *diag.System {
	dir, err := s.moduleDir("", "")
	if err != nil {
		dir = s.ModuleDirectory
	}
	return s.system(resolve.NewTree(dir))
}

// explaining tells whether anybody will see an explanation; a JSON document has it in any case.
func (s *session) explaining() bool {
	return s.log.explanations && s.log.level >= levelError || s.json.wanted
}

// whyNotLoaded is why a module's file did not get into the kernel; nil where nobody wants to know.
func (s *session) whyNotLoaded(system func() *diag.System, path string, err error) *diag.Explanation {
	if !s.explaining() {
		return nil
	}
	var refused *kernel.LoadError
	if errors.As(err, &refused) {
		return system().Load(refused)
	}
	return system().Unreadable(path, err)
}

// explainStay says why a module was not removed; err is nil where that was not tried. It gives nil where nobody wants to know.
func (s *session) explainStay(tree *resolve.Tree, name string, err error) *diag.Explanation {
	if !s.explaining() {
		return nil
	}
	explanation := s.system(tree).Stays(name, err)
	s.explainCauses(explanation)
	return explanation
}

// explainCauses adds the whole explanation to the error before it.
func (s *session) explainCauses(e *diag.Explanation) {
	for _, line := range explanationLines(e) {
		s.log.explain(line)
	}
}

// explanationLines are what is wrong, what to do, and what the kernel said besides.
func explanationLines(e *diag.Explanation) []string {
	var lines, advice []string
	for _, cause := range e.Causes {
		d := describe(cause)
		lines = append(lines, d.lines...)
		advice = append(advice, "To fix: "+d.advice)
	}
	lines = append(lines, logLines("the kernel log says", e.Own)...)
	lines = append(lines, logLines("the kernel log at that time, perhaps about something else", e.At)...)
	if e.LogErr != nil && e.LogErr != kernel.ErrNotWatched {
		lines = append(lines, unreadLog(e.LogErr))
	}
	return append(lines, advice...)
}

func unreadLog(err error) string {
	if errors.Is(err, kernel.ErrIncomplete) {
		return "the kernel log was not read whole: " + err.Error() + ", see dmesg"
	}
	return "the kernel log, which may say more, could not be read: " + strerror(err)
}

func logLines(heading string, records []kernel.Record) []string {
	if len(records) == 0 {
		return nil
	}
	const most = 20
	lines := []string{heading + ":"}
	for i, r := range records {
		if i == most {
			return append(lines, "  and "+plural(len(records)-most, "more message")+": see dmesg")
		}
		for line := range strings.SplitSeq(r.Text, "\n") {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

// explanationObject is an explanation as JSON; docs/json.md describes it.
func explanationObject(e *diag.Explanation) jsontext.Object {
	causes := make([]jsontext.Object, 0, len(e.Causes))
	for _, cause := range e.Causes {
		causes = append(causes, causeObject(cause))
	}
	object := jsontext.Object{
		{Name: "module", Value: e.Module},
		{Name: "causes", Value: causes},
		{Name: "kernel_log", Value: texts(e.Own)},
		{Name: "kernel_log_at_that_time", Value: texts(e.At)},
	}
	if e.LogErr != nil && e.LogErr != kernel.ErrNotWatched {
		object = append(object, jsontext.Member{Name: "kernel_log_error", Value: strerror(e.LogErr)})
	}
	return object
}

func causeObject(cause diag.Cause) jsontext.Object {
	d := describe(cause)
	object := jsontext.Object{{Name: "cause", Value: cause.Kind()}, {Name: "text", Value: trimmed(d.lines)}, {Name: "advice", Value: d.advice}}
	return append(object, d.facts...)
}

func trimmed(lines []string) []string {
	plain := make([]string, len(lines))
	for i, line := range lines {
		plain[i] = strings.TrimLeft(line, " ")
	}
	return plain
}

func texts(records []kernel.Record) []string {
	list := make([]string, len(records))
	for i, r := range records {
		list[i] = r.Text
	}
	return list
}

// plural writes 1 thing and 2 things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
