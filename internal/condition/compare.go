package condition

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// comparison compares two parts of one kind.
func (b *builder[T]) comparison(n *ast.BinaryNode, left, right part[T]) (p part[T], err error) {
	if left, err = b.given(left, right, n.Left); err != nil {
		return p, err
	}
	if right, err = b.given(right, left, n.Right); err != nil {
		return p, err
	}
	equality := n.Operator == "==" || n.Operator == "!="
	switch {
	case left.kind == Set || right.kind == Set:
		f := named(left, right)
		return p, b.errorAt(n, f.Example(), f.Name+" is "+f.says()+": ask for one with in")
	case left.field == nil && right.field == nil && left.kind != Number:
		return p, b.errorAt(n, "", "it compares no field")
	case left.kind != right.kind:
		return p, b.differ(n, left, right)
	case left.kind == Clock && left.field != nil && right.field != nil && left.field.DayBegins != right.field.DayBegins:
		return p, b.errorAt(n, left.field.Example(), "these two clock times cannot be compared with each other")
	case left.kind == Text && !equality:
		return p, b.errorAt(n, named(left, right).Example(), "texts are only equal or not: use == or !=")
	case left.kind == Flag && !equality:
		return p, b.errorAt(n, named(left, right).Example(), "it is true or false: use it alone, or with not")
	case left.kind == Flag:
		return equal(left.truth, right.truth, n.Operator == "=="), nil
	}
	holds := orders[n.Operator]
	return part[T]{kind: Flag, truth: func(thing T) Truth {
		x, ok := left.of(thing)
		y, ok2 := right.of(thing)
		if !ok || !ok2 {
			return Unknown
		}
		return truthOf(holds(cmp.Or(cmp.Compare(x.number, y.number), cmp.Compare(x.text, y.text))))
	}}, nil
}

// orders say which results of cmp.Compare an operator accepts.
var orders = map[string]func(int) bool{
	"==": func(c int) bool { return c == 0 },
	"!=": func(c int) bool { return c != 0 },
	"<":  func(c int) bool { return c < 0 },
	"<=": func(c int) bool { return c <= 0 },
	">":  func(c int) bool { return c > 0 },
	">=": func(c int) bool { return c >= 0 },
}

func equal[T any](one, other func(T) Truth, want bool) part[T] {
	return part[T]{kind: Flag, truth: func(thing T) Truth {
		x, y := one(thing), other(thing)
		if x == Unknown || y == Unknown {
			return Unknown
		}
		return truthOf((x == y) == want)
	}}
}

// given gives a quoted text the meaning that the field beside it has.
func (b *builder[T]) given(p, beside part[T], node ast.Node) (part[T], error) {
	if p.quoted == nil || beside.kind == Set {
		return p, nil
	}
	if beside.field == nil {
		return p, b.errorAt(node, "", "a text can only be compared with a field")
	}
	v, problem := beside.field.literal(*p.quoted)
	if problem != "" {
		return p, b.errorAt(node, beside.field.Example(), problem)
	}
	return part[T]{kind: beside.kind, of: func(T) (value, bool) { return v, true }}, nil
}

// differ says that two parts have different kinds.
func (b *builder[T]) differ(n *ast.BinaryNode, left, right part[T]) error {
	f := named(left, right)
	if f == nil {
		return b.errorAt(n, "", "the two sides are of different kinds")
	}
	return b.errorAt(n, f.Example(), fmt.Sprintf("%s is %s", f.Name, f.says()))
}

// named returns the field of one of two parts, or nil.
func named[T any](left, right part[T]) *Field[T] {
	if left.field != nil && (right.field == nil || left.kind != Number) {
		return left.field
	}
	return right.field
}

// membership is "x in [a, b]", "x in 6..8" or "text" in set.
func (b *builder[T]) membership(n *ast.BinaryNode) (p part[T], err error) {
	left, err := b.build(n.Left)
	if err != nil {
		return p, err
	}
	if name, ok := n.Right.(*ast.IdentifierNode); ok {
		return b.containment(left, n.Left, name)
	}
	if left.kind == Set {
		return p, b.errorAt(n.Left, left.field.Example(), "it is "+left.field.says()+": they stand behind in")
	}
	if left.quoted != nil || left.of == nil {
		return p, b.errorAt(n.Left, "", "a field has to stand before in")
	}
	switch right := n.Right.(type) {
	case *ast.ArrayNode:
		return b.oneOf(n, right, left)
	case *ast.BinaryNode:
		if right.Operator == ".." {
			return b.between(n, right, left)
		}
	}
	return p, b.errorAt(n.Right, "", "behind in stands a list such as [6, 7], or a range such as 6..8")
}

// containment is "text" in set. Texts are alike in small and capital letters.
func (b *builder[T]) containment(left part[T], node ast.Node, name *ast.IdentifierNode) (p part[T], err error) {
	set, err := b.fieldOf(name)
	if err != nil {
		return p, err
	}
	if set.kind != Set {
		return p, b.errorAt(name, set.field.Example(), set.field.Name+" is "+set.field.says())
	}
	if left.quoted == nil {
		return p, b.errorAt(node, set.field.Example(), "a text has to stand before in "+set.field.Name)
	}
	wanted := *left.quoted
	return part[T]{kind: Flag, truth: func(thing T) Truth {
		texts, ok := set.field.Set(thing)
		if !ok {
			return Unknown
		}
		return truthOf(slices.ContainsFunc(texts, func(text string) bool { return strings.EqualFold(text, wanted) }))
	}}, nil
}

func (b *builder[T]) oneOf(n *ast.BinaryNode, list *ast.ArrayNode, left part[T]) (p part[T], err error) {
	some := part[T]{kind: Flag, truth: func(T) Truth { return False }}
	for _, item := range list.Nodes {
		one, err := b.build(item)
		if err != nil {
			return p, err
		}
		// The item stands where an error is to point at.
		same, err := b.comparison(&ast.BinaryNode{Operator: "==", Left: n.Left, Right: item}, left, one)
		if err != nil {
			return p, err
		}
		if some, err = b.junction(&ast.BinaryNode{Operator: "or", Left: n.Left, Right: item}, some, same); err != nil {
			return p, err
		}
	}
	return some, nil
}

func (b *builder[T]) between(n, limits *ast.BinaryNode, left part[T]) (p part[T], err error) {
	if err := b.number(left, n.Left); err != nil {
		return p, err
	}
	var ends [2]part[T]
	for i, limit := range []ast.Node{limits.Left, limits.Right} {
		if ends[i], err = b.build(limit); err != nil {
			return p, err
		}
		if err := b.number(ends[i], limit); err != nil {
			return p, err
		}
	}
	least, err := b.comparison(&ast.BinaryNode{Operator: ">=", Left: n.Left, Right: limits.Left}, left, ends[0])
	if err != nil {
		return p, err
	}
	most, err := b.comparison(&ast.BinaryNode{Operator: "<=", Left: n.Left, Right: limits.Right}, left, ends[1])
	if err != nil {
		return p, err
	}
	return b.junction(&ast.BinaryNode{Operator: "and", Left: n.Left, Right: limits}, least, most)
}
