package pkcs7

// Builders of DER for the tables above.

var sha256 = seq(tlv(6, "\x60\x86\x48\x01\x65\x03\x04\x02\x01"))

func tlv(tag byte, contents string) string {
	if n := len(contents); n >= 0x80 {
		return string([]byte{tag, 0x82, byte(n >> 8), byte(n)}) + contents
	}
	return string([]byte{tag, byte(len(contents))}) + contents
}

func integer(contents string) string { return tlv(2, contents) }

func seq(contents string) string { return tlv(0x30, contents) }

func rdns(attributes string) string { return tlv(0x31, attributes) }

func attr(oid string, tag byte, text string) string { return seq(tlv(6, oid) + tlv(tag, text)) }

func signer(name, serial, digest string) string {
	return seq(integer("\x01") + seq(name+serial) + digest + sha256 + tlv(4, "\xde\xad"))
}

func signedData(signers string) string {
	const pkcs7 = "\x2a\x86\x48\x86\xf7\x0d\x01\x07"
	data := seq(integer("\x01") + tlv(0x31, sha256) + seq(tlv(6, pkcs7+"\x01")) + tlv(0x31, signers))
	return seq(tlv(6, pkcs7+"\x02") + tlv(0xa0, data))
}
