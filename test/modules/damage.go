package modules

import (
	"bytes"
	"encoding/binary"
	"math"
)

// Edits that need not know what the bytes mean.

// chain makes one edit of several, the first one first.
func chain(edits ...edit) edit {
	return func(file []byte) ([]byte, error) {
		for _, next := range edits {
			var err error
			if file, err = next(file); err != nil {
				return nil, err
			}
		}
		return file, nil
	}
}

func unchanged(origin []byte) ([]byte, error) { return origin, nil }

// fixed takes nothing of the origin.
func fixed(data []byte) edit {
	return func([]byte) ([]byte, error) { return data, nil }
}

// first keeps the first n bytes.
func first(n int) edit {
	return func(origin []byte) ([]byte, error) { return origin[:n], nil }
}

func firstHalf(origin []byte) ([]byte, error) { return origin[:len(origin)/2], nil }

func allButLastByte(origin []byte) ([]byte, error) { return origin[:len(origin)-1], nil }

// untilModinfo ends in the middle of .modinfo.
func untilModinfo(origin []byte) ([]byte, error) {
	_, modinfo, err := findSection(origin, ".modinfo")
	if err != nil {
		return nil, err
	}
	return origin[:bytes.Index(origin, modinfo)+len(modinfo)/2], nil
}

func flipMiddleBit(origin []byte) ([]byte, error) {
	file := bytes.Clone(origin)
	file[len(file)/2] ^= 1 << 3
	return file, nil
}

// appendGarbage adds bytes that no section covers.
func appendGarbage(origin []byte) ([]byte, error) {
	return append(bytes.Clone(origin), bytes.Repeat([]byte("\xde\xad\xbe\xef"), 100)...), nil
}

// appendLyingSignature adds the trailer of a signed module (struct module_signature in linux/module_signature.h, then the
// magic) whose three lengths are far beyond the file.
func appendLyingSignature(origin []byte) ([]byte, error) {
	const idPKCS7, signerLength, keyIDLength = 2, 255, 255
	file := append(bytes.Clone(origin), "this is no signature"...)
	file = append(file, 0, 0, idPKCS7, signerLength, keyIDLength, 0, 0, 0)
	file = binary.BigEndian.AppendUint32(file, math.MaxUint32)
	return append(file, "~Module signature appended~\n"...), nil
}
