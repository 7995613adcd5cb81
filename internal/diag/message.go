package diag

import (
	"strings"

	"gomod/internal/kernel"
)

// saying is the kind of a message of the kernel.
type saying int

const (
	saysVermagic saying = iota + 1
	saysUnknownSymbol
	saysSymbolVersion
	saysNoSymbolVersion
	saysNamespace
	saysGPLOnly
	saysInvalidValue
	saysTooLong
	saysUnknownParameter
	saysIgnoredParameter
	saysParameterDetail
	saysUnsigned
	saysUnknownKey
	saysUnsupportedCrypto
	saysHashBlacklisted
	saysLockdown
	saysBlacklisted
	saysBadFile
	saysArchitecture
	saysDecompression
	saysNoMemory
	saysRefused
	saysTaint
)

// pattern is the shape of a message: text with a % for each part that differs. The last part takes all that is left, the others end at the
// text behind them.
type pattern struct {
	saying saying
	shape  string
}

// ofModule are messages that begin with the name of the module and a colon. They stand in kernel/module and kernel/params.c of Linux 6.1
// and 6.12, and most of them in 3.10 already.
var ofModule = [...]pattern{
	{saysVermagic, "version magic '%' should be '%'"},
	{saysUnknownSymbol, "Unknown symbol % (err %)"},
	{saysSymbolVersion, "disagrees about version of symbol %"},
	{saysNoSymbolVersion, "no symbol version for %"},
	{saysNamespace, "module uses symbol (%) from namespace %, but does not import it."},
	{saysGPLOnly, "module using GPL-only symbols uses symbols % from proprietary module %."},
	{saysInvalidValue, "`%' invalid for parameter `%'"},
	{saysTooLong, "`%' too large for parameter `%'"},
	{saysUnknownParameter, "Unknown parameter `%'"},
	{saysIgnoredParameter, "unknown parameter '%' ignored"},
	{saysNoMemory, "Could not allocate % bytes percpu data"},
	{saysRefused, "module has no symbols (stripped?)"},
	{saysRefused, "No module found in object"},
	{saysRefused, "please compile with -fno-common"},
	{saysRefused, "exports duplicate symbol % (owned by %)"},
	{saysRefused, "Symbol % has an invalid section index %"},
	{saysRefused, "section % (index %) has invalid WRITE|EXEC flags"},
	{saysRefused, "has both .ctors and .init_array."},
	{saysRefused, "module is marked as livepatch module, but livepatch support is disabled"},
	{saysRefused, "gave up waiting for init of module %."},
	{saysTaint, "loading out-of-tree module taints kernel."},
	{saysTaint, "module verification failed: signature and/or required key missing - tainting kernel"},
	{saysTaint, "module license '%' taints kernel."},
	{saysTaint, "module license taints kernel."},
	{saysTaint, "loading test module taints kernel."},
	{saysTaint, "module is from the staging directory, the quality is unknown, you have been warned."},
	{saysTaint, "loading module not compiled with retpoline compiler."},
	{saysTaint, "Ignoring obsolete parameters"},
	{saysTaint, "%: kernel tainted."},
}

// ofParameter are messages of kernel/params.c that begin with the parameter's name and a colon.
var ofParameter = [...]pattern{
	{saysParameterDetail, "%: can only take % arguments"},
	{saysParameterDetail, "%: needs at least % arguments"},
	{saysParameterDetail, "%: string parameter too long"},
	{saysParameterDetail, "%: string doesn't fit in % chars."},
}

// ofNobody are messages that do not begin with the module's name: they may be about any load of that time.
var ofNobody = [...]pattern{
	{saysUnsigned, "Loading of unsigned module is rejected"},
	{saysUnknownKey, "Loading of module with unavailable key is rejected"},
	{saysUnsupportedCrypto, "Loading of module with unsupported crypto is rejected"},
	{saysHashBlacklisted, "Module hash % is blacklisted"},
	{saysLockdown, "Lockdown: %: unsigned module loading is restricted; see man kernel_lockdown.7"},
	{saysBlacklisted, "Module % is blacklisted"},
	{saysArchitecture, "Invalid architecture in ELF header: %"},
	{saysArchitecture, "Invalid module architecture in ELF header: %"},
	{saysBadFile, "Invalid ELF %"},
	{saysBadFile, "ELF Spec violation: %"},
	{saysBadFile, "empty section name table"},
	{saysTaint, "Disabling lock debugging due to kernel taint"},
	{saysBadFile, "Only one .modinfo section must exist."},
	{saysBadFile, "module %: Exactly one .gnu.linkonce.this_module section must exist."},
	{saysBadFile, "module %: .gnu.linkonce.this_module %"},
	{saysDecompression, "not a % compressed module"},
	{saysDecompression, "failed to initialize decompressor: %"},
	{saysDecompression, "decompression failed with status %"},
	{saysDecompression, "ZSTD-compressed data has %"},
	{saysDecompression, "ZSTD-decompression failed with status %"},
	{saysDecompression, "Can't initialize ZSTD stream"},
}

// message is a message of the log that was understood.
type message struct {
	saying saying
	// parts are what stood for each %.
	parts  []string
	record kernel.Record
}

// understand reads one message. named tells that it begins with the module's name; what begins with another module's is not told apart
// from what begins with any other word.
func understand(r kernel.Record, module string) (m message, named, ok bool) {
	m.record = r
	rest, named := strings.CutPrefix(r.Text, module+": ")
	if named && module != "" {
		ok = m.match(ofModule[:], rest)
		return m, true, ok
	}
	ok = m.match(ofParameter[:], r.Text) || m.match(ofNobody[:], r.Text)
	return m, false, ok
}

func (m *message) match(patterns []pattern, text string) bool {
	for _, p := range patterns {
		if parts, ok := p.parts(text); ok {
			m.saying, m.parts = p.saying, parts
			return true
		}
	}
	return false
}

// parts takes a text apart.
func (p pattern) parts(text string) ([]string, bool) {
	literal, shape, more := strings.Cut(p.shape, "%")
	text, ok := strings.CutPrefix(text, literal)
	if !ok || !more {
		return nil, ok && text == ""
	}
	var parts []string
	for more {
		literal, shape, more = strings.Cut(shape, "%")
		var part string
		if more {
			part, text, ok = strings.Cut(text, literal)
		} else {
			part, ok = strings.CutSuffix(text, literal)
			text = ""
		}
		if !ok {
			return nil, false
		}
		parts = append(parts, part)
	}
	return parts, true
}
