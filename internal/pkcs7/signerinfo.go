// Package pkcs7 reads from a PKCS#7 or CMS SignedData (RFC 2315, RFC 5652) who signed it. It checks no signature.
package pkcs7

import "bytes"

const oidSignedData = "1.2.840.113549.1.7.2"

// SignerInfo is what modinfo shows of a module's signature.
type SignerInfo struct {
	Issuer          string // commonName of the signing certificate's issuer, else the last attribute of the issuer's name; raw bytes, not always UTF-8
	SerialNumber    []byte // magnitude of the certificate's serial number, big-endian, no leading zero byte; empty for zero
	DigestAlgorithm string // OpenSSL's long name such as "sha256", else the dotted object identifier
	Signature       []byte // encryptedDigest
}

// Parse reads the first SignerInfo of a SignedData in DER, or in BER with indefinite lengths. What follows the SignedData is
// ignored. A signer named by a subjectKeyIdentifier is an error, as it is to OpenSSL's PKCS#7 functions. Certificates,
// revocation lists and attributes are passed over unread. Every error is a *SyntaxError.
//
// The result shares no memory with der.
func Parse(der []byte) (*SignerInfo, error) {
	input := reader{der, 0, len(der)}
	signers, err := input.signedData()
	if err != nil {
		return nil, err
	}
	if signers.empty() {
		return nil, signers.failHere("has no signer")
	}
	first, err := signers.signerInfo()
	if err != nil {
		return nil, err
	}
	for !signers.empty() {
		if _, err := signers.signerInfo(); err != nil {
			return nil, err
		}
	}
	return first, nil
}

// signedData reads ContentInfo and SignedData up to the set of SignerInfo.
func (r *reader) signedData() (signers value, err error) {
	none := value{}
	info, err := r.take(tagSequence)
	if err != nil {
		return none, err
	}
	at := info.pos
	oid, err := info.object()
	if err != nil {
		return none, err
	}
	if oid != oidSignedData {
		return none, &SyntaxError{Offset: at, What: "content type is " + oid + ", not signedData"}
	}
	content, err := info.take(tagExplicit0)
	if err != nil {
		return none, err
	}
	data, err := content.take(tagSequence)
	if err != nil {
		return none, err
	}
	if err := data.signedContent(); err != nil {
		return none, err
	}
	for _, tag := range [...]byte{tagExplicit0, tagExplicit1} { // certificates, crls
		if err := data.skipOptional(tag); err != nil {
			return none, err
		}
	}
	if signers, err = data.take(tagSet); err != nil {
		return none, err
	}
	for _, outer := range [...]*value{&data, &content, &info} {
		if err := outer.close(); err != nil {
			return none, err
		}
	}
	return signers, nil
}

// signedContent passes over version, digestAlgorithms and contentInfo of a SignedData.
func (r *reader) signedContent() error {
	if _, err := r.take(tagInteger); err != nil {
		return err
	}
	digests, err := r.take(tagSet)
	if err != nil {
		return err
	}
	for !digests.empty() {
		if _, err := digests.algorithm(); err != nil {
			return err
		}
	}
	content, err := r.take(tagSequence)
	if err != nil {
		return err
	}
	if _, err := content.object(); err != nil {
		return err
	}
	if err := content.skipOptional(tagExplicit0); err != nil {
		return err
	}
	return content.close()
}

func (r *reader) signerInfo() (*SignerInfo, error) {
	v, err := r.take(tagSequence)
	if err != nil {
		return nil, err
	}
	if _, err := v.take(tagInteger); err != nil { // version
		return nil, err
	}
	s := new(SignerInfo)
	if err := v.issuerAndSerialNumber(s); err != nil {
		return nil, err
	}
	if s.DigestAlgorithm, err = v.algorithm(); err != nil {
		return nil, err
	}
	s.DigestAlgorithm = digestName(s.DigestAlgorithm)
	if err := v.skipOptional(tagExplicit0); err != nil { // authenticatedAttributes
		return nil, err
	}
	if _, err := v.algorithm(); err != nil { // digestEncryptionAlgorithm
		return nil, err
	}
	signature, err := v.take(tagOctetString)
	if err != nil {
		return nil, err
	}
	s.Signature = bytes.Clone(signature.bytes())
	if err := v.skipOptional(tagExplicit1); err != nil { // unauthenticatedAttributes
		return nil, err
	}
	return s, v.close()
}

func (r *reader) issuerAndSerialNumber(s *SignerInfo) error {
	if r.nextIs(0x80) {
		return r.failHere("the signer is named by a subjectKeyIdentifier, not by issuer and serial number")
	}
	v, err := r.take(tagSequence)
	if err != nil {
		return err
	}
	if s.Issuer, err = v.commonName(); err != nil {
		return err
	}
	if s.SerialNumber, err = v.magnitude(); err != nil {
		return err
	}
	return v.close()
}

// algorithm reads an AlgorithmIdentifier and gives its object identifier in dotted form.
func (r *reader) algorithm() (string, error) {
	v, err := r.take(tagSequence)
	if err != nil {
		return "", err
	}
	oid, err := v.object()
	if err != nil {
		return "", err
	}
	if !v.empty() { // parameters
		if _, err := v.next(); err != nil {
			return "", err
		}
	}
	return oid, v.close()
}

// magnitude reads an INTEGER and gives its absolute value, big-endian without leading zero bytes.
func (r *reader) magnitude() ([]byte, error) {
	v, err := r.take(tagInteger)
	if err != nil {
		return nil, err
	}
	b := v.bytes()
	if len(b) == 0 {
		return nil, v.fail("INTEGER has no bytes")
	}
	negative := b[0]&0x80 != 0
	if len(b) > 1 && (b[0] == 0 && b[1]&0x80 == 0 || b[0] == 0xff && b[1]&0x80 != 0) {
		return nil, v.fail("INTEGER is padded")
	}
	m := bytes.Clone(b)
	if negative {
		negate(m)
	}
	return bytes.TrimLeft(m, "\x00"), nil
}

// negate turns a negative number in two's complement into its magnitude.
func negate(b []byte) {
	carry := byte(1)
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = ^b[i] + carry
		if b[i] != 0 {
			carry = 0
		}
	}
}
