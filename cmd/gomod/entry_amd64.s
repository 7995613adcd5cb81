//go:build linux

#include "textflag.h"

// Where the program starts when it is linked with -E main.entry, before Go's runtime. entry.go says what it does and why. The stack has argc,
// argv, a NULL, the environment, a NULL, and pairs of the auxiliary vector.
TEXT ·entry(SB),NOSPLIT|NOFRAME,$0
	XORQ R12, R12
descriptor:
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
	JLT  descriptor

	MOVQ 0(SP), AX
	LEAQ 16(SP)(AX*8), R13 // the environment
	MOVQ R13, R14
pass:
	MOVQ (R14), AX
	ADDQ $8, R14
	TESTQ AX, AX
	JNZ  pass
auxiliary:
	MOVQ (R14), AX
	TESTQ AX, AX       // AT_NULL
	JZ   signals
	CMPQ AX, $23       // AT_SECURE
	JEQ  secure
	ADDQ $16, R14
	JMP  auxiliary
secure:
	MOVQ 8(R14), AX
	TESTQ AX, AX
	JZ   signals
empty:
	MOVQ (R13), AX
	TESTQ AX, AX
	JZ   signals
	MOVB $0, (AX)
	ADDQ $8, R13
	JMP  empty

signals:
	XORQ R15, R15
	MOVQ $3, R12
signal:
	MOVL $0x7700F448, AX // the signals that entry.go lists
	BTL  R12, AX
	JCC  next
	MOVQ $13, AX       // rt_sigaction
	MOVQ R12, DI
	XORQ SI, SI
	LEAQ -64(SP), DX   // nothing else is there: no handler is set that could run
	MOVQ $8, R10
	SYSCALL
	TESTQ AX, AX
	JNZ  next
	CMPQ -64(SP), $1   // SIG_IGN
	JNE  next
	BTSL R12, R15
next:
	INCQ R12
	CMPQ R12, $30
	JLE  signal
	MOVL R15, ·ignored(SB)
	JMP  _rt0_amd64_linux(SB)

DATA root<>+0(SB)/8, $"/\x00\x00\x00\x00\x00\x00\x00"
GLOBL root<>(SB), RODATA|NOPTR, $8
