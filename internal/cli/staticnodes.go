package cli

import (
	"errors"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"gomod/internal/devname"
	"gomod/internal/getopt"
	"gomod/internal/jsontext"
	"gomod/internal/textfile"
)

const staticNodesFormats = `Formats:
  human      for people (default); do not parse it
  tmpfiles   tmpfiles.d(5), as systemd-tmpfiles reads it
  devname    the format of modules.devname
`

func newStaticNodes(s *session) *Tool {
	format := "human"
	var output givenText
	var tool *Tool
	tool = withHelp(Tool{
		Use:     "static-nodes [options]",
		Short:   "output the static-node information installed with the currently running kernel",
		Long:    "kmod static-nodes lists the device nodes whose opening loads a module of the running kernel.",
		notes:   func() string { return staticNodesFormats },
		Example: "  kmod static-nodes --format=tmpfiles --output=/run/tmpfiles.d/static-nodes.conf",
		Options: []getopt.Option{
			getopt.Text('f', "format", "FORMAT", &format, "choose the FORMAT: see below"),
			getopt.Value('o', "output", "FILE", output.give, "write to FILE, whose folder is made if need be"),
			s.jsonOption(),
		},
		run: func([]string) error {
			write, known := nodeFormat(format)
			if !known {
				s.log.raw("Unknown format: '" + format + "'.")
				s.help(tool)
				return errFailed
			}
			return s.staticNodes(write, output)
		},
	})
	return tool
}

// nodeWriter writes one device node in one of the formats.
type nodeWriter func(io.StringWriter, devname.Entry)

func nodeFormat(name string) (write nodeWriter, known bool) {
	switch name {
	case "human":
		return writeHumanNode, true
	case "tmpfiles":
		return writeTmpfilesNode, true
	case "devname":
		return writeDevnameNode, true
	}
	return nil, false
}

func (s *session) staticNodes(write nodeWriter, output givenText) error {
	defer func() { s.tell("nodes", s.json.list) }()
	dir, err := s.moduleDir("", "")
	if err != nil {
		return err
	}
	source := dir + "/modules.devname"
	data, err := textfile.Read(source, devnameLimit)
	if errors.Is(err, fs.ErrNotExist) {
		s.log.rawAs(levelWarning, "Warning: "+source+" not found - ignoring")
		return nil
	}
	if err != nil {
		s.log.raw("Error: could not open " + source + " - " + strerror(err))
		s.explainRefusedFile(err)
		return errFailed
	}
	out, err := s.openNodeOutput(output)
	if err != nil {
		s.log.raw("Error: " + err.Error())
		return errFailed
	}
	good := s.writeNodes(out, string(data), write)
	if err := out.close(); err != nil {
		s.log.raw("Error: could not write " + output.text + " - " + strerror(err))
		good = false
	}
	if !good {
		return errFailed
	}
	return nil
}

// writeNodes tells whether every line was a device node; it says which was not.
func (s *session) writeNodes(out io.StringWriter, data string, write nodeWriter) bool {
	good := true
	for entry, err := range devname.Entries(data) {
		if err != nil {
			s.log.raw("Error: " + err.Error())
			good = false
			continue
		}
		write(out, entry)
		s.tellNode(entry)
	}
	return good
}

func (s *session) tellNode(entry devname.Entry) {
	kind := "char"
	if entry.Block {
		kind = "block"
	}
	s.json.list = append(s.json.list, jsontext.Object{
		{Name: "module", Value: entry.Module}, {Name: "name", Value: entry.Node}, {Name: "type", Value: kind},
		{Name: "major", Value: int64(entry.Major)}, {Name: "minor", Value: int64(entry.Minor)},
	})
}

// devnameLimit is the most bytes that modules.devname may have; a distribution's kernel has 2 thousand.
const devnameLimit = 1 << 20

func writeHumanNode(out io.StringWriter, entry devname.Entry) {
	kind := "character"
	if entry.Block {
		kind = "block"
	}
	out.WriteString("Module: " + entry.Module + "\n\tDevice node: /dev/" + entry.Node + "\n\t\tType: " + kind + " device\n" +
		"\t\tMajor: " + decimal(entry.Major) + "\n\t\tMinor: " + decimal(entry.Minor) + "\n")
}

func writeTmpfilesNode(out io.StringWriter, entry devname.Entry) {
	if slash := strings.LastIndexByte(entry.Node, '/'); slash >= 0 {
		out.WriteString("d /dev/" + entry.Node[:slash] + " 0755 - - -\n")
	}
	out.WriteString(nodeType(entry) + "! /dev/" + entry.Node + " 0600 - - - " + decimal(entry.Major) + ":" + decimal(entry.Minor) + "\n")
}

func writeDevnameNode(out io.StringWriter, entry devname.Entry) {
	out.WriteString(entry.Module + " " + entry.Node + " " + nodeType(entry) + decimal(entry.Major) + ":" + decimal(entry.Minor) + "\n")
}

func nodeType(entry devname.Entry) string {
	if entry.Block {
		return "b"
	}
	return "c"
}

func decimal(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
