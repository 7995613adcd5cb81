package cli

import (
	"errors"
	"io/fs"
	"strings"

	"gomod/internal/builtin"
	"gomod/internal/kofile"
	"gomod/internal/textfile"
)

// errorBehind says what C kmod's library says by itself of an error, before the tool's own line.
func (s *session) errorBehind(err error) {
	var file *kofile.Error
	switch {
	case errors.As(err, &file) && file.Library != "":
		s.log.error(file.Library)
	case errors.Is(err, builtin.ErrNoModule):
		s.log.error("get_strings: unexpected string without modname prefix")
	}
}

// explainDetail adds what a computed error knows beyond its errno.
func (s *session) explainDetail(err error) {
	if text := err.Error(); !strings.EqualFold(text, strerror(err)) {
		s.log.explain(text)
	}
}

// explainRefusedFile tells why a text file was not read that could have been.
func (s *session) explainRefusedFile(err error) {
	var file *fs.PathError
	var kind *textfile.KindError
	var large *textfile.LimitError
	if errors.As(err, &file) && (errors.As(err, &kind) || errors.As(err, &large)) {
		s.log.explain(file.Path + ": " + file.Err.Error())
	}
}
