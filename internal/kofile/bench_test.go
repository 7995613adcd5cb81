package kofile

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkOpener reads one module after the other as depmod does: plain files in parts, compressed ones whole.
func BenchmarkOpener(b *testing.B) {
	content := words(300 << 10)
	dir := b.TempDir()
	for _, line := range []string{"cat", "gzip -c", "xz -c --check=crc32 --lzma2=dict=1MiB", "zstd -qc -19"} {
		path := filepath.Join(dir, line)
		if err := os.WriteFile(path, run(b, content, line), 0o644); err != nil {
			b.Fatal(err)
		}
		b.Run(line, func(b *testing.B) {
			var o Opener
			b.ReportAllocs()
			for b.Loop() {
				f, err := o.Open(path)
				if err != nil {
					b.Fatal(err)
				}
				image, err := f.Image()
				if err != nil {
					b.Fatal(err)
				}
				size := image.Size()
				for _, r := range [][2]int64{{0, 64}, {size - 2048, 2048}, {size - 9000, 900}, {size - 40000, 30000}, {1000, 500}} {
					if _, err := image.Bytes(r[0], r[1]); err != nil {
						b.Fatal(err)
					}
				}
				f.Close()
			}
		})
	}
}
