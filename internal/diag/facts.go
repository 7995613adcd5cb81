package diag

import (
	"strings"

	"gomod/internal/elfinfo"
	"gomod/internal/kofile"
	"gomod/internal/modname"
)

// Facts are what a module's file says.
type Facts struct {
	Path string
	// Name is what the module calls itself, else what its file is called.
	Name string
	// Compression is that of the file.
	Compression kofile.Compression
	// Err is why the rest is not known: no module, a damaged one, one that cannot be read.
	Err error
	Architecture
	// Type is e_type of elf(5); 1 is a relocatable file, as modules are.
	Type      uint16
	Fields    []elfinfo.Field
	Signature *elfinfo.Signature
	// Needs are the symbols that it wants, with their CRCs where HasVersions.
	Needs       []elfinfo.Need
	HasVersions bool
}

const (
	typeRelocatable = 1
	// vermagicKey and the others are keys of .modinfo.
	vermagicKey = "vermagic"
	nameKey     = "name"
	licenseKey  = "license"
	aliasKey    = "alias"
	importKey   = "import_ns"
)

// ReadFacts reads a module's file, decompressing at most limit bytes.
func ReadFacts(path string, limit int64) *Facts {
	f := &Facts{Path: path}
	f.Name, _ = modname.FromPath(path)
	file, err := kofile.Open(path, limit)
	if err != nil {
		f.Err = err
		return f
	}
	defer file.Close()
	f.Compression = file.Compression()
	image, err := file.Image()
	if err != nil {
		f.Err = err
		return f
	}
	f.Err = f.read(image)
	return f
}

func (f *Facts) read(image elfinfo.Image) error {
	// A signature stands behind whatever else there is.
	signature, signed, err := elfinfo.ReadSignature(image)
	if err != nil {
		return err
	}
	if signed {
		f.Signature = signature
	}
	elf, err := elfinfo.Parse(image)
	if err != nil {
		return err
	}
	f.Architecture = Architecture{elf.Machine, elf.Is64, elf.BigEndian}
	f.Type = elf.Type
	if f.Fields, err = elf.Modinfo(); err != nil {
		return err
	}
	if name := f.Field(nameKey); name != "" {
		f.Name = strings.ReplaceAll(name, "-", "_")
	}
	if f.Needs, err = elf.Needs(); err != nil {
		return err
	}
	versions, err := elf.Versions()
	f.HasVersions = err == nil && len(versions) > 0
	return nil
}

// Field is the first value of a key in .modinfo, "" without one.
func (f *Facts) Field(key string) string {
	for _, field := range f.Fields {
		if field.Key == key {
			return field.Value
		}
	}
	return ""
}

// All are the values of a key.
func (f *Facts) All(key string) []string {
	var values []string
	for _, field := range f.Fields {
		if field.Key == key {
			values = append(values, field.Value)
		}
	}
	return values
}

// size is about how many bytes of memory the lists of the facts take.
func (f *Facts) size() int {
	const ofEach = 32 // beside its text
	size := ofEach * (len(f.Needs) + len(f.Fields))
	for _, need := range f.Needs {
		size += len(need.Name)
	}
	for _, field := range f.Fields {
		size += len(field.Key) + len(field.Value)
	}
	return size
}

// crc is the version of a symbol that the module was built against.
func (f *Facts) crc(symbol string) *uint64 {
	if !f.HasVersions {
		return nil
	}
	for _, need := range f.Needs {
		if need.Name == symbol {
			return &need.CRC
		}
	}
	return nil
}

// drivesDevices tells whether the module has aliases by which devices call for their driver.
func (f *Facts) drivesDevices() bool {
	for _, alias := range f.All(aliasKey) {
		bus, _, _ := strings.Cut(alias, ":")
		switch bus {
		case "pci", "usb", "acpi", "of", "pnp", "virtio", "hid", "input", "i2c", "spi", "sdio", "cpu", "dmi", "platform", "vmbus", "serio", "mei",
			"wmi", "pcmcia", "ieee1394", "ssb", "bcma", "hdaudio", "xen", "scsi", "mdio", "auxiliary", "typec", "tbsvc":
			return true
		}
	}
	return false
}
