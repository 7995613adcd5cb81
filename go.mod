module gomod

go 1.26.8

require github.com/spf13/pflag v1.0.9

require (
	github.com/klauspost/compress v1.20.3 // indirect
	github.com/mikelolasagasti/xz v1.0.1 // indirect
	golang.org/x/sys v0.49.0 // indirect
)
