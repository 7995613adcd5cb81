package cli

import (
	"bufio"
	"strings"
	"testing"

	"gomod/internal/diag"
	"gomod/internal/jsontext"
)

// Symbols that were not kept are counted among those that are not shown.
func TestOtherSymbols(t *testing.T) {
	const has, others = 12, 88
	unknown := make([]diag.MissingSymbol, has)
	versions := make([]diag.SymbolVersion, has)
	for _, test := range []struct {
		cause diag.Cause
		says  string
	}{
		{diag.UnknownSymbols{Symbols: unknown, Others: others}, "the module needs 100 symbols that the kernel does not have:"},
		{diag.UnknownSymbols{Symbols: unknown, Others: others}, "  and 90 more"},
		{diag.SymbolVersions{Symbols: versions, Others: others}, "  and 90 more"},
		{diag.GPLOnly{License: "X", Symbols: []string{"a", "b"}, Others: others}, "the module's licence, \"X\", does not give it symbols that are for GPL modules only: a, b and 88 more"},
		{diag.GPLOnly{Symbols: []string{"a"}, Others: others}, "the module names no licence, and so gets no symbols that are for GPL modules only: a and 88 more"},
	} {
		d := describe(test.cause)
		if !strings.Contains(strings.Join(d.lines, "\n")+"\n", test.says+"\n") {
			t.Errorf("%T: %q", test.cause, d.lines)
		}
		var document strings.Builder
		out := bufio.NewWriter(&document)
		jsontext.Write(out, causeObject(test.cause))
		out.Flush()
		if !strings.Contains(document.String(), `"others": 88`) {
			t.Errorf("%T: %s", test.cause, &document)
		}
	}
}
