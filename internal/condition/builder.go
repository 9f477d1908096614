package condition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// value is one of a number (or clock time, or flag) and a text (or date).
type value struct {
	number float64
	text   string
}

// part is a compiled part of a text.
type part[T any] struct {
	kind   Kind
	of     func(T) (v value, ok bool)
	field  *Field[T] // nil: not a field
	quoted *string   // a text that gets its meaning from the field beside it
	truth  func(T) Truth
}

// builder turns the parser's tree into functions.
type builder[T any] struct {
	language *Language[T]
	source   []rune
	used     []string
}

func (b *builder[T]) build(node ast.Node) (p part[T], err error) {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return b.fieldOf(n)
	case *ast.IntegerNode:
		return constant[T](float64(n.Value)), nil
	case *ast.FloatNode:
		return constant[T](n.Value), nil
	case *ast.StringNode:
		return part[T]{kind: Text, quoted: &n.Value}, nil
	case *ast.BoolNode:
		is := truthOf(n.Value)
		return part[T]{kind: Flag, truth: func(T) Truth { return is }}, nil
	case *ast.UnaryNode:
		return b.unary(n)
	case *ast.BinaryNode:
		return b.binary(n)
	}
	return p, b.errorAt(node, "", "only comparisons of fields, joined with and, or and not, can be written")
}

func constant[T any](number float64) part[T] {
	return part[T]{kind: Number, of: func(T) (value, bool) { return value{number: number}, true }}
}

func (b *builder[T]) fieldOf(n *ast.IdentifierNode) (p part[T], err error) {
	f := b.language.Field(n.Value)
	if f == nil {
		return p, b.errorAt(n, "", "there is no such field")
	}
	if !slices.Contains(b.used, f.Name) {
		b.used = append(b.used, f.Name)
	}
	p = part[T]{kind: f.Kind, field: f}
	switch f.Kind {
	case Set:
	case Text, Date:
		p.of = func(thing T) (v value, ok bool) { v.text, ok = f.Text(thing); return v, ok }
	case Clock:
		p.of = func(thing T) (v value, ok bool) {
			minutes, ok := f.Number(thing)
			return value{number: f.OnDay(minutes)}, ok
		}
	default:
		p.of = func(thing T) (v value, ok bool) { v.number, ok = f.Number(thing); return v, ok }
	}
	if f.Kind == Flag {
		p.truth = func(thing T) Truth {
			is, ok := f.Number(thing)
			if !ok {
				return Unknown
			}
			return truthOf(is != 0)
		}
	}
	return p, nil
}

// truth returns a part as something that can be true.
func (b *builder[T]) truth(p part[T], node ast.Node) (func(T) Truth, error) {
	switch {
	case p.truth != nil:
		return p.truth, nil
	case p.kind == Set:
		return nil, b.errorAt(node, p.field.Example(), "it is "+p.field.says()+": ask for one with in")
	case p.field != nil:
		return nil, b.errorAt(node, p.field.Example(), "it is "+p.field.says()+" and has to be compared with something")
	}
	return nil, b.errorAt(node, "", "it is a value and not a comparison")
}

func (b *builder[T]) unary(n *ast.UnaryNode) (p part[T], err error) {
	inner, err := b.build(n.Node)
	if err != nil {
		return p, err
	}
	if n.Operator == "!" || n.Operator == "not" {
		of, err := b.truth(inner, n.Node)
		if err != nil {
			return p, err
		}
		return part[T]{kind: Flag, truth: func(thing T) Truth { return not(of(thing)) }}, nil
	}
	if err := b.number(inner, n.Node); err != nil {
		return p, err
	}
	sign := 1.0
	if n.Operator == "-" {
		sign = -1
	}
	return part[T]{kind: Number, of: func(thing T) (value, bool) {
		v, ok := inner.of(thing)
		return value{number: sign * v.number}, ok
	}}, nil
}

// number refuses what is none.
func (b *builder[T]) number(p part[T], node ast.Node) error {
	switch {
	case p.kind == Number:
		return nil
	case p.field != nil:
		return b.errorAt(node, p.field.Example(), "it is "+p.field.says()+" and cannot be calculated with")
	}
	return b.errorAt(node, "", "it is not a number")
}

func (b *builder[T]) binary(n *ast.BinaryNode) (p part[T], err error) {
	if n.Operator == "in" {
		return b.membership(n)
	}
	left, err := b.build(n.Left)
	if err != nil {
		return p, err
	}
	right, err := b.build(n.Right)
	if err != nil {
		return p, err
	}
	switch n.Operator {
	case "and", "&&", "or", "||":
		return b.junction(n, left, right)
	case "==", "!=", "<", "<=", ">", ">=":
		return b.comparison(n, left, right)
	case "+", "-", "*", "/":
		return b.calculation(n, left, right)
	}
	return p, b.errorAt(n, "", fmt.Sprintf("%s is not known here: compare with == != < <= > >= or in, and join with and, or and not", strings.TrimSpace(n.Operator)))
}

func (b *builder[T]) junction(n *ast.BinaryNode, left, right part[T]) (p part[T], err error) {
	first, err := b.truth(left, n.Left)
	if err != nil {
		return p, err
	}
	second, err := b.truth(right, n.Right)
	if err != nil {
		return p, err
	}
	decides := truthOf(n.Operator == "or" || n.Operator == "||")
	return part[T]{kind: Flag, truth: func(thing T) Truth {
		one, other := first(thing), second(thing)
		switch {
		case one == decides || other == decides:
			return decides
		case one == Unknown || other == Unknown:
			return Unknown
		}
		return not(decides)
	}}, nil
}

func not(t Truth) Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

func (b *builder[T]) calculation(n *ast.BinaryNode, left, right part[T]) (p part[T], err error) {
	if err := b.number(left, n.Left); err != nil {
		return p, err
	}
	if err := b.number(right, n.Right); err != nil {
		return p, err
	}
	operator := n.Operator
	return part[T]{kind: Number, of: func(thing T) (value, bool) {
		x, ok := left.of(thing)
		y, ok2 := right.of(thing)
		if !ok || !ok2 {
			return value{}, false
		}
		switch operator {
		case "+":
			x.number += y.number
		case "-":
			x.number -= y.number
		case "*":
			x.number *= y.number
		default:
			if y.number == 0 {
				return value{}, false
			}
			x.number /= y.number
		}
		return x, true
	}}, nil
}
