package config

import "strings"

// Depmod is what depmod.d(5) says, in the order it was met: files by name, lines as they stand.
type Depmod struct {
	// Search are folders below the module folder, and the words SearchBuiltIn and SearchExternal; those of highest precedence
	// first. It is empty where no line says anything.
	Search    []string
	Overrides []Override
	Externals []External
	// Exclude are names of files and folders that are not looked at.
	Exclude []string
	// Problems are in the order in which C kmod meets them: those of folders first.
	Problems []Problem
}

// Words of a search line that are no folders.
const (
	SearchBuiltIn  = "built-in" // what lies in no folder of the search list
	SearchExternal = "external" // the folders of all external lines
)

// Override is `override MODULE RELEASE FOLDER`: of several modules of that name the one in the folder, relative to the
// module folder, wins.
type Override struct {
	Module string
	// Release is "*" or an extended regular expression (regex(7)) that matches anywhere in the kernel's release.
	Release string
	Folder  string
	Where
}

// External is `external RELEASE FOLDER`: a folder with more modules, by its absolute path. Release is as in Override.
type External struct {
	Release, Folder string
	Where
}

// LoadDepmod reads folders of .conf files, or single files of any name, those of highest precedence first; see Directories.
func LoadDepmod(paths []string) *Depmod {
	m := merger{noteOtherNames: true}
	for _, path := range paths {
		m.add(path)
	}
	c := &Depmod{Problems: m.problems}
	var r reader
	for _, file := range m.merged() {
		text, problem := r.read(file)
		if problem != nil {
			c.Problems = append(c.Problems, *problem)
		}
		c.parse(file.path, text)
	}
	return c
}

func (c *Depmod) parse(path, text string) {
	l := lines{rest: text}
	problems := lineProblems{file: path}
	for line, ok := l.meaningful(); ok; line, ok = l.meaningful() {
		where := Where{File: path, Line: l.number}
		words := strings.FieldsFunc(line, isBlank)
		if kind := c.obey(words[0], words[1:], where); kind != 0 {
			c.Problems = problems.add(c.Problems, l.number, kind, words[0])
		}
	}
	c.Problems = problems.rest(c.Problems)
}

// obey takes in one line, or tells what kind of problem it is.
func (c *Depmod) obey(command string, words []string, where Where) Kind {
	switch {
	case command == "search":
		c.Search = append(c.Search, words...)
	case command == "exclude":
		c.Exclude = append(c.Exclude, words...)
	case command == "override" && len(words) >= 3:
		c.Overrides = append(c.Overrides, Override{words[0], words[1], words[2], where})
	case command == "external" && len(words) >= 2:
		c.Externals = append(c.Externals, External{words[0], words[1], where})
	case command == "include", command == "make_map_files":
		return NotImplemented
	default:
		return BadLine
	}
	return 0
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' }
