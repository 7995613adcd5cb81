package kofile

import (
	"bytes"
	"math"
	"strconv"

	"github.com/mikelolasagasti/xz"
)

// xzMinDictionary is the dictionary in bytes that is always granted: what `xz -9` makes.
const xzMinDictionary = 64 << 20

// decodeXZ appends the content of all streams in data to buf: size bytes at most, else errFull. It verifies block checks and
// indexes. A dictionary larger than limit bytes is a *LimitError.
func decodeXZ(buf, data []byte, size int, limit int64) ([]byte, error) {
	dictionary := min(max(limit, xzMinDictionary), math.MaxUint32, maxLimit)
	r, err := xz.NewReader(bytes.NewReader(data), uint32(dictionary))
	if err == nil {
		buf, err = readUpTo(r, buf, size)
	}
	switch err {
	case nil, errFull:
		return buf, err
	case xz.ErrMemlimit:
		return buf, &LimitError{What: "the xz stream's dictionary", Limit: limit}
	case xz.ErrUnsupportedCheck:
		return buf, corrupt("xz", 7, "the integrity check of type "+strconv.Itoa(int(r.CheckType))+" is not supported")
	case xz.ErrOptions:
		return buf, corrupt("xz", -1, xzOptionsReason(data))
	case xz.ErrFormat:
		return buf, corrupt("xz", -1, "bytes that are no stream follow a stream")
	case xz.ErrBuf:
		return buf, corrupt("xz", int64(len(data)), "the file is cut off or corrupt")
	case xz.ErrData:
		return buf, corrupt("xz", -1, "the data is corrupt")
	}
	return buf, corrupt("xz", -1, err.Error())
}

// xzOptionsReason names the filters of a stream that asks for something this program cannot do.
func xzOptionsReason(data []byte) string {
	h, ok := readXZHeader(data)
	if !ok {
		return "the stream needs an option that is not supported"
	}
	text := "the stream needs an option that is not supported; its filters are"
	for i, id := range h.filters {
		if i > 0 {
			text += ","
		}
		text += " " + xzFilterName(id)
	}
	return text
}
