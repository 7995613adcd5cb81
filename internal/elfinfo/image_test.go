package elfinfo

import (
	"errors"
	"strings"
	"syscall"
	"testing"
)

// countingImage tells what was asked for; it fails from the given call on.
type countingImage struct {
	memory
	calls, bytes int
	failAt       int
}

func (c *countingImage) Bytes(off, n int64) ([]byte, error) {
	c.calls++
	c.bytes += int(n)
	if c.calls == c.failAt {
		return nil, syscall.EIO
	}
	return c.memory.Bytes(off, n)
}

func largeModule(e testELF) testELF {
	e = e.with(testSection{name: ".text", data: strings.Repeat("\xcc", 1<<20)}, testSection{name: ".modinfo", data: "license=GPL\x00"})
	e = e.with(e.symbols(testSymbol{"printk", global, 0, 0}, testSymbol{"__crc_x", 0, 1, 0})...)
	return e.with(e.versions(Symbol{"printk", 1}), testSection{name: ".note.gnu.build-id", data: e.u32s(4, 4, 3) + "GNU\x00abcd"})
}

// Only what is asked for is read: header, section headers, their names, .modinfo.
func TestReadsLittle(t *testing.T) {
	e := kinds()[0]
	img := &countingImage{memory: largeModule(e).build()}
	f, err := Parse(img)
	if err != nil {
		t.Fatal(err)
	}
	names := len("\x00.text\x00.modinfo\x00.symtab\x00.strtab\x00__versions\x00.note.gnu.build-id\x00.shstrtab\x00")
	want := headerMax + 8*e.sectionHeaderSize() + names
	if img.calls != 3 || img.bytes != want {
		t.Errorf("Parse read %d bytes in %d calls, want %d in 3", img.bytes, img.calls, want)
	}
	for range 2 {
		if fields, err := f.Modinfo(); err != nil || len(fields) != 1 {
			t.Fatal(fields, err)
		}
	}
	if want += len("license=GPL\x00"); img.calls != 4 || img.bytes != want {
		t.Errorf("Modinfo read up to %d bytes in %d calls, want %d in 4", img.bytes, img.calls, want)
	}
}

// An error of the image comes out as it is, from every call.
func TestImageErrors(t *testing.T) {
	image := largeModule(kinds()[0]).build()
	for name, method := range map[string]func(*File) error{
		"Modinfo":  func(f *File) error { _, err := f.Modinfo(); return err },
		"Exports":  func(f *File) error { _, err := f.Exports(); return err },
		"Needs":    func(f *File) error { _, err := f.Needs(); return err },
		"Versions": func(f *File) error { _, err := f.Versions(); return err },
		"BuildID":  func(f *File) error { _, err := f.BuildID(); return err },
	} {
		for failAt := 1; ; failAt++ {
			img := &countingImage{memory: image, failAt: failAt}
			f, err := Parse(img)
			if err == nil {
				err = method(f)
			}
			if img.calls < failAt {
				if err != nil || failAt < 4 {
					t.Errorf("%s: %v after %d calls", name, err, img.calls)
				}
				break
			}
			if !errors.Is(err, syscall.EIO) {
				t.Errorf("%s, call %d fails: got %v", name, failAt, err)
			}
		}
	}
	for failAt := 1; failAt <= 2; failAt++ {
		img := &countingImage{memory: memory("xSIGN" + trailer(0, 0, 0, 0, 0, 4)), failAt: failAt}
		if _, _, err := ReadSignature(img); !errors.Is(err, syscall.EIO) {
			t.Errorf("ReadSignature, call %d fails: got %v", failAt, err)
		}
	}
}
