package depmod

// hash is Paul Hsieh's SuperFastHash over the bytes of a name, by which C kmod sorts modules and symbols into buckets: the
// order of its files comes from there.
func hash(name string) uint32 {
	if name == "" {
		return 0
	}
	h := uint32(len(name))
	for len(name) >= 4 {
		h += half(name)
		h = h<<16 ^ (half(name[2:])<<11 ^ h)
		h += h >> 11
		name = name[4:]
	}
	switch len(name) {
	case 3:
		h += half(name)
		h ^= h << 16
		h ^= signed(name[2]) << 18
		h += h >> 11
	case 2:
		h += half(name)
		h ^= h << 11
		h += h >> 17
	case 1:
		h += signed(name[0])
		h ^= h << 10
		h += h >> 1
	}
	h ^= h << 3
	h += h >> 5
	h ^= h << 4
	h += h >> 17
	h ^= h << 25
	return h + h>>6
}

// half is two bytes as a little-endian number.
func half(s string) uint32 { return uint32(s[0]) | uint32(s[1])<<8 }

// signed is what C's char is on x86.
func signed(b byte) uint32 { return uint32(int32(int8(b))) }
