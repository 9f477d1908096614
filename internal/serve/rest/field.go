package rest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// field is a member of a body or a parameter in a query, as it is described and
// checked.
type field struct {
	name, doc string
	kind      string // JSON type
	required  bool
	least     float64 // of a number, or of the length of a text
	most      float64
	enum      []string
	fields    []field // of an object
}

// schema is the field's JSON schema.
func (f field) schema() map[string]any {
	s := map[string]any{"type": f.kind}
	if f.doc != "" {
		s["description"] = f.doc
	}
	switch {
	case f.enum != nil:
		s["enum"] = f.enum
	case f.kind == "string":
		s["minLength"], s["maxLength"] = f.least, f.most
	case f.kind == "object":
		properties, required := map[string]any{}, []string{}
		for _, member := range f.fields {
			properties[member.name] = member.schema()
			if member.required {
				required = append(required, member.name)
			}
		}
		s["properties"], s["additionalProperties"] = properties, false
		if len(required) > 0 {
			s["required"] = required
		}
	case f.kind != "boolean":
		s["minimum"], s["maximum"] = f.least, f.most
	}
	return s
}

// read returns a value that encoding/json decoded as it is meant, or what is wrong with it.
// As in the arguments of tools, null and "" of an optional member are as if it was not there, and
// a number, true or false may be written in a text.
func (f field) read(location string, value any) (any, []detail) {
	wrong := func(format string, args ...any) (any, []detail) {
		return nil, []detail{{fmt.Sprintf(format, args...), location}}
	}
	if text, ok := value.(string); ok {
		value = f.meant(text)
	}
	switch v := value.(type) {
	case map[string]any:
		if f.kind == "object" {
			return f.readMembers(location, v)
		}
	case string:
		switch length := float64(utf8.RuneCountInString(v)); {
		case f.kind != "string":
		case f.enum != nil && !slices.Contains(f.enum, v):
			return wrong("expected one of %s", strings.Join(f.enum, ", "))
		case f.enum == nil && (length < f.least || length > f.most):
			return wrong("expected a length of %v to %v", f.least, f.most)
		default:
			return v, nil
		}
	case bool:
		if f.kind == "boolean" {
			return v, nil
		}
	case float64:
		switch {
		case f.kind != "number" && f.kind != "integer" || f.kind == "integer" && v != math.Trunc(v):
		case v < f.least || v > f.most:
			return wrong("expected a number from %v to %v", f.least, f.most)
		default:
			return v, nil
		}
	}
	return wrong("expected %s", f.kind)
}

// meant is the number, true or false that a text stands for in a field that takes one, or else
// the text.
func (f field) meant(text string) any {
	switch f.kind {
	case "integer", "number":
		if n, ok := tool.NumberIn(text); ok {
			return n
		}
	case "boolean":
		if b, ok := tool.BoolIn(text); ok {
			return b
		}
	}
	return text
}

func (f field) readMembers(location string, members map[string]any) (read map[string]any, mistakes []detail) {
	read = map[string]any{}
	unknown := maps.Clone(members)
	for _, member := range f.fields {
		delete(unknown, member.name)
		switch value := members[member.name]; {
		case value != nil && value != "":
			is, wrong := member.read(location+"."+member.name, value)
			read[member.name], mistakes = is, append(mistakes, wrong...)
		case member.required:
			mistakes = append(mistakes, detail{"expected required property " + member.name + " to be present", location})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unknown)) {
		mistakes = append(mistakes, detail{"unexpected property", location + "." + fmt.Sprintf("%.60s", name)})
	}
	return read, mistakes
}
