package pkcs7

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

// The files and their expected contents come from testdata/make.sh; C kmod 34.2 shows the same of them.
func TestParseOpenSSLFiles(t *testing.T) {
	const longSerial = "80f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102"
	for _, test := range []struct {
		file, issuer, serial, digest string
		signature                    int // offset, as `openssl asn1parse` prints it, plus the two or three bytes of header
		size                         int
	}{
		{"rsa-sha256", "Example module key", "1122334455", "sha256", 153 + 3, 128},
		{"rsa-sha512", "Example module key", "1122334455", "sha512", 149 + 3, 128},
		{"rsa-sha1-certs-attributes", "Example module key", "1122334455", "sha1", 931 + 3, 128},
		{"ec-sha256", "Schlüssel für Module", longSerial, "sha256", 164 + 2, 70},
		{"no-common-name", "Kernel team", "01", "sha384", 145 + 2, 72},
		{"streamed", "Kernel team", "01", "sha224", 599 + 2, 71},
		{"two-signers", "Kernel team", "01", "sha256", 149 + 2, 72},
	} {
		t.Run(test.file, func(t *testing.T) {
			der := readFile(t, test.file)
			got, err := Parse(der)
			if err != nil {
				t.Fatal(err)
			}
			if got.Issuer != test.issuer {
				t.Errorf("issuer %q, want %q", got.Issuer, test.issuer)
			}
			if serial := hex.EncodeToString(got.SerialNumber); serial != test.serial {
				t.Errorf("serial number %s, want %s", serial, test.serial)
			}
			if got.DigestAlgorithm != test.digest {
				t.Errorf("digest %q, want %q", got.DigestAlgorithm, test.digest)
			}
			if want := der[test.signature : test.signature+test.size]; !bytes.Equal(got.Signature, want) {
				t.Errorf("signature %x, want %x", got.Signature, want)
			}
		})
	}
}

func TestParseKeyIdentifier(t *testing.T) {
	got, err := Parse(readFile(t, "key-identifier"))
	if got != nil || err == nil || !strings.Contains(err.Error(), "offset 60: the signer is named by a subjectKeyIdentifier") {
		t.Errorf("got %v, %v", got, err)
	}
}

// Every prefix of a signature is an error, and none makes the reader leave the input.
func TestParseTruncated(t *testing.T) {
	for _, file := range []string{"rsa-sha256", "streamed", "rsa-sha1-certs-attributes"} {
		der := readFile(t, file)
		for n := range der {
			if got, err := Parse(bytes.Clone(der[:n])); err == nil {
				t.Fatalf("%s cut to %d bytes: got %+v", file, n, got)
			}
		}
		if _, err := Parse(append(bytes.Clone(der), "what follows"...)); err != nil {
			t.Errorf("%s with more bytes behind it: %v", file, err)
		}
	}
}

// C kmod 34.2 with OpenSSL gives the same name, or no signature at all where want is an error text.
func TestParseIssuer(t *testing.T) {
	const cn, o, ou = "\x55\x04\x03", "\x55\x04\x0a", "\x55\x04\x0b"
	for name, test := range map[string]struct{ der, want, err string }{
		"first of two common names":     {rdns(attr(cn, 12, "one")) + rdns(attr(cn, 12, "two")), "one", ""},
		"common name before another":    {rdns(attr(cn, 12, "one")) + rdns(attr(ou, 12, "unit")), "one", ""},
		"last when none is common name": {rdns(attr(o, 12, "org")) + rdns(attr(ou, 12, "unit")), "unit", ""},
		"last within one RDN":           {rdns(attr(o, 12, "org") + attr(ou, 12, "unit")), "unit", ""},
		"no RDN":                        {"", "", ""},
		"empty RDN":                     {rdns(""), "", ""},
		"ends at NUL":                   {rdns(attr(cn, 12, "ab\x00cd")), "ab", ""},
		"PrintableString unchecked":     {rdns(attr(cn, 19, "a@\xff")), "a@\xff", ""},
		"T61String":                     {rdns(attr(cn, 20, "caf\xe9")), "caf\xe9", ""},
		"IA5String":                     {rdns(attr(cn, 22, "a\xe9")), "a\xe9", ""},
		"NumericString":                 {rdns(attr(cn, 18, "123")), "123", ""},
		"BMPString of Latin letters":    {rdns(attr(cn, 30, "\x00A\x00B")), "", ""},
		"BMPString of Han":              {rdns(attr(cn, 30, "\x4e\x2d\x65\x87")), "N-e\x87", ""},
		"UniversalString":               {rdns(attr(cn, 28, "\x00\x00\x00A")), "", ""},
		"BMPString of odd length":       {rdns(attr(cn, 30, "\x4e\x2d\x65")), "", "odd length"},
		"UniversalString of 3 bytes":    {rdns(attr(cn, 28, "abc")), "", "multiple of four"},
		"not UTF-8":                     {rdns(attr(cn, 12, "a\xff")), "", "not UTF-8"},
		"not UTF-8 elsewhere":           {rdns(attr(o, 12, "a\xff")) + rdns(attr(cn, 12, "cn")), "", "not UTF-8"},
		"VisibleString":                 {rdns(attr(cn, 26, "vis")), "", "tag 0x1a"},
		"OCTET STRING":                  {rdns(attr(cn, 4, "oct")), "", "tag 0x04"},
		"third element in an attribute": {rdns(seq(tlv(6, cn) + tlv(12, "x") + tlv(12, "y"))), "", "unexpected value of tag 0x0c"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(signedData(signer(seq(test.der), integer("\x01"), sha256))))
			checkError(t, err, test.err)
			if err == nil && got.Issuer != test.want {
				t.Errorf("got %q, want %q", got.Issuer, test.want)
			}
		})
	}
}

