package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"gomod/test/need"
)

const (
	jsonSchema = "../../docs/json.schema.json"
	jsonPage   = "../../docs/json.md"
)

// checkDocument is the script command `document KIND`: the last standard output is one document of that kind, as the schema has it.
func checkDocument(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: document KIND")
	}
	schema, err := filepath.Abs(jsonSchema)
	ts.Check(err)
	compiled, err := jsonschema.NewCompiler().Compile(schema)
	ts.Check(err)
	text := ts.ReadFile("stdout")
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		ts.Fatalf("%v in:\n%s", err, text)
	}
	if err := compiled.Validate(document); err != nil {
		ts.Fatalf("%v\n%s", err, text)
	}
	if kind := document.(map[string]any)["kind"]; kind != args[0] {
		ts.Fatalf("a document of the kind %v", kind)
	}
}

// TestJSONExamples runs the examples of docs/json.md: blocks of `$ COMMAND` and what that prints, in the world of a script.
func TestJSONExamples(t *testing.T) {
	_, err := os.Stat("/usr/bin/jq")
	need.NoError(t, err)
	page, err := os.ReadFile(jsonPage)
	if err != nil {
		t.Fatal(err)
	}
	world, err := os.ReadFile("testdata/json-world.txtar")
	if err != nil {
		t.Fatal(err)
	}
	setup, files, _ := strings.Cut(string(world), "\n\n")
	var script, expected strings.Builder
	script.WriteString(setup + "\n")
	blocks := regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	examples := 0
	for _, block := range blocks {
		for _, example := range strings.Split("\n"+block[1], "\n$ ")[1:] {
			examples++
			command, output, _ := strings.Cut(example, "\n")
			name := "example" + strings.Repeat("i", examples)
			script.WriteString("exec sh -c '" + strings.ReplaceAll(command, "'", "''") + "'\ncmp stdout " + name + "\n")
			expected.WriteString("-- " + name + " --\n" + strings.TrimSuffix(output, "\n") + "\n")
		}
	}
	if examples < 8 {
		t.Fatalf("%d examples in %s", examples, jsonPage)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "examples.txtar"), []byte(script.String()+"\n"+files+expected.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, scriptParams(dir))
}

// TestJSONCauses wants the page to list every cause by the name that it has in documents.
func TestJSONCauses(t *testing.T) {
	page, err := os.ReadFile(jsonPage)
	if err != nil {
		t.Fatal(err)
	}
	causes := 0
	files, err := filepath.Glob("../diag/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range regexp.MustCompile(`\) Kind\(\) string\s*\{ return "([^"]+)" \}`).FindAllStringSubmatch(string(source), -1) {
			causes++
			if !strings.Contains(string(page), "| `"+kind[1]+"` |") {
				t.Errorf("%s lacks the cause %s", jsonPage, kind[1])
			}
		}
	}
	if causes < 30 {
		t.Errorf("%d causes found in the sources", causes)
	}
}

func TestJSONSchemaIsJSON(t *testing.T) {
	text, err := os.ReadFile(jsonSchema)
	if err != nil || !json.Valid(text) {
		t.Error(err)
	}
}
