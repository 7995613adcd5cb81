// Package xz decodes .xz files that are in memory as a whole, which is what makes it quick: the output is its own dictionary.
//
// The format is that of "The .xz File Format", version 1.2.1; section numbers in comments are its. All checks are known, and all
// filters but RISC-V's. What is refused, and with which kind of error, is what liblzma 5.8 does.
package xz

// Magic are the first bytes of a file.
const Magic = "\xfd7zXZ\x00"

// Slack is how many bytes beyond the size of its content a buffer should have, so that matches can be copied in large steps up to
// its end.
const Slack = 16

// Decoder decodes one file after another. The zero value works. A Decoder belongs to one goroutine.
type Decoder struct {
	src []byte
	at  int // of the next byte in src
	out []byte
	n   int // the bytes in out
	// size is the most that n may become.
	size int

	// records are those that the index of the stream must have.
	records    []record
	dictionary window
	lzma       lzma
}

// Decode gives the content of all streams in src. It is written to buf, up to its capacity; buf must have room for size bytes.
// ErrFull says that the content has more than size bytes; all other errors are of type *Error. Nothing is allocated for what a file
// merely claims.
func (d *Decoder) Decode(buf, src []byte, size int) ([]byte, error) {
	d.src, d.at = src, 0
	d.out, d.n, d.size = buf[:cap(buf)], 0, size
	err := d.streams()
	content := d.out[:d.n]
	d.src, d.out = nil, nil
	return content, err
}

// streams decodes all streams and the padding after each, section 2.
func (d *Decoder) streams() error {
	for {
		if err := d.stream(); err != nil {
			return err
		}
		start := d.at
		for d.at < len(d.src) && d.src[d.at] == 0 {
			d.at++
		}
		switch {
		case (d.at-start)%4 != 0:
			return d.corrupt("the padding after a stream is no multiple of 4 bytes")
		case d.at == len(d.src):
			return nil
		}
	}
}

// stream decodes a stream, section 2.1.
func (d *Decoder) stream() error {
	check, err := d.streamHeader()
	if err != nil {
		return err
	}
	d.records = d.records[:0]
	for {
		switch {
		case d.at == len(d.src):
			return d.cut()
		case d.src[d.at] == 0:
			return d.streamEnd(check)
		}
		if err := d.block(check); err != nil {
			return err
		}
	}
}

func (d *Decoder) streamHeader() (Check, error) {
	if len(d.src)-d.at < headerLength {
		return 0, d.cut()
	}
	head := d.src[d.at : d.at+headerLength]
	switch {
	case string(head[:len(Magic)]) != Magic:
		return 0, d.corrupt("bytes that are no stream follow a stream")
	case !crcFits(head[6:8], head[8:]):
		return 0, d.corrupt("the CRC of the stream's header is wrong")
	case head[6] != 0 || head[7] > maxCheck:
		return 0, d.unsupported("the stream's header has flags that are reserved")
	}
	d.at += headerLength
	return Check(head[7]), nil
}

// streamEnd reads the index and the footer of a stream, sections 2.1.2 and 4.
func (d *Decoder) streamEnd(check Check) error {
	start := d.at
	if err := d.index(); err != nil {
		return err
	}
	length := d.at - start
	if len(d.src)-d.at < headerLength {
		return d.cut()
	}
	foot := d.src[d.at : d.at+headerLength]
	switch {
	case string(foot[10:]) != footerMagic:
		return d.corrupt("a stream does not end with a footer")
	case !crcFits(foot[4:10], foot):
		return d.corrupt("the CRC of a stream's footer is wrong")
	case foot[8] != 0 || foot[9] > maxCheck:
		return d.unsupported("a stream's footer has flags that are reserved")
	case backwardSize(foot) != int64(length):
		return d.corrupt("a stream's footer has another length of the index")
	case Check(foot[9]) != check:
		return d.corrupt("a stream's footer has another check than its header")
	}
	d.at += headerLength
	return nil
}
