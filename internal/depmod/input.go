package depmod

import (
	"bytes"
	"io"
	"os"
	"syscall"
)

// inputLimit is the most bytes that a text file may have, such as System.map, which has some 10 million.
const inputLimit = 64 << 20

// readInput reads a text file of the kernel's build. A folder reads as empty, as in C kmod. It does not wait for the other
// end of a FIFO.
func readInput(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	stat, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if stat.IsDir() {
		return nil, nil
	}
	if stat.Size() > inputLimit { // it may be sparse
		return nil, syscall.EFBIG
	}
	var data bytes.Buffer
	if stat.Mode().IsRegular() {
		data.Grow(int(stat.Size()) + bytes.MinRead)
	}
	n, err := data.ReadFrom(io.LimitReader(file, inputLimit+1))
	if err == nil && n > inputLimit {
		err = syscall.EFBIG
	}
	return data.Bytes(), err
}
