package jsontext

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func written(o Object) []byte {
	var document bytes.Buffer
	out := bufio.NewWriter(&document)
	Write(out, o)
	out.Flush()
	return document.Bytes()
}

func TestDocument(t *testing.T) {
	got := string(written(Object{
		{"version", 1}, {"name", "a\"b\\\n\t\x01\x7f"}, {"none", nil}, {"yes", true}, {"big", uint64(1 << 63)}, {"small", int64(-5)},
		{"empty", Object{}}, {"no names", []string{}}, {"names", []string{"x", "y"}}, {"rows", []Object{{{"a", 1}}, {}}}, {"mixed", []any{1, "z", nil}},
		{"one by one", slices.Values([]Object{{{"a", 1}}, {}})}, {"none at all", slices.Values([]Object{})},
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
  ],
  "one by one": [
    {
      "a": 1
    },
    {}
  ],
  "none at all": []
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
		document := written(Object{{s, s}})
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

// builder makes a document of bytes: each chooses what comes next.
type builder struct{ data []byte }

func (b *builder) next() int {
	if len(b.data) == 0 {
		return 0
	}
	first := b.data[0]
	b.data = b.data[1:]
	return int(first)
}

func (b *builder) text() string {
	text := b.data[:min(b.next()%8, len(b.data))]
	b.data = b.data[len(text):]
	return strings.ToValidUTF8(string(text), "\ufffd")
}

func (b *builder) object(depth int) Object {
	o := Object{}
	for range b.next() % 5 {
		o = append(o, Member{b.text(), b.value(depth + 1)})
	}
	return o
}

func (b *builder) value(depth int) any {
	kind := b.next() % 10
	if depth > 6 {
		kind %= 6
	}
	switch kind {
	case 0:
		return nil
	case 1:
		return b.next()%2 == 0
	case 2:
		return b.next() - 128
	case 3:
		return int64(math.MinInt64) + int64(b.next())
	case 4:
		return uint64(math.MaxUint64) - uint64(b.next())
	case 5:
		return b.text()
	case 6:
		return b.object(depth)
	case 7:
		list := []Object{}
		for range b.next() % 4 {
			list = append(list, b.object(depth+1))
		}
		return list
	case 8:
		list := []string{}
		for range b.next() % 4 {
			list = append(list, b.text())
		}
		return list
	}
	list := []any{}
	for range b.next() % 4 {
		list = append(list, b.value(depth+1))
	}
	return list
}

// tokens are what a JSON decoder must find in a value, one behind the other.
func tokens(to []json.Token, v any) []json.Token {
	switch v := v.(type) {
	case int, int64, uint64:
		return append(to, json.Number(fmt.Sprint(v)))
	case Object:
		to = append(to, json.Delim('{'))
		for _, member := range v {
			to = tokens(append(to, member.Name), member.Value)
		}
		return append(to, json.Delim('}'))
	case []Object:
		return list(to, v)
	case []string:
		return list(to, v)
	case []any:
		return list(to, v)
	}
	return append(to, v)
}

func list[T any](to []json.Token, list []T) []json.Token {
	to = append(to, json.Delim('['))
	for _, v := range list {
		to = tokens(to, v)
	}
	return append(to, json.Delim(']'))
}

// FuzzDocument: encoding/json reads the same members and values in the same order, and would indent them the same way.
func FuzzDocument(f *testing.F) {
	f.Add([]byte("\x04\x02ab\x05\x03x\n\"\x01y\x07\x02\x01\x01a\x00\x00\x01z\x09\x03\x02\x80\x03\x01\x04\x02\x00\x08\x02\x01a\x01b"))
	f.Add([]byte{4, 0, 6, 0, 0, 7, 0, 0, 8, 0, 0, 9, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		o := (&builder{data}).object(0)
		document := written(o)
		decoder := json.NewDecoder(bytes.NewReader(document))
		decoder.UseNumber()
		var got []json.Token
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", document, err)
			}
			got = append(got, token)
		}
		if want := tokens(nil, o); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v instead of %v", document, got, want)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, document, "", "  "); err != nil || indented.String() != string(document) {
			t.Errorf("%s is indented otherwise: %s", document, indented.String())
		}
	})
}

func TestUnknownType(t *testing.T) {
	defer func() {
		if said, _ := recover().(string); !strings.HasPrefix(said, "jsontext: ") {
			t.Error(said)
		}
	}()
	written(Object{{"x", 1.5}})
}
