package pkcs7

import (
	"bytes"
	"unicode/utf8"
)

// Character string types (X.680, 8.4) that a name may be written in.
const (
	tagUTF8String      = 0x0c
	tagNumericString   = 0x12
	tagPrintableString = 0x13
	tagTeletexString   = 0x14 // T61String
	tagIA5String       = 0x16
	tagUniversalString = 0x1c
	tagBMPString       = 0x1e
)

const oidCommonName = "2.5.4.3"

// commonName reads a Name (RFC 5280, 4.1.2.4) and gives the value of its first commonName, else of its last attribute,
// "" for a name without attributes. As C kmod prints it: the bytes as they stand in the file, whatever the string type, up to
// the first NUL. A BMPString of Latin letters is therefore empty.
func (r *reader) commonName() (string, error) {
	name, err := r.take(tagSequence)
	if err != nil {
		return "", err
	}
	var chosen []byte
	isCommonName := false
	for !name.empty() {
		rdn, err := name.take(tagSet)
		if err != nil {
			return "", err
		}
		for !rdn.empty() {
			oid, text, err := rdn.attribute()
			if err != nil {
				return "", err
			}
			if !isCommonName {
				chosen, isCommonName = text, oid == oidCommonName
			}
		}
	}
	if end := bytes.IndexByte(chosen, 0); end >= 0 {
		chosen = chosen[:end]
	}
	return string(chosen), nil
}

// attribute reads an AttributeTypeAndValue.
func (r *reader) attribute() (oid string, text []byte, err error) {
	pair, err := r.take(tagSequence)
	if err != nil {
		return "", nil, err
	}
	if oid, err = pair.object(); err != nil {
		return "", nil, err
	}
	v, err := pair.next()
	if err != nil {
		return "", nil, err
	}
	if err = v.checkString(); err != nil {
		return "", nil, err
	}
	return oid, v.bytes(), pair.close()
}

// checkString refuses what OpenSSL refuses, and with it the whole signature.
func (v value) checkString() error {
	switch v.tag {
	case tagUTF8String:
		if !utf8.Valid(v.bytes()) {
			return v.fail("UTF8String in a name is not UTF-8")
		}
	case tagBMPString:
		if len(v.bytes())%2 != 0 {
			return v.fail("BMPString in a name has an odd length")
		}
	case tagUniversalString:
		if len(v.bytes())%4 != 0 {
			return v.fail("length of a UniversalString in a name is no multiple of four")
		}
	case tagNumericString, tagPrintableString, tagTeletexString, tagIA5String:
	default:
		return v.fail("value in a name has tag " + hexByte(v.tag) + ", which is no string type of names")
	}
	return nil
}
