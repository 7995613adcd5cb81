package kofile

import (
	"bytes"
	"strconv"

	"github.com/mikelolasagasti/xz"
)

// xzMaxDictionary is the dictionary in bytes that a stream gets at most: what `xz -9` asks for.
const xzMaxDictionary = 64 << 20

// What C kmod 34.2 says of xz streams.
const (
	xzCorrupt  = "File is corrupt"
	xzCut      = "Unexpected end of input"
	xzOptions  = "Unsupported compression options"
	xzNoMemory = "Cannot allocate memory"
)

// xzDecoder keeps the library's reader, and with it the dictionary, for the next file.
type xzDecoder struct {
	reader *xz.Reader
	input  bytes.Reader
}

// decode appends the content of all streams in data to buf: size bytes at most, else errFull. It verifies block checks and
// indexes.
//
// C kmod has another line in these cases: reserved flags in a footer whose CRC is right are "Unsupported compression options";
// a filter's broken properties in a later block's header are "File is corrupt"; content beyond what a valid index states may end
// as "Unexpected end of input". Checks and filters that liblzma knows and the library does not get the line of a liblzma
// without them.
func (d *xzDecoder) decode(buf, data []byte, size int) ([]byte, error) {
	buf, err := d.read(buf, data, size)
	if err == xz.ErrMemlimit {
		if small, ok := shrinkXZDictionaries(data); ok {
			buf, err = d.read(buf[:0], small, size)
		}
	}
	switch err {
	case nil, errFull:
		return buf, err
	case xz.ErrMemlimit:
		return buf, corrupt("xz", -1, "both the content and the dictionary have more than 64 MiB", xzNoMemory)
	case xz.ErrUnsupportedCheck:
		check := strconv.Itoa(int(d.reader.CheckType))
		return buf, corrupt("xz", 7, "the integrity check of type "+check+" is not supported", xzOptions)
	case xz.ErrOptions:
		return buf, corrupt("xz", -1, xzOptionsReason(data), xzOptionsWords(data))
	case xz.ErrFormat:
		return buf, corrupt("xz", -1, "bytes that are no stream follow a stream", xzCorrupt)
	case xz.ErrBuf:
		return buf, corrupt("xz", int64(len(data)), "the file is cut off or corrupt", xzCut)
	case xz.ErrData:
		return buf, corrupt("xz", -1, "the data is corrupt", xzCorrupt)
	}
	return buf, corrupt("xz", -1, err.Error(), xzCorrupt)
}

func (d *xzDecoder) read(buf, data []byte, size int) ([]byte, error) {
	d.input.Reset(data)
	var err error
	if d.reader == nil {
		d.reader, err = xz.NewReader(&d.input, xzMaxDictionary)
	} else {
		err = d.reader.Reset(&d.input)
	}
	if err != nil {
		return buf, err
	}
	return readUpTo(d.reader, buf, size)
}

// xzOptionsWords is C kmod's answer to an option that the library does not know: liblzma wants the filters to be readable
// before it looks which ones they are.
func xzOptionsWords(data []byte) string {
	if filters, _, ok := readXZBlockHeader(data[min(len(data), xzHeaderLength):]); ok && filters == nil {
		return xzCorrupt
	}
	return xzOptions
}

// xzOptionsReason names the filters of a stream that asks for something this program cannot do.
func xzOptionsReason(data []byte) string {
	h, ok := readXZHeader(data)
	if !ok {
		return "the stream needs an option that is not supported"
	}
	text := "the stream needs an option that is not supported; its filters are"
	for i, filter := range h.filters {
		if i > 0 {
			text += ","
		}
		text += " " + xzFilterName(filter.id)
	}
	return text
}
