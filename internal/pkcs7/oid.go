package pkcs7

import (
	"math"
	"strconv"
)

// object reads an OBJECT IDENTIFIER and gives it in dotted form, such as "2.5.4.3".
func (r *reader) object() (string, error) {
	v, err := r.take(tagOID)
	if err != nil {
		return "", err
	}
	contents := v.bytes()
	if len(contents) == 0 || contents[len(contents)-1]&0x80 != 0 {
		return "", v.fail("object identifier is cut off")
	}
	var dotted []byte
	arc, starts := uint64(0), true
	for _, b := range contents {
		if starts && b == 0x80 {
			return "", v.fail("object identifier has a padded arc")
		}
		if arc > math.MaxUint64>>7 {
			return "", v.fail("object identifier has an arc of more than 64 bits")
		}
		arc = arc<<7 | uint64(b&0x7f)
		starts = b&0x80 == 0
		if starts {
			dotted = appendArc(dotted, arc)
			arc = 0
		}
	}
	return string(dotted), nil
}

// appendArc adds an arc in decimal; the first number of an identifier holds two arcs (X.690, 8.19.4).
func appendArc(dotted []byte, arc uint64) []byte {
	if len(dotted) > 0 {
		return strconv.AppendUint(append(dotted, '.'), arc, 10)
	}
	root := min(arc/40, 2)
	dotted = append(dotted, '0'+byte(root), '.')
	return strconv.AppendUint(dotted, arc-root*40, 10)
}

// digestName gives OpenSSL's long name of a digest algorithm, or the dotted form itself.
func digestName(dotted string) string {
	switch dotted {
	case "1.2.840.113549.2.2":
		return "md2"
	case "1.2.840.113549.2.4":
		return "md4"
	case "1.2.840.113549.2.5":
		return "md5"
	case "2.5.8.3.101":
		return "mdc2"
	case "1.3.14.3.2.18":
		return "sha"
	case "1.3.14.3.2.26":
		return "sha1"
	case "1.3.36.3.2.1":
		return "ripemd160"
	case "1.0.10118.3.0.55":
		return "whirlpool"
	case "2.16.840.1.101.3.4.2.1":
		return "sha256"
	case "2.16.840.1.101.3.4.2.2":
		return "sha384"
	case "2.16.840.1.101.3.4.2.3":
		return "sha512"
	case "2.16.840.1.101.3.4.2.4":
		return "sha224"
	case "2.16.840.1.101.3.4.2.5":
		return "sha512-224"
	case "2.16.840.1.101.3.4.2.6":
		return "sha512-256"
	case "2.16.840.1.101.3.4.2.7":
		return "sha3-224"
	case "2.16.840.1.101.3.4.2.8":
		return "sha3-256"
	case "2.16.840.1.101.3.4.2.9":
		return "sha3-384"
	case "2.16.840.1.101.3.4.2.10":
		return "sha3-512"
	case "2.16.840.1.101.3.4.2.11":
		return "shake128"
	case "2.16.840.1.101.3.4.2.12":
		return "shake256"
	case "1.2.156.10197.1.401":
		return "sm3"
	case "1.2.643.2.2.9":
		return "GOST R 34.11-94"
	case "1.2.643.7.1.1.2.2":
		return "GOST R 34.11-2012 with 256 bit hash"
	case "1.2.643.7.1.1.2.3":
		return "GOST R 34.11-2012 with 512 bit hash"
	case "1.3.6.1.4.1.1722.12.2.1.16":
		return "blake2b512"
	case "1.3.6.1.4.1.1722.12.2.2.8":
		return "blake2s256"
	}
	return dotted
}
