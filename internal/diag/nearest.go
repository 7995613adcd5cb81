package diag

import "strings"

// Nearest is the name that is most alike to the one given: of the smallest edit distance, which may be a third of its length at most; the first
// of several. "" is none; the name itself does not count. Case and the kind of dash do not count.
func Nearest(name string, names []string) string {
	wanted := folded(name)
	best, nearest := len(wanted)/3+1, ""
	for _, candidate := range names {
		if candidate == name {
			continue
		}
		if d := distance(wanted, folded(candidate), best); d < best {
			best, nearest = d, candidate
		}
	}
	return nearest
}

func folded(name string) string { return strings.ReplaceAll(strings.ToLower(name), "-", "_") }

// distance is how many characters have to be added, dropped, changed or swapped with the next one to make b of a; most stands for it and all
// above.
func distance(a, b string, most int) int {
	if len(a)-len(b) >= most || len(b)-len(a) >= most {
		return most
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], most)
}
