//go:build !race

package depmod

const allocations = 1
