package kofile

import (
	"bytes"
	stdgzip "compress/gzip"
	"hash/crc32"
	"slices"
	"syscall"
	"testing"
)

func TestGzip(t *testing.T) {
	for _, s := range samples() {
		for _, options := range []string{"-1", "-6", "-9", "-n", "--rsyncable"} {
			t.Run(s.name+" "+options, func(t *testing.T) {
				expectContent(t, run(t, s.data, "gzip -c "+options), Gzip, s.data)
				expectContent(t, runOnFile(t, s.data, "gzip -c "+options), Gzip, s.data)
			})
		}
	}
}

// TestGzipTail holds what zlib's gzread does behind a member, as its manual says: "any other trailing garbage is ignored".
func TestGzipTail(t *testing.T) {
	a, b := words(5000), words(200000)
	first, second := run(t, a, "gzip -c"), run(t, b, "gzip -c")
	empty := run(t, nil, "gzip -c")
	both := slices.Concat(a, b)
	for name, c := range map[string]struct{ file, want []byte }{
		"members":         {slices.Concat(first, second), both},
		"empty members":   {slices.Concat(empty, first, empty, second, empty), both},
		"zeros":           {slices.Concat(first, make([]byte, 512)), a},
		"garbage":         {slices.Concat(first, second, []byte("garbage")), both},
		"a single byte":   {slices.Concat(first, []byte{0x1f}), a},
		"half the magic":  {slices.Concat(first, []byte{0x1f, 0x8c, 8, 0, 0, 0, 0, 0, 0, 0, 0}), a},
		"garbage between": {slices.Concat(first, []byte("garbage"), second), a},
	} {
		t.Run(name, func(t *testing.T) { expectContent(t, c.file, Gzip, c.want) })
	}
	for name, tail := range map[string][]byte{
		"magic alone": {0x1f, 0x8b}, "half a member": second[:len(second)/2], "wrong method": {0x1f, 0x8b, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := contentOf(write(t, slices.Concat(first, tail)), 0)
			expectErrno(t, err, syscall.EINVAL)
		})
	}
}

func TestGzipHeaderFields(t *testing.T) {
	content := words(1000)
	var b bytes.Buffer
	w := stdgzip.NewWriter(&b)
	w.Name, w.Comment, w.Extra = "a name", string(bytes.Repeat([]byte{'c'}, 2000)), make([]byte, 70)
	_, _ = w.Write(content)
	_ = w.Close()
	whole := b.Bytes()
	expectContent(t, whole, Gzip, run(t, whole, "gzip -dc"))
	expectContent(t, whole, Gzip, content)
	expectCutsFail(t, whole)

	// The header's own CRC, which neither gzip(1) nor Go writes: flag FHCRC and the low half of the CRC-32 (RFC 1952).
	plain := run(t, content, "gzip -nc")
	header := bytes.Clone(plain[:10])
	header[3] |= gzipHeaderCRC
	crc := crc32.ChecksumIEEE(header)
	withCRC := slices.Concat(header, []byte{byte(crc), byte(crc >> 8)}, plain[10:])
	expectContent(t, withCRC, Gzip, run(t, withCRC, "gzip -dc"))
	withCRC[10] ^= 1
	_, err := contentOf(write(t, withCRC), 0)
	expectErrno(t, err, syscall.EINVAL)

	reserved := bytes.Clone(plain)
	reserved[3] |= 0x20
	_, err = contentOf(write(t, reserved), 0)
	expectErrno(t, err, syscall.EINVAL)
}

func TestGzipCorrupt(t *testing.T) {
	content := words(300)
	compressed := runOnFile(t, content, "gzip -c")
	expectCutsFail(t, compressed)
	expectFlipsFail(t, compressed, content)
	// What is left of a second member counts only from its second byte on.
	expectCutsFail(t, slices.Concat(compressed, compressed), len(compressed), len(compressed)+1)
}
