package hostile

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCheckJSON(t *testing.T) {
	for _, text := range []string{"", " ", "{}", "{}\n", "{} {}", "{}x", "{", `{"a":[1,2,{"b":null}]}`, `{"a":[1,2,}`, `[1,]`, `{"a"}`, `{"a":}`, `{"a":1 "b":2}`, "[1 2]", "]", `"a`, "1e999", "\"\x01\"", "tru", "[]]"} {
		if err := checkJSON(strings.NewReader(text)); (err == nil) != json.Valid([]byte(text)) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
