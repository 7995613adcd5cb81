//go:build linux

#include "textflag.h"

// Where the program starts when it is linked with -E main.entry, before Go's runtime. Each of the descriptors 0 to 2 that is
// closed becomes one of "/" opened with O_PATH: nothing can be read from it or written to it, so it is as good as closed. The
// runtime would open /dev/null instead, and end the program where there is none yet, as in an early initramfs.
TEXT ·entry(SB),NOSPLIT|NOFRAME,$0
	XORQ R12, R12
next:
	MOVQ $72, AX       // fcntl
	MOVQ R12, DI
	MOVQ $1, SI        // F_GETFD
	XORQ DX, DX
	SYSCALL
	CMPQ AX, $-9       // EBADF
	JNE  open
	MOVQ $2, AX        // open
	LEAQ root<>(SB), DI
	MOVQ $0x200000, SI // O_PATH
	XORQ DX, DX
	SYSCALL
open:
	INCQ R12
	CMPQ R12, $3
	JLT  next
	JMP  _rt0_amd64_linux(SB)

DATA root<>+0(SB)/8, $"/\x00\x00\x00\x00\x00\x00\x00"
GLOBL root<>(SB), RODATA|NOPTR, $8
