package elfinfo

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func FuzzParse(f *testing.F) {
	for _, kind := range kinds() {
		for _, s := range samples(kind) {
			f.Add(s.image)
		}
		for _, s := range needSamples(kind) {
			f.Add(s.image)
		}
		f.Add(kind.with(testSection{name: ".note.gnu.build-id", data: kind.u32s(4, 20, 3) + "GNU\x00" + "a build id, 20 bytes"}).build())
		f.Add(largeModule(kind.with(testSection{name: ".modinfo", data: "vermagic=1\x00"})).build()[:1<<10])
	}
	f.Fuzz(func(t *testing.T, image []byte) {
		before := bytes.Clone(image)
		img := &countingImage{memory: image}
		file, err := Parse(img)
		if (file == nil) != (err != nil) {
			t.Fatal(file, err)
		}
		errnoOf(t, err)
		fuzzForce(t, image, err)
		if err == nil {
			fuzzFile(t, file, int64(len(image)))
			fuzzPlain(t, image)
			fuzzPlain(t, typed(file, image))
		}
		if !bytes.Equal(image, before) {
			t.Fatal("image was changed")
		}
	})
}

// fuzzFile holds every result against what it may be: nothing beside an error, text from the file, never more than the file has
// room for.
func fuzzFile(t *testing.T, f *File, size int64) {
	fields, err := f.Modinfo()
	var text int64
	for _, field := range fields {
		text += int64(len(field.Key) + len(field.Value))
		if field == (Field{}) && !bytes.Contains(f.img.(*countingImage).memory, []byte("=")) || strings.Contains(field.Key, "=") {
			t.Fatalf("field %q", field)
		}
	}
	fuzzResult(t, "modinfo", fields == nil, err, text, int64(len(fields)), size)

	exports, err := f.Exports()
	names, namesErr := f.ExportNames()
	text = 0
	for i, s := range exports {
		text += int64(len(s.Name))
		if s.CRC > math.MaxUint32 && s.CRC != NoCRC && !f.Is64 {
			t.Fatalf("checksum %x", s.CRC)
		}
		if len(names) != len(exports) || names[i].Name != s.Name || names[i].CRC != 0 {
			t.Fatalf("ExportNames gives %v, Exports %v", names, exports)
		}
	}
	if (namesErr == nil) != (err == nil) {
		t.Fatal(namesErr, err)
	}
	fuzzResult(t, "exports", exports == nil, err, text, int64(len(exports)), size)

	versions, versionsErr := f.Versions()
	text = 0
	for _, s := range versions {
		text += int64(len(s.Name))
	}
	fuzzResult(t, "versions", versions == nil, versionsErr, text, int64(len(versions)), size)

	needs, err := f.Needs()
	text = 0
	for _, n := range needs {
		text += int64(len(n.Name))
	}
	if err == nil && versionsErr == nil && len(needs) < len(versionNames(versions)) {
		t.Fatalf("needs %v lack some of %v", needs, versions)
	}
	fuzzResult(t, "needs", needs == nil, err, text, int64(len(needs)), 2*size) // .symtab and __versions may overlap

	id, err := f.BuildID()
	fuzzResult(t, "build-id", id == nil, err, int64(len(id)), 0, size)
}

func fuzzResult(t *testing.T, what string, none bool, err error, text, count, size int64) {
	t.Helper()
	if none != (err != nil) {
		t.Fatalf("%s: no result is %v, error is %v", what, none, err)
	}
	errnoOf(t, err)
	if text > size || count > size {
		t.Fatalf("%s: %d results with %d bytes from %d bytes", what, count, text, size)
	}
}

func versionNames(versions []Symbol) map[string]bool {
	names := make(map[string]bool)
	for _, v := range versions {
		names[v.Name] = true
	}
	return names
}

// fuzzForce holds a forced copy against the original: as long, and different only by cleared bits.
func fuzzForce(t *testing.T, image []byte, parseErr error) {
	for _, vermagic := range []bool{false, true} {
		forced, err := ForceImage(image, true, vermagic)
		if (forced == nil) != (err != nil) || parseErr != nil && err == nil || !vermagic && (err == nil) != (parseErr == nil) {
			t.Fatal(len(forced), err, parseErr)
		}
		if errnoOf(t, err) != 0 {
			continue
		}
		if len(forced) != len(image) {
			t.Fatalf("%d bytes became %d", len(image), len(forced))
		}
		for i := range forced {
			if forced[i]&^image[i] != 0 {
				t.Fatalf("byte %d became %#x from %#x", i, forced[i], image[i])
			}
		}
	}
}
