package diag

import (
	"errors"
	"syscall"

	"gomod/internal/kernel"
)

// Load explains why the kernel refused a module.
func (s *System) Load(refused *kernel.LoadError) *Explanation {
	return s.explain(refused, ReadFacts(refused.Path, s.SizeLimit))
}

func (s *System) explain(refused *kernel.LoadError, facts *Facts) *Explanation {
	l := &load{System: s, refused: refused, facts: facts}
	l.explanation.Module, l.explanation.Path = l.facts.Name, refused.Path
	l.readLog()
	l.fromMessages()
	if len(l.explanation.Causes) == 0 {
		l.fromErrno()
	}
	if refused.Log.Err != nil && !l.certain() {
		l.explanation.LogErr = refused.Log.Err
	}
	return &l.explanation
}

// Unreadable explains why a module's file never came before the kernel.
func (s *System) Unreadable(path string, err error) *Explanation {
	facts := ReadFacts(path, s.SizeLimit)
	return &Explanation{Module: facts.Name, Path: path, Causes: []Cause{NotModule{Err: err}}}
}

// There explains what was to be loaded for the first time, and is there.
func (s *System) There(name string) *Explanation {
	return &Explanation{Module: name, Causes: []Cause{s.present(name)}}
}

// load is one refusal that is being explained.
type load struct {
	*System
	refused     *kernel.LoadError
	facts       *Facts
	explanation Explanation
	// messages are those that were understood and are about this module.
	messages []message
}

func (l *load) add(cause Cause) { l.explanation.Causes = append(l.explanation.Causes, cause) }

// certain tells whether the log could add nothing to what was found.
func (l *load) certain() bool {
	for _, cause := range l.explanation.Causes {
		switch cause.(type) {
		case InitFailed, Unexplained, Denied:
			return false
		}
	}
	return !errors.Is(l.refused.Log.Err, kernel.ErrIncomplete)
}

// readLog sorts the messages: those that are about this module and are understood, its others, and the rest.
func (l *load) readLog() {
	for _, r := range l.refused.Log.Records {
		m, named, understood := understand(r, l.facts.Name)
		switch {
		case understood && (named || l.confirms(m)):
			l.messages = append(l.messages, m)
		case named:
			l.explanation.Own = append(l.explanation.Own, r)
		default:
			l.explanation.At = append(l.explanation.At, r)
		}
	}
}

// confirms tells whether the file, or the kernel's answer, bears out a message that does not name the module. Another module may have been
// loaded at the same time.
func (l *load) confirms(m message) bool {
	errno, f := l.refused.Errno, l.facts
	switch m.saying {
	case saysUnsigned:
		return errno == syscall.EKEYREJECTED && (f.Signature == nil || l.forced())
	case saysUnknownKey, saysUnsupportedCrypto:
		return errno == syscall.EKEYREJECTED && f.Signature != nil
	case saysHashBlacklisted:
		return errno == syscall.EKEYREJECTED && f.Signature != nil
	case saysLockdown:
		return errno == syscall.EPERM
	case saysBlacklisted:
		return errno == syscall.EPERM && m.parts[0] == f.Name
	case saysBadFile:
		return errno == syscall.ENOEXEC && (f.Err != nil || f.Type != typeRelocatable || l.linkedOtherwise(m))
	case saysArchitecture:
		return errno == syscall.ENOEXEC && m.parts[0] == decimal(int(f.Machine))
	case saysDecompression:
		return l.refused.Route == kernel.CompressedFile && (errno == syscall.EINVAL || errno == syscall.ENOMEM)
	case saysTaint:
		return true
	case saysParameterDetail:
		_, given := parameterGiven(l.refused.Params, m.parts[0])
		return given
	}
	return false
}

// linkedOtherwise tells of a message that it has the module's name within.
func (l *load) linkedOtherwise(m message) bool {
	return len(m.parts) > 0 && m.parts[0] == l.facts.Name
}

// fromMessages makes causes of what the kernel said.
func (l *load) fromMessages() {
	l.symbolsFromMessages()
	for _, m := range l.messages {
		if cause := l.causeOf(m); cause != nil {
			l.add(cause)
		}
	}
}

// causeOf is nil for messages about symbols, which symbolsFromMessages puts together, and for those that are no refusal.
func (l *load) causeOf(m message) Cause {
	switch m.saying {
	case saysVermagic:
		return l.vermagic(m.parts[0], m.parts[1])
	case saysNamespace:
		return Namespace{m.parts[0], m.parts[1]}
	case saysInvalidValue:
		return l.parameter(m.parts[1], m.parts[0], Invalid)
	case saysTooLong:
		return l.parameter(m.parts[1], m.parts[0], TooLong)
	case saysUnknownParameter:
		return l.parameter(m.parts[0], "", UnknownName)
	case saysUnsigned:
		if l.facts.Signature != nil {
			return l.signature(Forced)
		}
		return l.signature(Unsigned)
	case saysUnknownKey:
		return l.signature(KeyUnknown)
	case saysUnsupportedCrypto:
		return l.signature(CryptoUnsupported)
	case saysHashBlacklisted:
		return l.signature(HashBlacklisted)
	case saysLockdown:
		return Lockdown{l.Sysfs.Lockdown(), l.facts.Signature}
	case saysBlacklisted:
		return KernelBlacklist{m.parts[0]}
	case saysBadFile:
		return NotModule{l.facts.Err, m.record.Text}
	case saysArchitecture:
		if cause, differs := l.otherArchitecture(l.facts); differs {
			return cause
		}
		return NotModule{l.facts.Err, m.record.Text}
	case saysDecompression:
		return Decompression{l.facts.Compression.String(), m.record.Text, l.facts.Err}
	case saysNoMemory:
		return NoMemory{m.record.Text}
	case saysRefused:
		return KernelSaid{m.record.Text}
	}
	return nil
}

