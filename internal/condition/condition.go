package condition

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// Bounds of a text.
const (
	MaxLength = 1000 // bytes
	maxNodes  = 200
)

// Truth is what a condition says about one thing.
type Truth int8

// Truths.
const (
	False Truth = iota
	True
	Unknown // a field that it depends on has no value
)

func truthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// A Condition is a compiled text. It may be used from several goroutines.
type Condition[T any] struct {
	of     func(T) Truth
	fields []string
}

// Of returns whether the condition holds for something.
func (c *Condition[T]) Of(thing T) Truth { return c.of(thing) }

// Fields returns the names of the fields that the condition reads, in the order of their first
// mention.
func (c *Condition[T]) Fields() []string { return slices.Clone(c.fields) }

// An Error says what is wrong with the text of a condition.
type Error struct {
	Column  int    // of the wrong part, in characters from 1; 0: the whole text
	Part    string // the wrong part, or what begins there; may be empty
	Problem string // what is wrong, in a clause without a full stop
	Example string // a condition that would be right
}

func (e *Error) Error() string { return e.Problem }

// Compile reads a text. The error is always an [*Error].
func (l *Language[T]) Compile(text string) (*Condition[T], error) {
	if len(text) > MaxLength {
		return nil, &Error{Problem: "it is longer than 1000 bytes", Example: l.example()}
	}
	if !utf8.ValidString(text) {
		return nil, &Error{Problem: "it is not valid UTF-8", Example: l.example()}
	}
	config := conf.CreateNew()
	config.MaxNodes = maxNodes
	config.DisableIfOperator = true
	clear(config.Builtins) // a call is then one of an unknown name, and refused as any other
	tree, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return nil, l.syntaxError(text, err)
	}
	b := &builder[T]{language: l, source: []rune(text)}
	whole, err := b.build(tree.Node)
	if err != nil {
		return nil, err
	}
	of, err := b.truth(whole, tree.Node)
	if err != nil {
		return nil, err
	}
	return &Condition[T]{of: of, fields: b.used}, nil
}

func (l *Language[T]) example() string { return l.fields[0].Example() }

// syntaxError is the parser's, in words that need no knowledge of it.
func (l *Language[T]) syntaxError(text string, err error) error {
	e := &Error{Problem: "it is not a condition", Example: l.example()}
	if at, ok := errors.AsType[*file.Error](err); ok {
		runes := []rune(text)
		from := min(max(at.From, 0), len(runes))
		if strings.Contains(at.Message, "EOF") {
			from = len(runes) // the parser points at what came before
		}
		e.Column, e.Part = from+1, string(runes[from:min(from+partLength, len(runes))])
		if e.Part == "" {
			e.Problem = "it ends too early"
		} else {
			e.Problem = "it cannot be read from there on"
		}
	}
	return e
}

// partLength is how much of a text is shown where it goes wrong, in characters.
const partLength = 30

// errorAt is a problem of one part of the text.
func (b *builder[T]) errorAt(node ast.Node, example, problem string) error {
	if example == "" {
		example = b.language.example()
	}
	from := min(max(node.Location().From, 0), len(b.source))
	to := min(max(node.Location().To, from), from+partLength, len(b.source))
	return &Error{Column: from + 1, Part: string(b.source[from:to]), Problem: problem, Example: example}
}
