package xz

import "testing"

func BenchmarkDecode(b *testing.B) {
	content := program(b)
	file := compressed(b, content, "-6 --check=crc32")
	buf := make([]byte, 0, len(content)+Slack)
	var d Decoder
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		if _, err := d.Decode(buf, file, len(content)); err != nil {
			b.Fatal(err)
		}
	}
}
