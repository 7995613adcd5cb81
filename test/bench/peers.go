package main

// peer is one implementation of the tools.
type peer struct {
	name string
	// command is the program and its first arguments for a tool, as paths of the root.
	command func(tool string) []string
}

const (
	ours      = "gomod"
	reference = "kmod 34.2"
)

// peers are in the order of the table's columns.
func peers() []peer {
	return []peer{
		{ours, func(tool string) []string { return []string{"/gomod/" + tool} }},
		{reference, func(tool string) []string { return loader("/kmod34", "/usr", tool) }},
		{"kmod 30", func(tool string) []string { return loader("/kmod30", "", tool) }},
		{"busybox", func(tool string) []string { return []string{"/busybox/" + tool} }},
	}
}

// loader starts a C kmod by its own dynamic loader, with no shell between.
func loader(dir, prefix, tool string) []string {
	return []string{
		dir + prefix + "/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2", "--argv0", tool,
		"--library-path", dir + "/lib/x86_64-linux-gnu:" + dir + "/usr/lib/x86_64-linux-gnu", dir + prefix + "/bin/kmod",
	}
}
