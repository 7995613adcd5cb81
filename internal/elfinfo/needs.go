package elfinfo

// Machines of the SPARC family, whose symbol tables declare registers like undefined symbols.
const (
	machineSPARC       = 2
	machineSPARC32Plus = 18
	machineSPARCV9     = 43
	typeSPARCRegister  = 13
)

const bindWeak = 2

// Need is a symbol that the module wants from the kernel or another module.
type Need struct {
	Name string
	CRC  uint64 // the checksum it was built against; 0 if the module says none
	Weak bool   // the module can do without
}

// Needs gives the undefined symbols in the order of .symtab, then what only the module's version table names (module_layout), in
// the order of that; a __versions of odd size counts as none. A module without .symtab or .strtab is ENODATA.
func (f *File) Needs() ([]Need, error) {
	var names nameList
	needs := make([]Need, 0)
	err := f.eachUndefined(func(name []byte, weak bool) {
		names.add(name)
		needs = append(needs, Need{Weak: weak})
	})
	if err != nil {
		return nil, err
	}
	names.each(func(i int, name string) { needs[i].Name = name })
	return f.addVersions(needs)
}

// EachNeed calls use with the names of Needs, in that order but for names that come several times, and reads less. The bytes are
// valid during the call. Where there is an error, as for Needs, the names so far count for nothing.
func (f *File) EachNeed(use func(name []byte)) error {
	if err := f.eachUndefined(func(name []byte, _ bool) { use(name) }); err != nil {
		return err
	}
	if !f.hasVersions() {
		return nil
	}
	return f.eachVersion(func(name []byte, _ uint64) { use(name) })
}

func (f *File) isSPARC() bool {
	return f.Machine == machineSPARC || f.Machine == machineSPARC32Plus || f.Machine == machineSPARCV9
}

// eachUndefined calls use with every undefined symbol that has a name.
func (f *File) eachUndefined(use func(name []byte, weak bool)) error {
	t, err := f.symtab()
	if err != nil {
		return err
	}
	sparc, size := f.isSPARC(), t.symbolSize()
	for at := size; at < len(t.entries); at += size {
		if t.section(at) != shnUndef || sparc && t.info(at)&15 == typeSPARCRegister {
			continue
		}
		name, err := t.nameFrom(at)
		if err != nil {
			return err
		}
		if name, err = t.cut(name); err != nil {
			return err
		}
		if len(name) > 0 {
			use(name, t.info(at)>>4 == bindWeak)
		}
	}
	return nil
}

// addVersions gives every undefined symbol the checksum of the first version of its name, and appends the versions that are left.
func (f *File) addVersions(needs []Need) ([]Need, error) {
	if !f.hasVersions() {
		return needs, nil
	}
	table := newNameTable(needs) // of those without what is appended below
	var doubled []int
	for i := range needs {
		if !table.insert(i) {
			doubled = append(doubled, i)
		}
	}
	found := make([]bool, len(needs))
	err := f.eachVersion(func(name []byte, crc uint64) {
		i := table.find(name)
		if i < 0 || found[i] {
			needs = append(needs, Need{Name: string(name), CRC: crc})
			return
		}
		needs[i].CRC = crc
		found[i] = true
	})
	if err != nil {
		return nil, err
	}
	for _, i := range doubled {
		needs[i].CRC = needs[table.find([]byte(needs[i].Name))].CRC
	}
	return needs, nil
}

// hasVersions tells whether there is a version table that Needs does not overlook.
func (f *File) hasVersions() bool {
	s := f.found[versionsSection]
	return f.hasExtendedVersions() || s.present && s.size%versionSize == 0
}
