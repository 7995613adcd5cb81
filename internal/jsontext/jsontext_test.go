package jsontext

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestDocument(t *testing.T) {
	got := string(Document(Object{
		{"version", 1}, {"name", "a\"b\\\n\t\x01\x7f"}, {"none", nil}, {"yes", true}, {"big", uint64(1 << 63)}, {"small", int64(-5)},
		{"empty", Object{}}, {"no names", []string{}}, {"names", []string{"x", "y"}}, {"rows", []Object{{{"a", 1}}, {}}}, {"mixed", []any{1, "z", nil}},
	}))
	const want = `{
  "version": 1,
  "name": "a\"b\\\n\t\u0001\u007f",
  "none": null,
  "yes": true,
  "big": 9223372036854775808,
  "small": -5,
  "empty": {},
  "no names": [],
  "names": [
    "x",
    "y"
  ],
  "rows": [
    {
      "a": 1
    },
    {}
  ],
  "mixed": [
    1,
    "z",
    null
  ]
}
`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// FuzzText wants encoding/json to read back what was written, and to have the same opinion of bytes that are no UTF-8.
func FuzzText(f *testing.F) {
	f.Add("")
	f.Add("a\xff\xc0b\u2028\x00")
	f.Add("\xf4\x90\x80\x80\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, s string) {
		document := Document(Object{{s, s}})
		if !json.Valid(document) {
			t.Fatalf("%q", document)
		}
		var back map[string]string
		if err := json.Unmarshal(document, &back); err != nil {
			t.Fatal(err)
		}
		var theirs string
		encoded, _ := json.Marshal(s)
		json.Unmarshal(encoded, &theirs)
		if want := map[string]string{theirs: theirs}; !reflect.DeepEqual(back, want) || bytes.Count(document, []byte("\n")) != 3 {
			t.Errorf("%q gives %q", s, back)
		}
	})
}

func TestUnknownType(t *testing.T) {
	defer func() {
		if said, _ := recover().(string); !strings.HasPrefix(said, "jsontext: ") {
			t.Error(said)
		}
	}()
	Document(Object{{"x", 1.5}})
}
