package pkcs7

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse: a SignedData in DER is read, or refused, as encoding/asn1 makes of it, and in BER as in DER.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.der")
	if err != nil || len(files) == 0 {
		f.Fatal("no testdata/*.der", err)
	}
	for _, file := range files {
		der, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(der)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		before := bytes.Clone(der)
		got, err := Parse(der)
		if !bytes.Equal(der, before) {
			t.Fatal("input was changed")
		}
		comparePlain(t, der, got, err)
		if err != nil {
			syntax, ok := errors.AsType[*SyntaxError](err)
			if got != nil || !ok || syntax.Offset < 0 || syntax.Offset > len(der) {
				t.Fatalf("got %+v with error %#v", got, err)
			}
			return
		}
		if !bytes.Contains(der, []byte(got.Issuer)) || !bytes.Contains(der, got.Signature) || len(got.SerialNumber) > len(der) {
			t.Fatalf("%+v is not in the input", got)
		}
		if strings.Contains(got.Issuer, "\x00") || bytes.HasPrefix(got.SerialNumber, []byte{0}) || got.DigestAlgorithm == "" {
			t.Fatalf("bad result %+v", got)
		}
	})
}
