package depmod

import (
	"sync"
	"sync/atomic"
)

// parallel calls a function for each number below n, on several goroutines. Every one of these has a function of its own, made by
// worker, which may keep what is dear to make.
func (r *run) parallel(n int, worker func() func(i int)) {
	var next atomic.Int64
	var running sync.WaitGroup
	for range min(r.Workers, n) {
		running.Go(func() {
			do := worker()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	running.Wait()
}
