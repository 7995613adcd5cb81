package pkcs7

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/binary"
	"math/big"
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// plainDER reads DER by encoding/asn1, and object identifiers by crypto/x509. After one of its two complaints it gives nothing.
type plainDER struct {
	bad bool // not what belongs there
	ber bool // a length that only BER knows, where encoding/asn1 gives up: indefinite, or longer than it needs to be
}

// values are those that stand one after the other.
func (p *plainDER) values(data []byte) []asn1.RawValue {
	var all []asn1.RawValue
	for len(data) > 0 && !p.bad && !p.ber {
		// encoding/asn1 also reads identifiers of several bytes, and the end of an indefinite length as a value.
		if data[0] == 0 || data[0]&0x1f == 0x1f {
			p.bad = true
			break
		}
		var v asn1.RawValue
		rest, err := asn1.Unmarshal(data, &v)
		if err != nil {
			text := err.Error()
			p.ber = strings.Contains(text, "not DER") || strings.Contains(text, "leading zeros") || strings.Contains(text, "non-minimal length")
			p.bad = !p.ber
			break
		}
		data, all = rest, append(all, v)
	}
	return all
}

// plainList is what is left of the values in another.
type plainList struct {
	*plainDER
	left []asn1.RawValue
}

// take gives the next value, which must have this tag.
func (l *plainList) take(tag byte) asn1.RawValue {
	if len(l.left) == 0 || l.left[0].FullBytes[0] != tag {
		l.bad = true
		return asn1.RawValue{}
	}
	v := l.left[0]
	l.left = l.left[1:]
	return v
}

// open is take for a value that has others in it.
func (l *plainList) open(tag byte) *plainList {
	return &plainList{l.plainDER, l.values(l.take(tag).Bytes)}
}

// maybe drops the next value if it has this tag.
func (l *plainList) maybe(tag byte) {
	if len(l.left) > 0 && l.left[0].FullBytes[0] == tag {
		l.left = l.left[1:]
	}
}

func (l *plainList) end() { l.bad = l.bad || len(l.left) > 0 }

// oid is an identifier whose numbers have 64 bits each.
func (l *plainList) oid() string {
	var oid x509.OID
	if l.bad = oid.UnmarshalBinary(l.take(tagOID).Bytes) != nil || l.bad; l.bad {
		return ""
	}
	for i, arc := range strings.Split(oid.String(), ".") {
		n, _ := new(big.Int).SetString(arc, 10)
		if i == 1 && strings.HasPrefix(oid.String(), "2.") {
			n.Add(n, big.NewInt(80)) // the first two are one number
		}
		l.bad = l.bad || !n.IsUint64()
	}
	return oid.String()
}

func (l *plainList) algorithm() string {
	inner := l.open(tagSequence)
	oid := inner.oid()
	l.bad = l.bad || len(inner.left) > 1
	return oid
}

// issuer is the first common name, else what stands last.
func (l *plainList) issuer() string {
	last, first := "", ""
	found := false
	for name := l.open(tagSequence); len(name.left) > 0 && !name.bad; {
		for rdn := name.open(tagSet); len(rdn.left) > 0 && !rdn.bad; {
			pair := rdn.open(tagSequence)
			oid := pair.oid()
			if l.bad = l.bad || len(pair.left) != 1; l.bad {
				break
			}
			text := pair.left[0].Bytes
			switch pair.left[0].FullBytes[0] {
			case tagUTF8String:
				l.bad = !utf8.Valid(text)
			case tagBMPString:
				l.bad = len(text)%2 > 0
			case tagUniversalString:
				l.bad = len(text)%4 > 0
			case tagNumericString, tagPrintableString, tagTeletexString, tagIA5String:
			default:
				l.bad = true
			}
			if last = string(text); oid == "2.5.4.3" && !found {
				first, found = last, true
			}
		}
	}
	if found {
		last = first
	}
	return strings.Split(last, "\x00")[0]
}

