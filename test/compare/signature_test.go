package compare

import (
	"bytes"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gomod/test/need"
)

const signatureMagic = "~Module signature appended~\n"

// trailer is what stands at the end of a signed module, include/linux/module_signature.h of the kernel's sources.
type trailer struct {
	Algo, Hash, IDType, SignerLen, KeyIDLen uint8
	_                                       [3]uint8
	SigLen                                  uint32
}

// TestModinfoSignatures compares what modinfo shows of signatures of every kind, good and bad.
func TestModinfoSignatures(t *testing.T) {
	module, signature := signed(t)
	pkcs7 := func(content []byte) (trailer, []byte) {
		return trailer{IDType: 2, SigLen: uint32(len(content))}, content
	}
	for name, variant := range map[string]func() (trailer, []byte){
		"good":      func() (trailer, []byte) { return pkcs7(signature) },
		"garbage":   func() (trailer, []byte) { return pkcs7(bytes.Repeat([]byte("x"), 50)) },
		"truncated": func() (trailer, []byte) { return pkcs7(signature[:100]) },
		"empty":     func() (trailer, []byte) { return pkcs7(nil) },
		"issuer":    func() (trailer, []byte) { return pkcs7(cms(t, "/O=Org/CN=Signer")) },
		"no CN":     func() (trailer, []byte) { return pkcs7(cms(t, "/O=Org/OU=Unit")) },
		"key id":    func() (trailer, []byte) { return pkcs7(cms(t, "/CN=Signer", "-keyid")) },
		"PGP":       func() (trailer, []byte) { return trailer{0, 4, 0, 6, 3, [3]uint8{}, 2}, []byte("signerkey\x01\x02") },
		"X509": func() (trailer, []byte) {
			return trailer{1, 6, 1, 6, 3, [3]uint8{}, 60}, append([]byte("signerkey"), bytes.Repeat([]byte{0xab}, 60)...)
		},
		"hash":     func() (trailer, []byte) { tr, s := pkcs7(signature); tr.Hash = 9; return tr, s },
		"id type":  func() (trailer, []byte) { tr, s := pkcs7(signature); tr.IDType = 3; return tr, s },
		"algo":     func() (trailer, []byte) { tr, s := pkcs7(signature); tr.Algo = 2; return tr, s },
		"too long": func() (trailer, []byte) { tr, s := pkcs7(signature); tr.SigLen = 1 << 31; return tr, s },
		"one more": func() (trailer, []byte) {
			tr, s := pkcs7(signature)
			tr.SigLen = uint32(len(module) + len(s) + 1)
			return tr, s
		},
	} {
		t.Run(name, func(t *testing.T) {
			end, content := variant()
			var file bytes.Buffer
			file.Write(module)
			file.Write(content)
			binary.Write(&file, binary.BigEndian, end)
			file.WriteString(signatureMagic)
			path := filepath.Join(t.TempDir(), "signed.ko")
			if err := os.WriteFile(path, file.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			for _, argv := range [][]string{{"modinfo", path}, {"modinfo", "-0", path}, {"modinfo", "-F", "signature", path}} {
				check(t, Call{Argv: argv}, nil)
			}
		})
	}
}

// signed is a distribution module without its signature, and the signature.
func signed(t *testing.T) (module, signature []byte) {
	t.Helper()
	file, err := os.ReadFile(need.File(t, "build/kernels/6.1/modules/kernel/drivers/net/dummy.ko"))
	if err != nil {
		t.Fatal(err)
	}
	var end trailer
	size := binary.Size(end)
	rest := len(file) - len(signatureMagic) - size
	if string(file[rest+size:]) != signatureMagic {
		t.Fatal("dummy.ko is not signed")
	}
	if err := binary.Read(bytes.NewReader(file[rest:]), binary.BigEndian, &end); err != nil {
		t.Fatal(err)
	}
	return file[:rest-int(end.SigLen)], file[rest-int(end.SigLen) : rest]
}

// cms makes a signature with a certificate of that subject.
func cms(t *testing.T, subject string, options ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		need.Missing(t, "openssl is missing: install it")
	}
	dir := t.TempDir()
	openssl := func(args ...string) []byte {
		cmd := exec.Command("openssl", args...)
		cmd.Dir = dir
		cmd.Stdin = bytes.NewReader([]byte("content"))
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("openssl %q: %v", args, err)
		}
		return out
	}
	openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "certificate", "-subj", subject)
	return openssl(append([]string{"cms", "-sign", "-nocerts", "-noattr", "-binary", "-outform", "DER", "-signer", "certificate", "-inkey", "key"}, options...)...)
}
