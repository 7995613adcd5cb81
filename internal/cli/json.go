package cli

import (
	"gomod/internal/getopt"
	"gomod/internal/jsontext"
)

// jsonVersion counts the changes of documents that a reader may stumble over; new members are none. docs/json.md has the schema.
const jsonVersion = 1

// jsonSwitch is the option of all tools that can answer in JSON.
func jsonSwitch(on *bool) getopt.Option {
	return getopt.Addition(getopt.Switch(0, "json", on, "answer with one JSON document, see gomod-json(5)"))
}

// document is what a tool prints with --json: always an object, with a version and the kind of document first.
func document(kind string, members ...jsontext.Member) jsontext.Object {
	return append(jsontext.Object{{Name: "version", Value: jsonVersion}, {Name: "kind", Value: kind}}, members...)
}

func (s *session) printDocument(o jsontext.Object) { s.out.Write(jsontext.Document(o)) }
