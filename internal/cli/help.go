package cli

import "github.com/spf13/cobra"

// help prints a command's help to standard output.
func (s *session) help(cmd *cobra.Command, notes func() string) {
	s.out.WriteString("Usage:\n  " + cmd.Use + "\n\n" + cmd.Long + "\n\nOptions:\n" + cmd.Flags().FlagUsages())
	if notes != nil {
		s.out.WriteString("\n" + notes())
	}
	if cmd.Example != "" {
		s.out.WriteString("\nExamples:\n" + cmd.Example + "\n")
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