func TestParseSerialNumber(t *testing.T) {
	for der, want := range map[string]string{
		"00": "", "01": "01", "0080": "80", "00ff00": "ff00", "7f7f": "7f7f",
		"ff": "01", "80": "80", "fe": "02", "ff7f": "81", "ff0001": "ffff", "8000": "8000",
		"": "no bytes", "0001": "padded", "ff80": "padded",
	} {
		contents, err := hex.DecodeString(der)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse([]byte(signedData(signer(seq(""), tlv(2, string(contents)), sha256))))
		if err != nil {
			if !strings.Contains(err.Error(), want) || want == "" {
				t.Errorf("%s: %v", der, err)
			}
		} else if hex.EncodeToString(got.SerialNumber) != want {
			t.Errorf("%s: got %x, want %s", der, got.SerialNumber, want)
		}
	}
}

func TestParseDigest(t *testing.T) {
	for name, test := range map[string]struct{ oid, want, err string }{
		"unknown":          {"\x2a\x03\x04\x05\x86\x8d\x1f", "1.2.3.4.5.99999", ""},
		"two digit root":   {"\x88\x37\x03", "2.999.3", ""},
		"smallest":         {"\x00", "0.0", ""},
		"largest arc":      {"\x2a\x81\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "1.2.18446744073709551615", ""},
		"arc too large":    {"\x2a\x82\x80\x80\x80\x80\x80\x80\x80\x80\x00", "", "more than 64 bits"},
		"sha3-512":         {"\x60\x86\x48\x01\x65\x03\x04\x02\x0a", "sha3-512", ""},
		"shake256":         {"\x60\x86\x48\x01\x65\x03\x04\x02\x0c", "shake256", ""},
		"ripemd160":        {"\x2b\x24\x03\x02\x01", "ripemd160", ""},
		"sm3":              {"\x2a\x81\x1c\xcf\x55\x01\x83\x11", "sm3", ""},
		"no arcs":          {"", "", "cut off"},
		"inside an arc":    {"\x2a\x81", "", "cut off"},
		"padded arc":       {"\x2a\x80\x01", "", "padded"},
		"padded first arc": {"\x80\x2a", "", "padded"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Parse([]byte(signedData(signer(seq(""), integer("\x01"), seq(tlv(6, test.oid))))))
			checkError(t, err, test.err)
			if err == nil && got.DigestAlgorithm != test.want {
				t.Errorf("got %q, want %q", got.DigestAlgorithm, test.want)
			}
		})
	}
}

func TestParseStructure(t *testing.T) {
	good := signer(seq(""), integer("\x01"), sha256)
	withSignature := func(tlv string) string {
		return signedData(seq(integer("\x01") + seq(seq("")+integer("\x01")) + sha256 + sha256 + tlv))
	}
	for name, test := range map[string]struct{ der, err string }{
		"no signer":                   {signedData(""), "has no signer"},
		"second signer broken":        {signedData(good + tlv(4, "x")), "tag is 0x04, not 0x30"},
		"not signedData":              {strings.Replace(signedData(good), "\x01\x07\x02", "\x01\x07\x03", 1), "content type is 1.2.840.113549.1.7.3"},
		"broken digestAlgorithms":     {strings.Replace(signedData(good), sha256, seq(tlv(5, "\x01"+sha256[5:])), 1), "tag is 0x05, not 0x06"},
		"empty":                       {"", "offset 0: ends where a value of tag 0x30 belongs"},
		"no PKCS#7":                   {"garbage", "offset 0: tag is 0x67, not 0x30"},
		"high tag number":             {withSignature("\x1f\x04\x02ab"), "tag is 0x1f, not 0x04"},
		"value after the signature":   {withSignature(tlv(4, "ab") + tlv(4, "x")), "unexpected value of tag 0x04"},
		"length with leading zeros":   {withSignature("\x04\x8a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02ab"), ""},
		"length of 9 bytes":           {withSignature("\x04\x89\x01\x00\x00\x00\x00\x00\x00\x00\x02ab"), "exceeds 64 bits"},
		"length of 2^64-1":            {withSignature("\x04\x88\xff\xff\xff\xff\xff\xff\xff\xffab"), "18446744073709551615 bytes does not fit into the 2"},
		"length cut off":              {withSignature("\x04\x84\x00\x00"), "ends inside a length of 4 bytes"},
		"primitive, indefinite":       {withSignature("\x04\x80ab\x00\x00"), "indefinite length"},
		"indefinite without end":      {"\x30\x80\x06\x01\x2a", "offset 0: value of indefinite length has no end"},
		"end-of-contents out of turn": {withSignature("\x00\x00"), "tag is 0x00, not 0x04"},
		"nested too deep":             {strings.Repeat("\x30\x80", 2*maxDepth) + strings.Repeat("\x00\x00", 2*maxDepth), "in each other"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(test.der))
			checkError(t, err, test.err)
		})
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	der, err := os.ReadFile("testdata/" + name + ".der")
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func checkError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("unexpected error: %v", err)
	case want != "" && err == nil:
		t.Errorf("no error, want %q", want)
	case want != "" && !strings.Contains(err.Error(), want):
		t.Errorf("error is %q, want %q", err, want)
	}
}
