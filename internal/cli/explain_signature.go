package cli

import (
	"encoding/hex"

	"gomod/internal/diag"
	"gomod/internal/elfinfo"
	"gomod/internal/jsontext"
)

// describeSignature is for the kernel's trust in a module.
func describeSignature(cause diag.Cause) (description, bool) {
	switch c := cause.(type) {
	case diag.Signature:
		return describeBadSignature(c), true
	case diag.Lockdown:
		d := description{
			lines: []string{"the kernel is locked down" + inMode(c.Mode) + " and takes only modules signed with a key it trusts"},
			advice: "sign the module with a key of the kernel's or one enrolled by mokutil --import; " +
				"or end the lockdown: switch off Secure Boot, or take lockdown= from the kernel command line",
			facts: append(jsontext.Object{{Name: "mode", Value: c.Mode}}, signatureFacts(c.Signature)...),
		}
		d.lines = append(d.lines, signatureLine(c.Signature))
		return d, true
	}
	return description{}, false
}

func inMode(mode string) string {
	if mode == "" {
		return ""
	}
	return " (" + mode + ")"
}

func signatureLine(s *elfinfo.Signature) string {
	switch {
	case s == nil:
		return "  the module has no signature"
	case s.Problem != nil:
		return "  the module's signature makes no sense: " + s.Problem.Error()
	}
	return "  the module is signed by \"" + s.Signer + "\", key " + hex.EncodeToString(s.KeyID) + ", hash " + s.HashAlgo
}

func signatureFacts(s *elfinfo.Signature) jsontext.Object {
	if s == nil {
		return jsontext.Object{{Name: "signed", Value: false}}
	}
	return jsontext.Object{
		{Name: "signed", Value: true}, {Name: "signer", Value: s.Signer}, {Name: "key_id", Value: hex.EncodeToString(s.KeyID)}, {Name: "hash", Value: s.HashAlgo},
	}
}

func describeBadSignature(c diag.Signature) description {
	d := description{facts: append(jsontext.Object{{Name: "problem", Value: signatureProblem(c.Problem)}, {Name: "enforced", Value: c.Enforced}}, signatureFacts(c.Signature)...)}
	const sign = "sign the module with scripts/sign-file and a key of the kernel's or one enrolled by mokutil --import"
	switch c.Problem {
	case diag.Unsigned:
		d.lines = []string{"the module has no signature, and this kernel insists on one (module.sig_enforce)"}
		d.advice = sign + "; or boot without module.sig_enforce"
		return d
	case diag.KeyUnknown:
		d.lines = []string{"the kernel does not know the key that the module is signed with"}
		d.advice = "enrol the signer's certificate (mokutil --import CERTIFICATE, then reboot), or " + sign
	case diag.CryptoUnsupported:
		d.lines = []string{"the kernel lacks the cryptography of the module's signature"}
		d.advice = "sign the module with a hash and a kind of key that the kernel was built with (`grep CONFIG_MODULE_SIG /boot/config-$(uname -r)`)"
	case diag.Forced:
		d.lines = []string{"with --force the module's signature does not count, and this kernel insists on one (module.sig_enforce)"}
		d.advice = "load it without --force"
	case diag.HashBlacklisted:
		d.lines = []string{"the system's firmware or the kernel forbids this very file: its hash is blacklisted"}
		d.advice = "install a newer version of the module"
	case diag.SignatureUnreadable:
		d.lines = []string{"the module's signature cannot be read, which the kernel does not accept even where it needs none"}
		d.advice = "copy or build the file again; if it was changed after it was signed, sign it again"
	default:
		d.lines = []string{"the signature does not fit the file: it was changed after it was signed (stripped, compressed and signed in the wrong order, or damaged)"}
		d.advice = "install the module again from its package; or sign it again, or take the signature off with strip --strip-debug where the kernel needs none"
	}
	if c.Signature != nil {
		d.lines = append(d.lines, signatureLine(c.Signature))
	}
	return d
}

func signatureProblem(p diag.SignatureProblem) string {
	switch p {
	case diag.Unsigned:
		return "unsigned"
	case diag.KeyUnknown:
		return "key-unknown"
	case diag.CryptoUnsupported:
		return "crypto-unsupported"
	case diag.Forced:
		return "forced"
	case diag.HashBlacklisted:
		return "hash-blacklisted"
	case diag.SignatureUnreadable:
		return "unreadable"
	}
	return "digest-wrong"
}
