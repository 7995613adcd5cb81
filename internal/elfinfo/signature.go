package elfinfo

import (
	"bytes"
	"encoding/binary"

	"gomod/internal/pkcs7"
)

const signatureMagic = "~Module signature appended~\n"

// trailerSize is that of struct module_signature (include/linux/module_signature.h), which stands before the magic:
// algo, hash, id_type, signer_len, key_id_len, three bytes unused, sig_len (big-endian).
const trailerSize = 12

const algorithmCount = 2 // DSA, RSA

const idPKCS7 = 2

var (
	idNames   = [...]string{"PGP", "X509", "PKCS#7"}
	hashNames = [...]string{"md4", "md5", "sha1", "rmd160", "sha256", "sha384", "sha512", "sha224", "sm3"}
)

// Signature is who signed a module and how. Nothing of it was verified.
type Signature struct {
	ID        string // "PKCS#7", "X509" or "PGP"
	Signer    string // issuer of the key; bytes as they stand in the file
	KeyID     []byte // PKCS#7: serial number of the certificate
	HashAlgo  string // "sha256"; "unknown" if Problem is set
	Signature []byte
	Problem   error // a *pkcs7.SyntaxError: why the fields above but ID are empty; C kmod 34.2 shows none of the five then
}

// ReadSignature reads the signature at the end of a decompressed module, whatever the module itself is; false if there is none.
// An error is one of reading the image.
func ReadSignature(img Image) (*Signature, bool, error) {
	end := img.Size() - trailerSize - int64(len(signatureMagic))
	if end < 0 {
		return nil, false, nil
	}
	trailer, err := img.Bytes(end, trailerSize+int64(len(signatureMagic)))
	if err != nil {
		return nil, false, err
	}
	algorithm, hash, id := trailer[0], trailer[1], trailer[2]
	signerSize, keyIDSize := int64(trailer[3]), int64(trailer[4])
	size := int64(binary.BigEndian.Uint32(trailer[8:]))
	start := end - size - keyIDSize - signerSize
	if string(trailer[trailerSize:]) != signatureMagic || algorithm >= algorithmCount || int(hash) >= len(hashNames) ||
		int(id) >= len(idNames) || size == 0 || start < 0 {
		return nil, false, nil
	}
	data, err := img.Bytes(start, end-start)
	if err != nil {
		return nil, false, err
	}
	data = bytes.Clone(data)
	signer, keyID, signature := data[:signerSize], data[signerSize:signerSize+keyIDSize], data[signerSize+keyIDSize:]
	s := &Signature{ID: idNames[id]}
	if id == idPKCS7 {
		s.fromPKCS7(signature)
		return s, true, nil
	}
	if nul := bytes.IndexByte(signer, 0); nul >= 0 {
		signer = signer[:nul]
	}
	s.Signer, s.KeyID, s.HashAlgo, s.Signature = string(signer), keyID, hashNames[hash], signature
	return s, true, nil
}

func (s *Signature) fromPKCS7(der []byte) {
	info, err := pkcs7.Parse(der)
	if err != nil {
		s.HashAlgo, s.Problem = "unknown", err
		return
	}
	s.Signer, s.KeyID, s.HashAlgo, s.Signature = info.Issuer, info.SerialNumber, info.DigestAlgorithm, info.Signature
}
