// Package modules builds the kernel modules of testdata/modules against real kernel headers and makes broken variants
// of them. It is for tests only: it runs make, gcc, xz, zstd and gzip.
//
// Everything lies below build/testmodules:
//
//	6.12/*.ko          the modules for the kernel whose headers are build/headers/6.12; 6.1-arm64 is for another machine
//	6.12/variants/     the files of Variants
//	6.12/make.log      what make said
//	bombs/             the variants that expand to 2 GiB; they belong to no kernel and are made once
package modules
