package tool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/invopop/jsonschema"
)

// argument is one member of the object that a caller sent.
type argument struct {
	name  string
	value json.RawMessage
}

// decodeArguments checks raw against the schema and stores it in into, with the
// schema's defaults for what was not sent. Everything it refuses is a [*Failure] that
// names the argument, what was received and what would be right; for a date also which
// day it is, for callers who send "yesterday". now is asked only where that is needed.
//
// Hosts and models send the same value in several forms, which all mean the same here:
// null and "" of any argument, and [] of a list that may be empty, are as if it was not there,
// and a number, true or false, or a list may be written in a text.
func decodeArguments(schema *jsonschema.Schema, raw json.RawMessage, into any, now func() time.Time) error {
	sent, err := splitArguments(raw)
	if err != nil {
		return err
	}
	checked := make(map[string]any, len(sent))
	for _, a := range sent {
		property, known := schema.Properties.Get(a.name)
		switch {
		case !known && addedByHost(schema, a.name), known && isNone(schema, a):
			continue
		case !known:
			return unknownArgument(schema, a.name)
		}
		if checked[a.name], err = (reader{a.name, property, now, func() []string { return besides(a.name, schema, sent, now) }}).read(a.value); err != nil {
			return err
		}
	}
	if err := checkRequired(schema, checked, now); err != nil {
		return err
	}
	for pair := schema.Properties.Oldest(); pair != nil; pair = pair.Next() {
		if _, ok := checked[pair.Key]; !ok && pair.Value.Default != nil {
			checked[pair.Key] = pair.Value.Default
		}
	}
	whole, err := json.Marshal(checked)
	if err != nil {
		return fmt.Errorf("encode checked arguments: %w", err)
	}
	if err := json.Unmarshal(whole, into); err != nil {
		return fmt.Errorf("decode checked arguments: %w", err)
	}
	return nil
}

// isNone reports whether an argument stands for none: strict functions send null for what
// is optional, forms send "", and models an empty list.
func isNone(schema *jsonschema.Schema, a argument) bool {
	if string(a.value) == "null" || string(a.value) == `""` {
		return true
	}
	property, known := schema.Properties.Get(a.name)
	if !known || property.Type != "array" || property.MinItems != nil {
		return false
	}
	values, ok := listOf(a.value)
	return ok && len(values) == 0
}

// hostArguments are what hosts put among a tool's arguments for themselves: n8n the first
// four, Cline the next, Gemini CLI the last.
var hostArguments = []string{"toolCallId", "sessionId", "chatInput", "action", "task_progress", "wait_for_previous"}

// addedByHost reports whether an unknown argument is a host's. One that could be a slip for
// an argument of the tool is not: a night that was asked for must not be ignored.
func addedByHost(schema *jsonschema.Schema, name string) bool {
	return slices.Contains(hostArguments, name) && Closest(name, names(schema)) == ""
}

// besides returns examples of all required arguments, where one of them besides the argument of
// a mistake is missing or wrong too: an example of that argument alone would be refused.
func besides(name string, schema *jsonschema.Schema, sent []argument, now func() time.Time) (members []string) {
	needed := required(schema, sent)
	for _, other := range needed {
		property, _ := schema.Properties.Get(other)
		if other != name && !slices.ContainsFunc(sent, func(a argument) bool {
			_, err := (reader{name: other, property: property, now: now}).read(a.value)
			return a.name == other && err == nil
		}) {
			return examplesOf(needed, schema, now)
		}
	}
	return nil
}

// required returns the arguments without which a call is refused. Of those that stand for each
// other it is the one that the first of the lists has which has any, or else the last.
func required(schema *jsonschema.Schema, lists ...[]argument) []string {
	names := slices.Clone(schema.Required)
	if len(schema.OneOf) == 0 {
		return names
	}
	for _, list := range lists {
		for _, alternative := range schema.OneOf {
			if slices.ContainsFunc(list, func(a argument) bool { return slices.Contains(alternative.Required, a.name) && !isNone(schema, a) }) {
				return append(names, alternative.Required...)
			}
		}
	}
	return append(names, schema.OneOf[len(schema.OneOf)-1].Required...)
}

// examplesOf returns values of arguments that go together.
func examplesOf(names []string, schema *jsonschema.Schema, now func() time.Time) (members []string) {
	for _, name := range names {
		property, _ := schema.Properties.Get(name)
		members = append(members, member(name, acceptable(name, property, now)))
	}
	return members
}

// checkRequired names all required arguments that are missing, with an example of all that are
// required: those that were sent might not go with the others.
func checkRequired(schema *jsonschema.Schema, checked map[string]any, now func() time.Time) error {
	var (
		missing        []any
		verbs, members []string
	)
	for _, name := range schema.Required {
		if _, ok := checked[name]; !ok {
			missing, verbs = append(missing, Argument(name)), append(verbs, "%s")
		}
	}
	if len(missing) > 0 {
		members = examplesOf(schema.Required, schema, now)
	}
	say := " are missing. Give them, for example %s."
	switch len(missing) {
	case 0:
		return nil
	case 1:
		say = " is missing. Give it, for example %s."
	}
	return Mistake(InWords(verbs)+say, append(missing, object(members))...)
}

// splitArguments reads the members of the object in order. It refuses anything that is
// not an object, and members given twice: parsers differ in which one they take.
func splitArguments(raw json.RawMessage) ([]argument, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if !json.Valid(raw) {
		return nil, notJSON(nil)
	}
	if raw[0] != '{' {
		return nil, Mistake(`The arguments must be one JSON object such as %s, received %s.`, anArgument, Received(kindOf(raw)))
	}
	d := jsontext.NewDecoder(bytes.NewReader(raw))
	if _, err := d.ReadToken(); err != nil {
		return nil, notJSON(err)
	}
	var sent []argument
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return nil, notJSON(err)
		}
		text := name.String()
		value, err := d.ReadValue()
		if err != nil {
			return nil, notJSON(err)
		}
		sent = append(sent, argument{text, json.RawMessage(bytes.Clone(value))})
	}
	if _, err := d.ReadToken(); err != nil {
		return nil, notJSON(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, Mistake(`The arguments must be one JSON object such as %s; something follows it.`, anArgument)
	}
	return sent, nil
}

// anArgument shows what arguments look like, when none could be read.
var anArgument = ExampleWith("days", 7)

func notJSON(err error) error {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) && errors.Is(err, jsontext.ErrDuplicateName) {
		return Mistake("%s is given twice. Give each argument once.", Argument(syntax.JSONPointer.LastToken()))
	}
	return Mistake(`The arguments are not valid JSON. Send one JSON object such as %s.`, anArgument)
}
