//go:build linux && (amd64 || arm64)

package main

// entry is in assembly; the linker makes it the program's entry point. It does what is too late once Go's runtime runs:
//
//   - Each of the descriptors 0 to 2 that is closed becomes one of "/" opened with O_PATH: nothing can be read from it or written to it, so it
//     is as good as closed. The runtime would open /dev/null instead, and end the program where there is none yet, as in an early initramfs.
//   - Where AT_SECURE is set, every variable of the environment becomes an empty string: the runtime itself listens to GODEBUG.
//   - Of the signals that the program was started with ignored, those are noted in ignored that the runtime would put handlers for all the
//     same and that it can be told to ignore: SIGQUIT, SIGABRT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ, SIGVTALRM,
//     SIGWINCH, SIGIO and SIGPWR. SIGHUP, SIGINT and those of job control it leaves ignored by itself. SIGCHLD is none of them, for commands
//     are waited for; nor is SIGURG, by which the runtime interrupts its threads.
//
//lint:ignore U1000 no Go code calls it
func entry()
