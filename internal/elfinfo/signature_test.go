package elfinfo

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gomod/internal/pkcs7"
)

// trailer gives what follows a signature.
func trailer(algorithm, hash, id byte, signer, keyID int, size uint32) string {
	b := []byte{algorithm, hash, id, byte(signer), byte(keyID), 0, 0, 0}
	return string(binary.BigEndian.AppendUint32(b, size)) + signatureMagic
}

type signatureSample struct {
	name  string
	image string
	want  *Signature // nil: not signed
}

// C kmod 34.2 shows the same of these behind a module.
func signatureSamples(module string) []signatureSample {
	body := module + "Jane\x0b\xad" + "SIGN"
	size := uint32(len(body))
	jane := func(id, hash string) *Signature {
		return &Signature{ID: id, Signer: "Jane", KeyID: []byte{0x0b, 0xad}, HashAlgo: hash, Signature: []byte("SIGN")}
	}
	all := []signatureSample{
		{"PGP", body + trailer(0, 4, 0, 4, 2, 4), jane("PGP", "sha256")},
		{"X509", body + trailer(1, 2, 1, 4, 2, 4), jane("X509", "sha1")},
		{"signer up to NUL", module + "Ja\x00e" + "SIGN" + trailer(0, 0, 1, 4, 0, 4), &Signature{ID: "X509", Signer: "Ja", HashAlgo: "md4", Signature: []byte("SIGN")}},
		{"algorithm 2", body + trailer(2, 4, 0, 4, 2, 4), nil},
		{"hash 9", body + trailer(0, 9, 0, 4, 2, 4), nil},
		{"id 3", body + trailer(0, 4, 3, 4, 2, 4), nil},
		{"size 0", body + trailer(0, 4, 0, 4, 2, 0), nil},
		{"one byte too long", body + trailer(0, 4, 0, 4, 2, size-5), nil},
		{"longer than the file", body + trailer(0, 4, 0, 4, 2, 1<<32-1), nil},
		{"magic not at the end", body + trailer(0, 4, 0, 4, 2, 4) + "\n", nil},
		{"no magic", body, nil},
	}
	for i, hash := range []string{"md4", "md5", "sha1", "rmd160", "sha256", "sha384", "sha512", "sha224", "sm3"} {
		all = append(all, signatureSample{"hash " + hash, body + trailer(0, byte(i), 1, 4, 2, 4), jane("X509", hash)})
	}
	return all
}

func TestSignature(t *testing.T) {
	whole := []byte("\x7fELFJane")
	all := append(signatureSamples("any bytes "),
		signatureSample{"whole file", string(whole) + trailer(0, 0, 0, 0, 0, 8), &Signature{ID: "PGP", HashAlgo: "md4", Signature: whole}},
		signatureSample{"trailer alone", trailer(0, 0, 0, 0, 0, 1), nil},
		signatureSample{"magic alone", signatureMagic, nil},
		signatureSample{"empty", "", nil})
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			got, signed, err := ReadSignature(memory(s.image))
			if err != nil || signed != (got != nil) {
				t.Fatal(got, signed, err)
			}
			checkSignature(t, got, s.want)
		})
	}
}

