package index

// Lookup gives the first value of a key, which is compared byte for byte. Its time is bounded by the key's length.
// An error is a *CorruptError, or an *fs.PathError around ErrFault or fs.ErrClosed.
func (x *Index) Lookup(key string) (value string, found bool, err error) {
	err = x.guarded(func() (err error) {
		value, found, err = x.lookup(key)
		return err
	})
	return value, found, err
}

func (x *Index) lookup(key string) (value string, found bool, err error) {
	at, err := x.find(key)
	if err != nil || at == 0 {
		return "", false, err
	}
	count, first, err := x.count(at)
	if err != nil || count == 0 {
		return "", false, err
	}
	if x.reverseTies {
		values, _, err := x.values(nil, at, copied)
		if err != nil {
			return "", false, err
		}
		return values[0].Text, true, nil
	}
	only, _, err := x.value(first, copied)
	return only.Text, err == nil, err
}

// find gives the offset of the values of a key, 0 if it has none.
func (x *Index) find(key string) (at int, err error) {
	n, err := x.node(rootAt)
	for err == nil && n.at > 0 {
		at := n.at
		if n.parts&hasPrefix != 0 {
			rest, behind, err := x.match(key, at)
			if err != nil || behind == 0 {
				return 0, err
			}
			key, at = rest, behind
		}
		var table children
		if n.parts&hasChildren != 0 {
			if table, err = x.children(at); err != nil {
				return 0, err
			}
			at = table.behind()
		}
		if key == "" && n.parts&hasValues == 0 {
			return 0, nil
		}
		if key == "" {
			return at, nil
		}
		n, err = x.child(table, key[0])
		key = key[1:]
	}
	return 0, err
}

// match takes the prefix at an offset from the beginning of key, and gives the rest and the offset behind the prefix; that is
// 0 if key does not begin so. No more of the file is read than key is long, whatever a damaged file has for a prefix.
func (x *Index) match(key string, at int) (rest string, behind int, err error) {
	for i := 0; ; i++ {
		if at+i >= len(x.data) {
			return "", 0, x.corrupt(at, "text without an end", uint64(i))
		}
		b := x.data[at+i]
		if b == 0 {
			return key[i:], at + i + 1, nil
		}
		if i >= len(key) || key[i] != b {
			return "", 0, nil
		}
	}
}
