package index

import (
	"fmt"
	"strings"
	"testing"
)

// aliases makes count patterns of the kinds that a distribution's kernel has most of.
func aliases(count int) []entry {
	entries := make([]entry, 0, count)
	for i := range count {
		vendor, device, owner := i*7919%4000, i*104729%65536, fmt.Sprintf("driver_%d", i%3000)
		key := fmt.Sprintf("pci:v%08Xd%08Xsv*sd*bc*sc*i*", vendor, device)
		switch i % 8 {
		case 0, 1, 2:
			key = fmt.Sprintf("usb:v%04Xp%04Xd*dc*dsc*dp*ic*isc*ip*in*", vendor, device)
		case 3:
			key = fmt.Sprintf("of:N*T*Cvendor%d,device-%dC*", vendor%100, device)
		case 4:
			key = fmt.Sprintf("acpi*:VEN%04X:*", device)
		}
		entries = append(entries, entry{key, owner, uint32(i % 3000)})
	}
	return entries
}

func BenchmarkLookup(b *testing.B) {
	entries := make([]entry, 4000)
	for i := range entries {
		entries[i] = entry{fmt.Sprintf("snd_%d_driver", i*7919%4000), "kernel/sound/snd.ko:", uint32(i)}
	}
	x, err := Open(write(b, string(encode(entries, preOrder))))
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	b.ReportAllocs()
	for i := range b.N {
		if _, found, err := x.Lookup(entries[i%len(entries)].key); !found || err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	entries := aliases(40000)
	x, err := Open(write(b, string(encode(entries, preOrder))))
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	for name, i := range map[string]int{"usb": 1, "of": 3, "acpi": 4, "pci": 5, "none": -1} {
		query, want := "platform:snd-soc-dummy", 0
		if i >= 0 {
			query, want = strings.ReplaceAll(entries[i].key, "*", "0"), 1
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if found, err := x.Search(query); len(found) < want || err != nil {
					b.Fatal(query, found, err)
				}
			}
		})
	}
}

func BenchmarkAll(b *testing.B) {
	x, err := Parse(encode(aliases(40000), preOrder))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for range b.N {
		if err := x.All(func([]byte, []Value) bool { return true }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	path := write(b, string(encode(aliases(40000), preOrder)))
	b.ReportAllocs()
	for range b.N {
		x, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		x.Close()
	}
}
