package elfinfo

import (
	"strings"
	"testing"
)

func TestBuildID(t *testing.T) {
	id := strings.Repeat("\xab\xcd", 10)
	for _, e := range kinds() {
		for name, test := range map[string]struct {
			note string
			want outcome
		}{
			"SHA-1":            {e.u32s(4, 20, 3) + "GNU\x00" + id, outcome{text: id}},
			"two notes":        {e.u32s(4, 20, 3) + "GNU\x00" + id + e.u32s(4, 0, 3) + "GNU\x00", outcome{text: id}},
			"empty id":         {e.u32s(4, 0, 3) + "GNU\x00", outcome{}},
			"other type":       {e.u32s(4, 20, 1) + "GNU\x00" + id, fails(inval)},
			"other owner":      {e.u32s(4, 20, 3) + "XXX\x00" + id, fails(inval)},
			"longer owner":     {e.u32s(5, 20, 3) + "GNUX\x00\x00\x00\x00" + id, fails(inval)},
			"id too long":      {e.u32s(4, 21, 3) + "GNU\x00" + id, fails(inval)},
			"id of 4 GiB":      {e.u32s(4, 0xffffffff, 3) + "GNU\x00" + id, fails(inval)},
			"owner of 4 GiB":   {e.u32s(0xffffffff, 20, 3) + "GNU\x00" + id, fails(inval)},
			"header cut":       {e.u32s(4, 20, 3)[:11], fails(inval)},
			"ends in a header": {e.u32s(4, 0, 3), fails(inval)},
			"empty section":    {"", fails(inval)},
		} {
			t.Run(e.String()+"/"+name, func(t *testing.T) {
				image := e.with(testSection{name: ".note.gnu.build-id", data: test.note}).build()
				check(t, "build-id", test.want, image, buildIDText)
			})
		}
		check(t, "no build-id", fails(nodata), e.build(), buildIDText)
	}
}

func buildIDText(f *File) (string, error) {
	id, err := f.BuildID()
	return string(id), err
}
