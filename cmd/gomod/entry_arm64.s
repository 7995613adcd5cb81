//go:build linux

#include "textflag.h"

// As entry_amd64.s. There is no open(2) on arm64.
TEXT ·entry(SB),NOSPLIT|NOFRAME,$0
	MOVD $0, R19
descriptor:
	MOVD $25, R8       // fcntl
	MOVD R19, R0
	MOVD $1, R1        // F_GETFD
	MOVD $0, R2
	SVC
	CMP  $-9, R0       // EBADF
	BNE  open
	MOVD $56, R8       // openat
	MOVD $-100, R0     // AT_FDCWD
	MOVD $root<>(SB), R1
	MOVD $0x200000, R2 // O_PATH
	MOVD $0, R3
	SVC
open:
	ADD  $1, R19
	CMP  $3, R19
	BLT  descriptor

	MOVD 0(RSP), R0
	MOVD RSP, R20
	ADD  $16, R20
	ADD  R0<<3, R20    // the environment
	MOVD R20, R21
pass:
	MOVD.P 8(R21), R0
	CBNZ R0, pass
auxiliary:
	MOVD (R21), R0
	CBZ  R0, signals   // AT_NULL
	CMP  $23, R0       // AT_SECURE
	BEQ  secure
	ADD  $16, R21
	B    auxiliary
secure:
	MOVD 8(R21), R0
	CBZ  R0, signals
empty:
	MOVD.P 8(R20), R0
	CBZ  R0, signals
	MOVB ZR, (R0)
	B    empty

signals:
	MOVD $0, R22
	MOVD $3, R19
	MOVD $0x7700F448, R23 // the signals that entry.go lists
signal:
	LSR  R19, R23, R0
	TBZ  $0, R0, next
	MOVD $134, R8      // rt_sigaction
	MOVD R19, R0
	MOVD $0, R1
	SUB  $64, RSP, R2  // nothing else is there: no handler is set that could run
	MOVD $8, R3
	SVC
	CBNZ R0, next
	MOVD -64(RSP), R0
	CMP  $1, R0        // SIG_IGN
	BNE  next
	MOVD $1, R0
	LSL  R19, R0
	ORR  R0, R22
next:
	ADD  $1, R19
	CMP  $30, R19
	BLE  signal
	MOVW R22, ·ignored(SB)
	B    _rt0_arm64_linux(SB)

DATA root<>+0(SB)/8, $"/\x00\x00\x00\x00\x00\x00\x00"
GLOBL root<>(SB), RODATA|NOPTR, $8