func (l *plainList) signer() *SignerInfo {
	info := l.open(tagSequence)
	info.take(tagInteger)
	who := info.open(tagSequence)
	got := &SignerInfo{Issuer: who.issuer()}
	serial := new(big.Int)
	if number := who.take(tagInteger); !l.bad && !l.ber {
		_, err := asn1.Unmarshal(number.FullBytes, &serial)
		l.bad = err != nil
	}
	who.end()
	got.SerialNumber = serial.Bytes()
	got.DigestAlgorithm = digestName(info.algorithm())
	info.maybe(tagExplicit0)
	info.algorithm()
	got.Signature = info.take(tagOctetString).Bytes
	info.maybe(tagExplicit1)
	info.end()
	return got
}

// plainly reads a SignedData; where bad and ber are false it is what Parse has to give.
func (p *plainDER) plainly(data []byte) *SignerInfo {
	// What follows the first value does not count, and need not be one.
	var whole asn1.RawValue
	if rest, err := asn1.Unmarshal(data, &whole); err == nil {
		data = data[:len(data)-len(rest)]
	}
	top := &plainList{p, p.values(data)}
	outer := top.open(tagSequence)
	p.bad = outer.oid() != "1.2.840.113549.1.7.2" || p.bad
	content := outer.open(tagExplicit0)
	signed := content.open(tagSequence)
	signed.take(tagInteger)
	for digests := signed.open(tagSet); len(digests.left) > 0 && !p.bad; {
		digests.algorithm()
	}
	inner := signed.open(tagSequence)
	inner.oid()
	inner.maybe(tagExplicit0)
	inner.end()
	signed.maybe(tagExplicit0)
	signed.maybe(tagExplicit1)
	signers := signed.open(tagSet)
	for _, list := range []*plainList{signed, content, outer} {
		list.end()
	}
	first := signers.signer()
	for len(signers.left) > 0 && !p.bad {
		signers.signer()
	}
	return first
}

// asBER writes values with indefinite lengths, and those that have no others in them with lengths of four bytes.
func asBER(data []byte, depth int) []byte {
	var out []byte
	for _, v := range new(plainDER).values(data) {
		var inside plainDER
		inside.values(v.Bytes)
		switch tag := v.FullBytes[0]; {
		case tag&constructed != 0 && !inside.bad && !inside.ber && depth < 20:
			out = append(append(append(out, tag, 0x80), asBER(v.Bytes, depth+1)...), 0, 0)
		case tag&constructed != 0:
			out = append(out, v.FullBytes...)
		default:
			out = append(binary.BigEndian.AppendUint32(append(out, tag, 0x84), uint32(len(v.Bytes))), v.Bytes...)
		}
	}
	return out
}

// comparePlain holds what Parse gives, or its refusal, against the plain way, which reads DER only; and wants the same of the same in BER.
func comparePlain(t *testing.T, data []byte, got *SignerInfo, err error) {
	t.Helper()
	var p plainDER
	want := p.plainly(data)
	if p.ber {
		return
	}
	if p.bad != (err != nil) {
		t.Fatalf("got %+v %v, the plain way: bad %v, %+v", got, err, p.bad, want)
	}
	if p.bad {
		return
	}
	check := func(got *SignerInfo) {
		t.Helper()
		if got.Issuer != want.Issuer || got.DigestAlgorithm != want.DigestAlgorithm || !bytes.Equal(got.SerialNumber, want.SerialNumber) ||
			!bytes.Equal(got.Signature, want.Signature) {
			t.Fatalf("%+v instead of %+v", got, want)
		}
	}
	check(got)
	var whole asn1.RawValue
	if _, err := asn1.Unmarshal(data, &whole); err != nil {
		t.Fatal(err)
	}
	if got, err = Parse(asBER(whole.FullBytes, 0)); err != nil {
		t.Fatalf("in BER: %v", err)
	}
	check(got)
}

// TestPlain sees to it that the comparison takes place.
func TestPlain(t *testing.T) {
	for _, file := range []string{"rsa-sha256", "two-signers", "rsa-sha1-certs-attributes"} {
		der, err := os.ReadFile("testdata/" + file + ".der")
		if err != nil {
			t.Fatal(err)
		}
		var p plainDER
		if want := p.plainly(der); p.bad || p.ber || len(want.Signature) == 0 || want.DigestAlgorithm[:3] != "sha" {
			t.Errorf("%s: %+v %+v", file, p, want)
		}
	}
}