func checkSignature(t *testing.T, got, want *Signature) {
	t.Helper()
	if got == nil || want == nil {
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		return
	}
	if got.ID != want.ID || got.Signer != want.Signer || got.HashAlgo != want.HashAlgo || got.Problem != nil ||
		!bytes.Equal(got.KeyID, want.KeyID) || !bytes.Equal(got.Signature, want.Signature) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// The fields of the trailer count only for where the PKCS#7 begins.
func TestSignaturePKCS7(t *testing.T) {
	der := pkcs7File(t, "rsa-sha256")
	image := "module" + "Jane\x0b\xad" + string(der) + trailer(1, 8, 2, 4, 2, uint32(len(der)))
	got, signed, err := ReadSignature(memory(image))
	if err != nil || !signed {
		t.Fatal(signed, err)
	}
	checkSignature(t, got, &Signature{ID: "PKCS#7", Signer: "Example module key", KeyID: []byte{0x11, 0x22, 0x33, 0x44, 0x55},
		HashAlgo: "sha256", Signature: der[len(der)-128:]})
}

func TestSignatureUnknown(t *testing.T) {
	for name, der := range map[string][]byte{"garbage": []byte("garbage"), "subjectKeyIdentifier": pkcs7File(t, "key-identifier")} {
		got, signed, err := ReadSignature(memory("module" + string(der) + trailer(0, 4, 2, 0, 0, uint32(len(der)))))
		if err != nil || !signed {
			t.Fatal(name, signed, err)
		}
		if _, ok := errors.AsType[*pkcs7.SyntaxError](got.Problem); !ok {
			t.Errorf("%s: problem is %v", name, got.Problem)
		}
		if got.ID != "PKCS#7" || got.HashAlgo != "unknown" || got.Signer != "" || got.KeyID != nil || got.Signature != nil {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func pkcs7File(t testing.TB, name string) []byte {
	t.Helper()
	der, err := os.ReadFile(filepath.Join("../pkcs7/testdata", name+".der"))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// plainSignature reads struct module_signature and what is before it by encoding/binary; nil where there is none.
func plainSignature(image []byte) *Signature {
	var info struct {
		Algorithm, Hash, ID, SignerSize, KeyIDSize byte
		_                                          [3]byte
		Size                                       uint32
	}
	image, found := bytes.CutSuffix(image, []byte("~Module signature appended~\n"))
	start := len(image) - binary.Size(info)
	if !found || start < 0 {
		return nil
	}
	if _, err := binary.Decode(image[start:], binary.BigEndian, &info); err != nil {
		return nil
	}
	hashes := strings.Fields("md4 md5 sha1 rmd160 sha256 sha384 sha512 sha224 sm3")
	if info.Algorithm > 1 || int(info.Hash) >= len(hashes) || info.ID > 2 || info.Size == 0 ||
		int64(info.Size)+int64(info.SignerSize)+int64(info.KeyIDSize) > int64(start) {
		return nil
	}
	last := func(size int) []byte {
		start -= size
		return image[start:][:size]
	}
	s := &Signature{ID: []string{"PGP", "X509", "PKCS#7"}[info.ID], HashAlgo: hashes[info.Hash], Signature: last(int(info.Size))}
	s.KeyID = last(int(info.KeyIDSize))
	s.Signer = strings.Split(string(last(int(info.SignerSize))), "\x00")[0]
	if info.ID < 2 {
		return s
	}
	// FuzzParse of pkcs7 sees to what is in there.
	inner, err := pkcs7.Parse(s.Signature)
	if err != nil {
		return &Signature{ID: s.ID, HashAlgo: "unknown", Problem: err}
	}
	return &Signature{s.ID, inner.Issuer, inner.SerialNumber, inner.DigestAlgorithm, inner.Signature, nil}
}

// FuzzSignature: an image has the signature that the plain way finds, or none, and with another one behind it that one.
func FuzzSignature(f *testing.F) {
	for _, s := range signatureSamples("module") {
		f.Add([]byte(s.image))
	}
	for _, name := range []string{"rsa-sha256", "streamed", "key-identifier"} {
		der := pkcs7File(f, name)
		f.Add([]byte(string(der) + trailer(0, 0, 2, 0, 0, uint32(len(der)))))
	}
	f.Fuzz(func(t *testing.T, image []byte) {
		before := bytes.Clone(image)
		got, signed, err := ReadSignature(memory(image))
		if !bytes.Equal(image, before) {
			t.Fatal("image was changed")
		}
		if err != nil || signed != (got != nil) {
			t.Fatal(got, signed, err)
		}
		if want := plainSignature(image); signed != (want != nil) || signed && !sameSignature(got, want) {
			t.Fatalf("%+v instead of %+v", got, want)
		}
		signedAgain(t, image)
	})
}

func sameSignature(a, b *Signature) bool {
	return a.ID == b.ID && a.Signer == b.Signer && a.HashAlgo == b.HashAlgo &&
		bytes.Equal(a.KeyID, b.KeyID) && bytes.Equal(a.Signature, b.Signature) && reflect.DeepEqual(a.Problem, b.Problem)
}

// signedAgain puts a signature behind an image, made of the image's own bytes, and wants it back.
func signedAgain(t *testing.T, image []byte) {
	if len(image) < 6 {
		return
	}
	cut := func(from []byte, most byte) (part, rest []byte) {
		n := min(int(most), len(from))
		return from[:n], from[n:]
	}
	signer, rest := cut(image, image[0])
	keyID, rest := cut(rest, image[1])
	signature := append(bytes.Clone(rest), 's')
	algorithm, hash, id := image[2]%2, image[3]%9, image[4]%2
	text := string(image) + string(signer) + string(keyID) + string(signature) +
		trailer(algorithm, hash, id, len(signer), len(keyID), uint32(len(signature)))
	want := &Signature{
		ID: []string{"PGP", "X509"}[id], Signer: strings.Split(string(signer), "\x00")[0], KeyID: keyID,
		HashAlgo: []string{"md4", "md5", "sha1", "rmd160", "sha256", "sha384", "sha512", "sha224", "sm3"}[hash], Signature: signature,
	}
	got, signed, err := ReadSignature(memory([]byte(text)))
	if err != nil || !signed || !sameSignature(got, want) {
		t.Fatalf("%+v %v %v instead of %+v", got, signed, err, want)
	}
}
