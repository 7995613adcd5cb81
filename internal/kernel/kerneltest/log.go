package kerneltest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"time"

	"gomod/internal/kernel"
)

// log writes what kernel/log has for a load of the module into dev/kmsg.
func (k *Kernel) log(name string) error {
	text, err := os.ReadFile(k.path("kernel/log"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return internal(err)
	}
	if err := os.MkdirAll(k.path("dev"), 0o755); err != nil {
		return internal(err)
	}
	out, err := os.OpenFile(k.path("dev/kmsg"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return internal(err)
	}
	defer out.Close()
	for line := range strings.Lines(string(text)) {
		if module, message, _ := strings.Cut(line, " "); module == name || module == "*" {
			if _, err := fmt.Fprint(out, message); err != nil {
				return internal(err)
			}
		}
	}
	return nil
}

// OpenLog opens dev/kmsg, if there is a kernel/log; else only root may read the log, and nobody is root.
func (k *Kernel) OpenLog() (kernel.Log, error) {
	if _, err := os.Stat(k.path("kernel/log")); err != nil {
		return nil, syscall.EPERM
	}
	return &kmsg{kernel: k}, nil
}

type kmsg struct {
	kernel *Kernel
	at     int
}

func (l *kmsg) Mark() error {
	text, err := l.text()
	l.at = len(text)
	return err
}

func (l *kmsg) Records() ([]kernel.Record, error) {
	text, err := l.text()
	var records []kernel.Record
	for line := range strings.Lines(text[min(l.at, len(text)):]) {
		records = append(records, kernel.Record{
			Level: 4, Sequence: uint64(len(records)), Time: time.Second, Text: strings.TrimSuffix(line, "\n"),
		})
	}
	l.at = len(text)
	return records, err
}

func (l *kmsg) text() (string, error) {
	text, err := os.ReadFile(l.kernel.path("dev/kmsg"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(text), internal(err)
}

// Machine returns kernel/machine without white space around it, or x86_64.
func (k *Kernel) Machine() (string, error) {
	text, err := os.ReadFile(k.path("kernel/machine"))
	if errors.Is(err, fs.ErrNotExist) {
		return "x86_64", nil
	}
	return strings.TrimSpace(string(text)), internal(err)
}
