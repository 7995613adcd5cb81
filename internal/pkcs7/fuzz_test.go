package pkcs7

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

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
		compareASN1(t, der, got)
	})
}

// contentInfo is a SignedData as far as encoding/asn1 has to know it.
type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content struct {
		Version int
		Digests asn1.RawValue
		Inner   asn1.RawValue
		Certs   asn1.RawValue `asn1:"optional,tag:0"`
		CRLs    asn1.RawValue `asn1:"optional,tag:1"`
		Signers []asn1Signer  `asn1:"set"`
	} `asn1:"explicit,tag:0"`
}

type asn1Signer struct {
	Version int
	Signer  struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	Digest struct {
		Algorithm  asn1.ObjectIdentifier
		Parameters asn1.RawValue `asn1:"optional"`
	}
	Attributes asn1.RawValue `asn1:"optional,tag:0"`
	Encryption asn1.RawValue
	Signature  []byte
	Others     asn1.RawValue `asn1:"optional,tag:1"`
}

// compareASN1 holds a result against that of encoding/asn1, which reads DER only: no indefinite lengths, none longer than they need to be.
func compareASN1(t *testing.T, der []byte, got *SignerInfo) {
	var theirs contentInfo
	if _, err := asn1.Unmarshal(der, &theirs); err != nil || len(theirs.Content.Signers) == 0 {
		return
	}
	first := theirs.Content.Signers[0]
	if !bytes.Equal(first.Signature, got.Signature) || !bytes.Equal(first.Signer.Serial.Bytes(), got.SerialNumber) || digestName(first.Digest.Algorithm.String()) != got.DigestAlgorithm {
		t.Fatalf("%+v instead of %+v", got, first)
	}
	if !bytes.Contains(first.Signer.Issuer.FullBytes, []byte(got.Issuer)) {
		t.Fatalf("issuer %q is not in %x", got.Issuer, first.Signer.Issuer.FullBytes)
	}
}

// TestASN1 sees to it that the comparison takes place.
func TestASN1(t *testing.T) {
	der, err := os.ReadFile("testdata/rsa-sha256.der")
	if err != nil {
		t.Fatal(err)
	}
	var theirs contentInfo
	if _, err := asn1.Unmarshal(der, &theirs); err != nil || len(theirs.Content.Signers) != 1 {
		t.Error(err, theirs)
	}
}
