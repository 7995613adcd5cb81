package elfinfo

import (
	"bytes"
	"strings"
	"testing"
)

func TestForceImage(t *testing.T) {
	const info = "license=GPL\x00vermagic=6.1.0 SMP\x00srcversion=vermagic=x\x00"
	for _, e := range kinds() {
		t.Run(e.String(), func(t *testing.T) {
			build := func(flags uint64, vermagic string) []byte {
				sections := append(e.extVersions(Symbol{"a", 1}), e.versions(Symbol{"a", 1}), e.versions(Symbol{"second", 1}),
					testSection{name: ".text", data: "code", flags: flagAlloc | 4},
					testSection{name: ".modinfo", data: strings.Replace(info, "vermagic=6.1.0 SMP", vermagic, 1), flags: flagAlloc})
				for i := range 3 {
					sections[i].flags = flags
				}
				return e.with(sections...).build()
			}
			const set, cleared, magic = 0x13, 0x11, "vermagic=6.1.0 SMP"
			blank := strings.Repeat("\x00", len(magic))
			image := build(set, magic)
			for _, test := range []struct {
				modversion, vermagic bool
				want                 []byte
			}{
				{false, false, image},
				{true, false, build(cleared, magic)},
				{false, true, build(set, blank)},
				{true, true, build(cleared, blank)},
			} {
				before := bytes.Clone(image)
				got, err := ForceImage(image, test.modversion, test.vermagic)
				if err != nil || !bytes.Equal(got, test.want) {
					t.Errorf("modversion %v, vermagic %v: %v, or not the expected bytes", test.modversion, test.vermagic, err)
				}
				if !bytes.Equal(image, before) {
					t.Fatal("the input was changed")
				}
				if len(got) > 0 {
					got[0] = 'x'
				}
				if !bytes.Equal(image, before) {
					t.Fatal("the copy shares memory with the input")
				}
			}
		})
	}
}

func TestForceImageLacking(t *testing.T) {
	e := kinds()[0]
	nothing := e.build()
	if got, err := ForceImage(nothing, true, true); err != nil || !bytes.Equal(got, nothing) {
		t.Errorf("module without sections: %v", err)
	}
	for _, info := range []string{"license=GPL\x00", "", "xvermagic=1\x00", "vermagic"} {
		image := e.with(testSection{name: ".modinfo", data: info}).build()
		if _, err := ForceImage(image, false, true); errnoOf(t, err) != nodata {
			t.Errorf("%q: %v", info, err)
		}
		if _, err := ForceImage(image, true, false); err != nil {
			t.Errorf("%q: %v", info, err)
		}
	}
	atEnd := e.with(testSection{name: ".modinfo", data: "vermagic=1"}).build()
	if got, err := ForceImage(atEnd, false, true); err != nil || bytes.Contains(got, []byte("vermagic")) {
		t.Errorf("vermagic without NUL: %v", err)
	}
	if _, err := ForceImage([]byte("no ELF file at all"), true, true); errnoOf(t, err) != noexec {
		t.Errorf("no ELF: %v", err)
	}
}
