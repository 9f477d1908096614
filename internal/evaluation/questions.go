package main

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// The kinds of questions.
var kinds = []string{"easy", "ambiguous", "trap"}

// question is one of testdata/questions.yaml.
type question struct {
	ID       string
	Kind     string
	Question string   // may name values in braces
	Why      string   // why it is of its kind, for readers
	Calls    []call   // the route whose answers hold the facts
	Also     [][]call // other correct routes
	Facts    []fact
	Never    []string // claims that no answer may make, in small letters
}

// call is one of a tool. An argument that begins with "$" names a value.
type call struct {
	Tool      string         `yaml:"tool" json:"tool"`
	Arguments map[string]any `yaml:"arguments" json:"arguments,omitempty"`
}

// fact is what an answer must contain: a value, or one of some words. Or names values
// that are accepted too, when a question can be understood in several ways or another
// route leads to another number. At says where the tool's answer has the value, "" for
// nowhere; Call is the index of the call whose answer it is. Absent names a field that
// the tool's answer must not have.
type fact struct {
	Value  string
	Or     []string
	Says   []string
	At     string
	Call   int
	Absent string
}

func readQuestions(text []byte, values truth) ([]question, error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	var all []question
	if err := d.Decode(&all); err != nil {
		return nil, fmt.Errorf("questions.yaml: %w", err)
	}
	seen := map[string]bool{}
	for i := range all {
		q := &all[i]
		if seen[q.ID] || q.ID == "" || !slices.Contains(kinds, q.Kind) || len(q.Calls) == 0 || len(q.Facts) == 0 {
			return nil, fmt.Errorf("questions.yaml: %q lacks something, or is there twice", q.ID)
		}
		seen[q.ID] = true
		if err := q.resolve(values); err != nil {
			return nil, fmt.Errorf("questions.yaml: %s: %w", q.ID, err)
		}
	}
	return all, nil
}

var named = regexp.MustCompile(`\{([a-z0-9_.]+)\}`)

// resolve replaces the names in the question and its arguments by their values.
func (q *question) resolve(values truth) (err error) {
	q.Question = named.ReplaceAllStringFunc(q.Question, func(name string) string {
		v, ok := values[name[1:len(name)-1]]
		if !ok {
			err = fmt.Errorf("there is no value %s", name)
		}
		return v.spoken()
	})
	for _, route := range append(q.Also, q.Calls) {
		for _, c := range route {
			for name, argument := range c.Arguments {
				text, ok := argument.(string)
				if !ok || text == "" || text[0] != '$' {
					continue
				}
				v, ok := values[text[1:]]
				if !ok {
					return fmt.Errorf("there is no value %s", text)
				}
				c.Arguments[name] = v.written()
			}
		}
	}
	for _, f := range q.Facts {
		for _, name := range append(f.Or, f.Value) {
			if _, ok := values[name]; !ok && name != "" {
				return fmt.Errorf("there is no value %s", name)
			}
		}
		if f.Value == "" && f.Says == nil && f.Absent == "" || f.Call >= len(q.Calls) {
			return errors.New("a fact has none of value, says and absent, or the call it names is not there")
		}
	}
	return err
}
