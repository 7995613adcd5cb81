package depmod

import (
	"strings"
	"sync"

	"gomod/internal/index"
)

// File is one of the files that depmod writes.
type File struct {
	Name string
	Data []byte
	// Binary tells that the file is no text, so that -n does not show it.
	Binary bool
	// check reads the file back as its users do; nil for a text.
	check func(data []byte) error
}

// maker makes one file. Makers run at the same time; what they tell is passed on file by file.
type maker struct {
	name string
	make func(report func(Event)) ([]byte, func([]byte) error, error)
	// binary files are left out where only text is wanted.
	binary bool
}

// output makes all files.
func (r *run) output() (*Result, error) {
	dependencies := r.dependencies()
	owned := sync.OnceValue(r.ownedSymbols)
	all := []maker{
		{name: "modules.dep", make: text(func(func(Event)) []byte { return []byte(strings.Join(dependencies, "")) })},
		{name: "modules.dep.bin", binary: true, make: r.dependencyIndex(dependencies)},
		{name: "modules.alias", make: text(r.aliases)},
		{name: "modules.alias.bin", binary: true, make: r.aliasIndex},
		{name: "modules.softdep", make: text(r.softdeps)},
		{name: "modules.weakdep", make: text(r.weakdeps)},
		{name: "modules.symbols", make: text(func(func(Event)) []byte { return r.symbolText(owned()) })},
		{name: "modules.symbols.bin", binary: true, make: r.symbolIndex(owned)},
		{name: "modules.builtin.bin", binary: true, make: r.builtinIndex},
		{name: "modules.builtin.alias.bin", binary: true, make: r.builtinAliasIndex},
		{name: "modules.devname", make: text(r.devnames)},
	}
	return r.make(all)
}

func (r *run) make(makers []maker) (*Result, error) {
	files := make([]File, len(makers))
	events := make([]eventList, len(makers))
	errs := make([]error, len(makers))
	var running sync.WaitGroup
	for i, m := range makers {
		if m.binary && r.TextOnly {
			continue
		}
		running.Go(func() {
			data, check, err := m.make(events[i].add)
			files[i], errs[i] = File{m.name, data, m.binary, check}, err
		})
	}
	running.Wait()
	result := &Result{Modules: len(r.modules), Unreadable: r.unreadable()}
	for i := range files {
		events[i].tell(r.Report)
		if errs[i] != nil {
			return nil, &OutputError{makers[i].name, errs[i]}
		}
		if files[i].Name != "" {
			result.Files = append(result.Files, files[i])
		}
	}
	return result, nil
}

// mostEvents is how many events of one kind are told of one file. A list of nonsense has millions, and they are kept until all files are made.
const mostEvents = 10_000

// eventList is what is to be told of one file.
type eventList struct {
	first []Event
	met   [NoNumbers + 1]int
}

func (l *eventList) add(e Event) {
	if l.met[e.Kind]++; l.met[e.Kind] <= mostEvents {
		l.first = append(l.first, e)
	}
}

func (l *eventList) tell(report func(Event)) {
	for _, e := range l.first {
		report(e)
	}
	more := 0
	for _, met := range l.met {
		more += max(0, met-mostEvents)
	}
	if more > 0 {
		report(Event{Kind: MoreEvents, Number: more})
	}
}

func text(write func(report func(Event)) []byte) func(func(Event)) ([]byte, func([]byte) error, error) {
	return func(report func(Event)) ([]byte, func([]byte) error, error) { return write(report), nil, nil }
}

// indexOf makes the file of an index.
func indexOf(b *index.Builder) ([]byte, func([]byte) error, error) {
	data, err := b.Bytes()
	return data, b.Check, err
}

// indexBuilder puts entries into an index, and tells of those that it cannot hold.
type indexBuilder struct {
	index.Builder
	name   string
	report func(Event)
}

func (b *indexBuilder) add(key, value string, priority int) {
	if err := b.Add(key, value, uint32(priority)); err != nil {
		b.report(Event{Kind: Unfit, Path: b.name, Name: key, Err: err})
	}
}
