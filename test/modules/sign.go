package modules

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// ForeignSigner is the name in the certificate of the key that the variant foreign-key.ko is signed with.
const ForeignSigner = "gomod test key"

// signForeign signs as the kernel's scripts/sign-file does, with a key that is made for the occasion and thrown away.
func signForeign(origin []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "sign")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	key, certificate := filepath.Join(dir, "key"), filepath.Join(dir, "certificate")
	_, err = openssl(nil, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN="+ForeignSigner)
	if err != nil {
		return nil, err
	}
	signature, err := openssl(origin, "cms", "-sign", "-nocerts", "-noattr", "-nosmimecap", "-binary", "-md", "sha256", "-outform", "DER",
		"-signer", certificate, "-inkey", key)
	if err != nil {
		return nil, err
	}
	const idPKCS7 = 2
	file := append(bytes.Clone(origin), signature...)
	file = append(file, 0, 0, idPKCS7, 0, 0, 0, 0, 0)
	file = binary.BigEndian.AppendUint32(file, uint32(len(signature)))
	return append(file, "~Module signature appended~\n"...), nil
}

func openssl(input []byte, arguments ...string) ([]byte, error) {
	command := exec.Command("openssl", arguments...)
	var said bytes.Buffer
	command.Stdin, command.Stderr = bytes.NewReader(input), &said
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w; it said:\n%s", command, err, said.Bytes())
	}
	return output, nil
}