// fromErrno makes a cause of the kernel's answer, where its log has none: it is silent about many, and may not be readable.
func (l *load) fromErrno() {
	switch l.refused.Errno {
	case syscall.EPERM:
		l.add(l.denied())
	case syscall.ENOEXEC:
		l.badFormat()
	case syscall.ENOENT:
		l.symbolsFromFile()
		l.orInit()
	case syscall.EINVAL:
		l.invalid()
	case syscall.EKEYREJECTED, syscall.EBADMSG:
		l.add(l.badSignature())
	case syscall.ENOKEY:
		l.add(l.signature(KeyUnknown))
	case syscall.ENOPKG:
		l.add(l.signature(CryptoUnsupported))
	case syscall.EEXIST, syscall.EBUSY:
		l.there()
	case syscall.ENOMEM:
		l.add(NoMemory{})
	case syscall.ENOSYS:
		l.add(NoModuleSupport{})
	case syscall.ETXTBSY:
		l.add(OpenForWriting{})
	case syscall.EOPNOTSUPP:
		if l.refused.Route == kernel.CompressedFile {
			l.add(Decompression{Format: l.facts.Compression.String()})
			return
		}
		l.orInit()
	default:
		l.orInit()
	}
}

// orInit blames the init function where nothing else is known: for most of its errors the kernel logs nothing.
func (l *load) orInit() {
	if len(l.explanation.Causes) > 0 {
		return
	}
	if l.facts.Err != nil {
		l.add(NotModule{Err: l.facts.Err})
		return
	}
	// These the kernel itself gives too, and says why.
	guess := l.refused.Errno == syscall.EINVAL || l.refused.Errno == syscall.ENOENT || l.refused.Errno == syscall.ENOEXEC
	l.add(InitFailed{l.refused.Errno, guess && l.refused.Log.Err != nil, l.facts.drivesDevices()})
}

// badFormat explains ENOEXEC.
func (l *load) badFormat() {
	f := l.facts
	if f.Err != nil {
		l.add(NotModule{Err: f.Err})
		return
	}
	if cause, differs := l.otherArchitecture(f); differs {
		l.add(cause)
		return
	}
	if f.Type != typeRelocatable {
		l.add(NotModule{})
		return
	}
	if cause, differs := l.otherVermagic(f); differs {
		l.add(cause)
		return
	}
	l.symbolsFromFile()
	switch {
	case len(l.explanation.Causes) > 0:
	case f.Field(vermagicKey) == "":
		// A kernel that cannot be forced refuses this without a word.
		l.add(l.vermagicOf(f, "", ""))
	case l.refused.Log.Err == nil:
		// The kernel says what is wrong with a format, so that it was the module itself.
		l.orInit()
	default:
		l.add(Unexplained{l.refused.Errno})
	}
}

// invalid explains EINVAL.
func (l *load) invalid() {
	if l.facts.Err != nil && l.refused.Route == kernel.CompressedFile {
		l.add(Decompression{Format: l.facts.Compression.String(), Err: l.facts.Err})
		return
	}
	l.symbolsFromFile()
	l.orInit()
}

// there explains EEXIST and EBUSY: a module of that name is in the kernel, or was a moment ago; but init functions give these answers, too.
func (l *load) there() {
	if l.mayBeThere(l.facts.Name) {
		l.add(l.present(l.facts.Name))
		return
	}
	l.orInit()
}

// denied explains EPERM. The kernel checks in this order.
func (l *load) denied() Cause {
	if cause := l.mayChange(); cause != nil {
		return cause
	}
	if l.KernelForbids(l.facts.Name) {
		return KernelBlacklist{l.facts.Name}
	}
	// The kernel says so in its log, but not more than ten times in five seconds.
	if mode := l.Sysfs.Lockdown(); mode != "" && mode != "none" && (l.refused.Log.Err != nil || !l.usablySigned()) {
		return Lockdown{mode, l.facts.Signature}
	}
	privilege, _ := l.Sysfs.Privilege()
	return Denied{privilege}
}

// usablySigned tells whether the module has a signature that could count.
func (l *load) usablySigned() bool {
	return l.facts.Signature != nil && l.facts.Signature.Problem == nil && !l.forced()
}

// badSignature explains a signature that the kernel did not even talk about: it refuses broken ones in any case, enforced or not.
func (l *load) badSignature() Cause {
	switch {
	case l.facts.Signature != nil && l.forced():
		return l.signature(Forced)
	case l.facts.Signature == nil && l.refused.Errno == syscall.EKEYREJECTED:
		return l.signature(Unsigned)
	case l.facts.Signature == nil || l.facts.Signature.Problem != nil:
		return l.signature(SignatureUnreadable)
	}
	return l.signature(DigestWrong)
}

// forced tells whether the kernel was told to leave out a check. It takes any signature for void then.
func (l *load) forced() bool { return l.refused.Force != kernel.Force{} }

func (s *System) enforced() bool {
	enforced, _ := s.Sysfs.SignaturesEnforced()
	return enforced
}

func (l *load) signature(problem SignatureProblem) Cause {
	return Signature{problem, l.facts.Signature, l.enforced()}
}
