package cli

import "gomod/internal/getopt"

// help prints a tool's help to standard output.
func (s *session) help(tool *Tool) {
	program := ""
	if tool.Name() != s.tool { // a command of gomod or kmod
		program = s.tool + " "
	}
	s.out.WriteString("Usage:\n  " + program + tool.Use + "\n\n" + tool.Long + "\n\nOptions:\n" + getopt.Usages(tool.Options))
	if tool.notes != nil {
		s.out.WriteString("\n" + tool.notes())
	}
	if tool.Example != "" {
		s.out.WriteString("\nExamples:\n" + tool.Example + "\n")
	}
}

const (
	contractVersion = "kmod version 34.2"
	features        = "+ZSTD +XZ +ZLIB +OPENSSL"
)

// version prints what scripts parse; under gomod's own name also its own.
func (s *session) version() {
	if s.tool == "gomod" {
		s.out.WriteString("gomod " + s.Version + "\n" +
			"modules in " + s.ModuleDirectory + ", configuration in " + s.SysconfDirectory + " and " + s.DistconfDirectory + "\n")
	}
	s.out.WriteString(contractVersion + "\n" + features + "\n")
}
