package cli

import (
	"strings"

	"gomod/internal/elfinfo"
	"gomod/internal/modinfo"
	"gomod/internal/resolve"
)

// fieldPrinter prints one module's fields the way modinfo was asked to.
type fieldPrinter struct {
	*session
	all   bool
	field string // the only one wanted, unless all are
	end   byte   // after each value
	null  bool
}

// filename prints what is known without reading the module: its name if it is built in, and its file. It tells whether that
// was all that is wanted.
func (p fieldPrinter) filename(module resolve.Module) (done bool) {
	path := module.Path
	if path == "" {
		path = "(builtin)"
		if p.all || p.field == "name" {
			p.titled("name", module.Name)
		}
	}
	if p.all || p.field == "filename" {
		p.titled("filename", path)
	}
	return !p.all && p.field == "filename"
}

// info prints the fields in the order of C kmod: .modinfo as it stands, build-id, signature, parameters.
func (p fieldPrinter) info(info *modinfo.Info) {
	for _, field := range info.Fields {
		if !p.all && p.field == field.Key && field.Key != "parm" || p.all && !modinfo.IsParameter(field.Key) {
			p.keyed(field.Key, field.Value)
		}
	}
	p.optional("build-id", info.BuildID)
	// C kmod 34.2 takes a module for unsigned when it cannot read the signature.
	if info.Signature != nil && info.Signature.Problem == nil {
		p.signature(info.Signature)
	}
	if p.all || p.field == "parm" {
		p.parameters(info)
	}
}

func (p fieldPrinter) optional(key string, value []byte) {
	if len(value) > 0 {
		p.wanted(key, hexadecimal(value))
	}
}

func (p fieldPrinter) signature(signature *elfinfo.Signature) {
	p.wanted("sig_id", signature.ID)
	p.wanted("signer", signature.Signer)
	p.wanted("sig_key", hexadecimal(signature.KeyID))
	p.wanted("sig_hashalgo", signature.HashAlgo)
	p.wanted("signature", hexadecimal(signature.Signature))
}

func (p fieldPrinter) parameters(info *modinfo.Info) {
	parameters, bad := info.Parameters()
	for _, err := range bad {
		p.log.error(err.Error())
	}
	// C kmod prepends to its list, so the last one mentioned comes first.
	for i := len(parameters) - 1; i >= 0; i-- {
		p.titled("parm", parameterText(parameters[i], !p.all))
	}
}

// parameterText is `name:description (type)`; a parameter that has only a type stands without a blank in the full listing.
func parameterText(parameter modinfo.Parameter, alone bool) string {
	switch {
	case parameter.Description == nil && alone:
		return parameter.Name + ": (" + *parameter.Type + ")"
	case parameter.Description == nil:
		return parameter.Name + ":" + *parameter.Type
	case parameter.Type == nil:
		return parameter.Name + ":" + *parameter.Description
	}
	return parameter.Name + ":" + *parameter.Description + " (" + *parameter.Type + ")"
}

func (p fieldPrinter) wanted(key, value string) {
	if p.all || p.field == key {
		p.keyed(key, value)
	}
}

// keyed prints a field of .modinfo's kind, which -0 turns into key=value.
func (p fieldPrinter) keyed(key, value string) {
	if p.all && p.null {
		p.write(key + "=" + value)
		return
	}
	p.titled(key, value)
}

// titled prints `key:            value`, whose value begins in column 17, or the value alone where only it is wanted.
func (p fieldPrinter) titled(key, value string) {
	if !p.all {
		p.write(value)
		return
	}
	const column = 16
	padding := max(column-len(key)-1, 0)
	p.write(key + ":" + strings.Repeat(" ", padding) + value)
}

func (p fieldPrinter) write(text string) {
	if p.Terminal() {
		text = printable(text)
	}
	p.out.WriteString(text)
	p.out.WriteByte(p.end)
}

const hexDigits = "0123456789ABCDEF"

// hexadecimal is bytes as AA:BB, broken after every 20 of them.
func hexadecimal(value []byte) string {
	var text strings.Builder
	text.Grow(3*len(value) + 3*len(value)/20)
	for i, b := range value {
		if i > 0 {
			text.WriteByte(':')
			if i%20 == 0 {
				text.WriteString("\n\t\t")
			}
		}
		text.WriteByte(hexDigits[b>>4])
		text.WriteByte(hexDigits[b&0xf])
	}
	return text.String()
}
