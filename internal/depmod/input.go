package depmod

import (
	"bytes"
	"errors"
	"io"
	"os"
	"syscall"

	"gomod/internal/textfile"
)

// inputLimit is the most bytes that a text file may have, such as System.map, which has some 10 million.
const inputLimit = 64 << 20

// readInput reads a text file of the module folder. A folder reads as empty, as in C kmod.
func readInput(path string) ([]byte, error) {
	data, err := textfile.Read(path, inputLimit)
	if errors.Is(err, syscall.EISDIR) {
		return nil, nil
	}
	return data, err
}

// readOperand reads the file that -E or -F names, which may well be a pipe, as from `zcat System.map.gz`: that is waited for. But it does not
// wait for somebody to open a FIFO's other end.
func readOperand(path string) ([]byte, error) {
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
		return nil, &os.PathError{Op: "read", Path: path, Err: &textfile.LimitError{Limit: inputLimit}}
	}
	var data bytes.Buffer
	if stat.Mode().IsRegular() {
		data.Grow(int(stat.Size()) + bytes.MinRead)
	}
	n, err := data.ReadFrom(io.LimitReader(file, inputLimit+1))
	if err == nil && n > inputLimit {
		err = &os.PathError{Op: "read", Path: path, Err: &textfile.LimitError{Limit: inputLimit}}
	}
	return data.Bytes(), err
}
