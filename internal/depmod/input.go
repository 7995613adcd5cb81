package depmod

import (
	"bytes"
	"errors"
	"io"
	"os"
	"syscall"

	"gomod/internal/textfile"
)

// The most bytes that a text file may have. modules.order and modules.builtin of a kernel with all there is, in modules or built in, have half a
// million, System.map some 10 million. Of a list of nonsense a line of two bytes becomes some 100 bytes of an index and of what makes it.
const (
	orderLimit   = 4 << 20
	builtinLimit = 1 << 20
	operandLimit = 32 << 20
)

// readInput reads a text file of the module folder, of at most limit bytes. A folder reads as empty, as in C kmod.
func readInput(path string, limit int) ([]byte, error) {
	data, err := textfile.Read(path, limit)
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
	if stat.Size() > operandLimit { // it may be sparse
		return nil, &os.PathError{Op: "read", Path: path, Err: &textfile.LimitError{Limit: operandLimit}}
	}
	var data bytes.Buffer
	if stat.Mode().IsRegular() {
		data.Grow(int(stat.Size()) + bytes.MinRead)
	}
	n, err := data.ReadFrom(io.LimitReader(file, operandLimit+1))
	if err == nil && n > operandLimit {
		err = &os.PathError{Op: "read", Path: path, Err: &textfile.LimitError{Limit: operandLimit}}
	}
	return data.Bytes(), err
}
