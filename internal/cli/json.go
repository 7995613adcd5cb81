package cli

import (
	"io"

	"gomod/internal/getopt"
	"gomod/internal/jsontext"
	"gomod/internal/kmod"
)

// jsonVersion counts the changes of documents that a reader may stumble over; new members are none. docs/json.md has the schema.
const jsonVersion = 1

const jsonName = "json"

// answer is what a tool prints with --json in place of its text: one document, whatever happens, when all is done.
type answer struct {
	wanted bool
	// kind is the tool's name.
	kind    string
	members jsontext.Object
	// list collects the rows of tools that go through their operands.
	list []jsontext.Object
}

// jsonOption is the option of all tools that can answer in JSON. What they print otherwise goes nowhere then; messages go where they always do.
func (s *session) jsonOption() getopt.Option {
	met := func() {
		s.json.wanted = true
		s.out.Reset(io.Discard)
	}
	return getopt.Addition(getopt.Action(0, jsonName, met, "answer with one JSON document, see gomod-json(5)"))
}

// jsonDespite answers in JSON also where another option is wrong, wherever --json stands.
func (s *session) jsonDespite(tool *Tool, args []string) {
	if getopt.Lookup(tool.Options, jsonName) == nil {
		return
	}
	for _, arg := range args {
		switch arg {
		case "--":
			return
		case "--" + jsonName:
			s.json.wanted = true
			s.out.Reset(io.Discard)
		}
	}
}

// textAfterAll is for --help and --version, which are not in JSON.
func (s *session) textAfterAll() {
	if s.json.wanted {
		s.json.wanted = false
		s.out.Reset(s.guard)
	}
}

// tell adds a member to the document.
func (s *session) tell(name string, value any) {
	s.json.members = append(s.json.members, jsontext.Member{Name: name, Value: value})
}

// document is the whole answer.
func (s *session) document(status int) jsontext.Object {
	messages := make([]jsontext.Object, 0, len(s.log.said))
	for _, m := range s.log.said {
		messages = append(messages, jsontext.Object{{Name: "level", Value: m.level}, {Name: "text", Value: m.text}})
	}
	document := jsontext.Object{{Name: "version", Value: jsonVersion}, {Name: "kind", Value: s.json.kind}, {Name: "ok", Value: status == 0}}
	document = append(document, s.json.members...)
	return append(document, jsontext.Member{Name: "messages", Value: messages})
}

// quietShell keeps what commands print out of the document: it goes to standard error.
type quietShell struct{ kmod.Shell }

// Run implements kmod.Shell.
func (q quietShell) Run(command string, variables []string) error {
	return q.Shell.Run("exec >&2; "+command, variables)
}
