package tool

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
)

// mostRepeated bounds, in bytes, a value that an example repeats.
const mostRepeated = 200

// completed returns the failure with examples that hold what is required, as the caller sent
// it: an example without that would be refused.
func completed(f *Failure, rules func() *jsonschema.Schema, arguments json.RawMessage) *Failure {
	if f.Example == nil {
		return f
	}
	sent, err := splitArguments(arguments)
	if err != nil {
		return f
	}
	full := *f
	full.args = slices.Clone(f.args)
	for i, arg := range full.args {
		if example, ok := arg.(Example); ok {
			full.args[i] = with(example, rules(), sent)
		}
	}
	full.Example = json.RawMessage(with(Example(f.Example), rules(), sent))
	full.Text = fmt.Sprintf(full.format, full.args...)
	return &full
}

// with returns the example with the required arguments that it lacks and that were sent.
func with(example Example, schema *jsonschema.Schema, sent []argument) Example {
	own, err := splitArguments(json.RawMessage(example))
	if err != nil {
		return example // never: it is an object
	}
	needed := required(schema, own, sent)
	var members []string
	for pair := schema.Properties.Oldest(); pair != nil; pair = pair.Next() {
		value, shown := valueOf(pair.Key, own)
		given, _ := valueOf(pair.Key, sent)
		switch {
		case shown:
			members = append(members, member(pair.Key, value))
		case slices.Contains(needed, pair.Key) && given != nil && !isNone(schema, argument{pair.Key, given}) && len(given) <= mostRepeated:
			members = append(members, member(pair.Key, inOrder(pair.Key, given, own)))
		}
	}
	return object(members)
}

func valueOf(name string, arguments []argument) (value json.RawMessage, given bool) {
	i := slices.IndexFunc(arguments, func(a argument) bool { return a.name == name })
	if i < 0 {
		return nil, false
	}
	return arguments[i].value, true
}

// inOrder returns the value of an argument, or that of the other end of its range where the
// example has one on the wrong side of it.
func inOrder(name string, value json.RawMessage, example []argument) json.RawMessage {
	if first, is := strings.CutSuffix(name, "from"); is {
		if last, ok := valueOf(first+"to", example); ok && string(last) < string(value) {
			return last
		}
	}
	if last, is := strings.CutSuffix(name, "to"); is {
		if first, ok := valueOf(last+"from", example); ok && string(first) > string(value) {
			return first
		}
	}
	return value
}
