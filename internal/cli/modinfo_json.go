package cli

import (
	"encoding/hex"

	"gomod/internal/jsontext"
	"gomod/internal/modinfo"
	"gomod/internal/resolve"
)

// tellInfo adds a module to modinfo's document: all of it, whatever field was asked for.
func (s *session) tellInfo(module resolve.Module, info *modinfo.Info) {
	if !s.json.wanted {
		return
	}
	fields := make([]jsontext.Object, 0, len(info.Fields))
	for _, field := range info.Fields {
		if !modinfo.IsParameter(field.Key) {
			fields = append(fields, jsontext.Object{{Name: "key", Value: field.Key}, {Name: "value", Value: field.Value}})
		}
	}
	object := jsontext.Object{
		{Name: "name", Value: module.Name}, {Name: "file", Value: module.Path}, {Name: "builtin", Value: module.Path == ""},
		{Name: "fields", Value: fields}, {Name: "parameters", Value: parameterObjects(info)}, {Name: "build_id", Value: hex.EncodeToString(info.BuildID)},
	}
	if signature := info.Signature; signature != nil && signature.Problem == nil {
		object = append(object, jsontext.Member{Name: "signature", Value: jsontext.Object{
			{Name: "id", Value: signature.ID}, {Name: "signer", Value: signature.Signer}, {Name: "key_id", Value: hex.EncodeToString(signature.KeyID)},
			{Name: "hash", Value: signature.HashAlgo}, {Name: "signature", Value: hex.EncodeToString(signature.Signature)},
		}})
	}
	s.json.list = append(s.json.list, object)
}

func parameterObjects(info *modinfo.Info) []jsontext.Object {
	parameters, _ := info.Parameters()
	objects := make([]jsontext.Object, 0, len(parameters))
	for _, p := range parameters {
		objects = append(objects, jsontext.Object{
			{Name: "name", Value: p.Name}, {Name: "description", Value: optionalText(p.Description)}, {Name: "type", Value: optionalText(p.Type)},
		})
	}
	return objects
}

// optionalText is null for what a module does not say.
func optionalText(text *string) any {
	if text == nil {
		return nil
	}
	return *text
}
