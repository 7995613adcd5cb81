package pkcs7

import (
	"math"
	"strconv"
)

// Identifier octets (X.690, 8.1.2) of the types that occur here.
const (
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagOID         = 0x06
	tagSequence    = 0x30
	tagSet         = 0x31
	tagExplicit0   = 0xa0 // [0], constructed
	tagExplicit1   = 0xa1 // [1], constructed

	highTagNumber = 0x1f // low five bits of an identifier that goes on in further octets; nothing here has one
	constructed   = 0x20
)

// maxDepth bounds how deep values of indefinite length may lie in each other. A signature with certificates needs about ten.
const maxDepth = 32

// SyntaxError says where a signature is not what this package can read.
type SyntaxError struct {
	Offset int    // of the value at fault, from the start of the input
	What   string // what is wrong, with the offending value
}

func (e *SyntaxError) Error() string {
	return "PKCS#7 offset " + strconv.Itoa(e.Offset) + ": " + e.What
}

// reader walks the values of one constructed value, der[pos:end]. It takes BER: OpenSSL writes indefinite lengths when it
// streams (openssl cms -stream), and reads lengths that are longer than they need to be.
type reader struct {
	der      []byte
	pos, end int
}

// value is one tag-length-value: its contents are a reader's der[pos:end].
type value struct {
	tag byte
	reader
}

// bytes are the contents octets.
func (v value) bytes() []byte { return v.der[v.pos:v.end] }

func (v value) fail(what string) error { return &SyntaxError{Offset: v.pos, What: what} }

func (r *reader) failHere(what string) error { return &SyntaxError{Offset: r.pos, What: what} }

func (r *reader) empty() bool { return r.pos == r.end }

// nextIs tells whether another value follows and has this tag.
func (r *reader) nextIs(tag byte) bool { return r.pos < r.end && r.der[r.pos] == tag }

// take reads the next value, which must have this tag.
func (r *reader) take(tag byte) (value, error) {
	if r.empty() {
		return value{}, r.failHere("ends where a value of tag " + hexByte(tag) + " belongs")
	}
	if found := r.der[r.pos]; found != tag {
		return value{}, r.failHere("tag is " + hexByte(found) + ", not " + hexByte(tag))
	}
	return r.next()
}

// skipOptional passes over the next value if it has this tag.
func (r *reader) skipOptional(tag byte) error {
	if !r.nextIs(tag) {
		return nil
	}
	_, err := r.next()
	return err
}

// close reports what follows the last value that belongs here.
func (r *reader) close() error {
	if r.empty() {
		return nil
	}
	return r.failHere("unexpected value of tag " + hexByte(r.der[r.pos]))
}

// next reads one value of any tag.
func (r *reader) next() (value, error) {
	start := r.pos
	v, indefinite, err := r.header()
	if err != nil {
		return value{}, err
	}
	if !indefinite {
		r.pos = v.end
		return v, nil
	}
	end, err := endOfContents(r.der, v.pos, r.end)
	if err != nil {
		return value{}, err
	}
	if end < 0 {
		return value{}, &SyntaxError{Offset: start, What: "value of indefinite length has no end"}
	}
	v.end = end
	r.pos = end + 2
	return v, nil
}

// header reads identifier and length octets and moves past them. A value of indefinite length gets everything up to r.end.
func (r *reader) header() (v value, indefinite bool, err error) {
	start := r.pos
	if r.end-start < 2 {
		return v, false, r.failHere("ends inside a value's header")
	}
	tag, length := r.der[start], uint64(r.der[start+1])
	if tag == 0 || tag&highTagNumber == highTagNumber {
		return v, false, r.failHere("tag " + hexByte(tag) + " is out of place")
	}
	r.pos += 2
	switch {
	case length == 0x80:
		if tag&constructed == 0 {
			return v, false, &SyntaxError{Offset: start, What: "primitive value of tag " + hexByte(tag) + " has an indefinite length"}
		}
		return value{tag, reader{r.der, r.pos, r.end}}, true, nil
	case length > 0x80:
		if length, err = r.longLength(int(length & 0x7f)); err != nil {
			return v, false, err
		}
	}
	if left := r.end - r.pos; length > uint64(left) {
		return v, false, &SyntaxError{Offset: start, What: "value of " + strconv.FormatUint(length, 10) + " bytes does not fit into the " + strconv.Itoa(left) + " that are left"}
	}
	return value{tag, reader{r.der, r.pos, r.pos + int(length)}}, false, nil
}

// longLength reads a length of n octets; leading ones may be zero.
func (r *reader) longLength(n int) (uint64, error) {
	if n > r.end-r.pos {
		return 0, r.failHere("ends inside a length of " + strconv.Itoa(n) + " bytes")
	}
	length := uint64(0)
	for _, b := range r.der[r.pos : r.pos+n] {
		if length > math.MaxUint64>>8 {
			return 0, r.failHere("length of " + strconv.Itoa(n) + " bytes exceeds 64 bits")
		}
		length = length<<8 | uint64(b)
	}
	r.pos += n
	return length, nil
}

// endOfContents finds the end-of-contents octets (X.690, 8.1.5) that belong to the value of indefinite length whose contents
// begin at pos; -1 if there are none before end. It reads each byte once and follows only values of indefinite length.
func endOfContents(der []byte, pos, end int) (int, error) {
	r := reader{der, pos, end}
	for depth := 1; r.end-r.pos >= 2; {
		if r.der[r.pos] == 0 && r.der[r.pos+1] == 0 {
			if depth--; depth == 0 {
				return r.pos, nil
			}
			r.pos += 2
			continue
		}
		v, indefinite, err := r.header()
		if err != nil {
			return 0, err
		}
		if !indefinite {
			r.pos = v.end
			continue
		}
		if depth++; depth > maxDepth {
			return 0, r.failHere("more than " + strconv.Itoa(maxDepth) + " values of indefinite length in each other")
		}
	}
	return -1, nil
}

func hexByte(b byte) string {
	const digits = "0123456789abcdef"
	return "0x" + string([]byte{digits[b>>4], digits[b&15]})
}
