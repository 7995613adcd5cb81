package depmod

import (
	"errors"
	"strconv"
	"strings"

	"gomod/internal/builtin"
	"gomod/internal/config"
	"gomod/internal/elfinfo"
)

// MisfitError is something of a module that is written down nowhere, for it would harm what is written down of others. C kmod writes it.
type MisfitError struct {
	// Key is "alias", "softdep", "weakdep", "symbol", "path", or "module" for the name of a built-in one; Value is what is there.
	Key, Value string
	// Reason is ErrNewline, ErrBackslash, ErrLong or ErrFull.
	Reason error
}

// Why something is not written down.
var (
	ErrNewline   = errors.New("a newline would begin another line")
	ErrBackslash = errors.New("a backslash at the end would join the next line with it")
	ErrLong      = errors.New("it has more than " + strconv.Itoa(maxText) + " bytes")
	ErrFull      = errors.New("the file would have more than " + strconv.Itoa(config.ModulesLimit) + " bytes, and be read by nobody")
)

// maxText is the most bytes of one alias or dependency that a module says of itself; the longest in a distribution's kernel have some hundred.
const maxText = 64 << 10

func (e *MisfitError) Error() string { return e.Key + " " + quoted(e.Value) + ": " + e.Reason.Error() }

// quoted keeps a text of megabytes from filling the screen.
func quoted(text string) string {
	const most = 200
	if len(text) > most {
		return strconv.Quote(text[:most]) + "..."
	}
	return strconv.Quote(text)
}

// Unwrap gives the reason.
func (e *MisfitError) Unwrap() error { return e.Reason }

// misfitOf is why a text cannot be written down, or nil.
func misfitOf(key, value string) error {
	var reason error
	switch {
	case strings.IndexByte(value, '\n') >= 0:
		reason = ErrNewline
	case len(value) > maxText:
		reason = ErrLong
	case key != "alias" && strings.HasSuffix(value, `\`):
		reason = ErrBackslash
	default:
		return nil
	}
	return &MisfitError{key, value, reason}
}

// misfits are those of one module, of which there may be as many as it has bytes.
type misfits struct {
	first []error
	more  int
}

func (m *misfits) add(err error) {
	const most = 10
	if len(m.first) == most {
		m.more++
		return
	}
	m.first = append(m.first, err)
}

// tell reports those of the module at path.
func (m *misfits) tell(path string, report func(Event)) {
	for _, err := range m.first {
		report(Event{Kind: Misfit, Path: path, Err: err})
	}
	if m.more > 0 {
		report(Event{Kind: MoreMisfits, Path: path, Number: m.more})
	}
}

// fitExports leaves out symbols that cannot be written down.
func (c *contents) fitExports(exports []elfinfo.Symbol) {
	fit := exports[:0]
	for _, s := range exports {
		if strings.IndexByte(s.Name, '\n') >= 0 {
			c.misfits.add(&MisfitError{"symbol", s.Name, ErrNewline})
			continue
		}
		fit = append(fit, s)
	}
	c.exports = fit
}

// fitPath tells whether the path of a module can be written down.
func (r *run) fitPath(path string) bool {
	relative := strings.TrimPrefix(path, r.Dir+"/")
	if strings.IndexByte(relative, '\n') < 0 {
		return true
	}
	r.Report(Event{Kind: Misfit, Path: path, Err: &MisfitError{"path", relative, ErrNewline}})
	return false
}

// builtinMisfit is why an alias of a built-in module cannot be written down, or nil.
func builtinMisfit(r builtin.Record) error {
	if strings.IndexByte(r.Module, '\n') >= 0 {
		return &MisfitError{"module", r.Module, ErrNewline}
	}
	return misfitOf(r.Key, r.Value)
}
