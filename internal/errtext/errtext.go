// Package errtext formats received values for error messages.
//
// # Promise
//
// A text from outside stays on one line, and cannot fill the screen, move the cursor or
// be mistaken for the error's own words.
package errtext

import (
	"fmt"
	"strings"
	"unicode"
)

// longest is how much of a text is shown, in characters.
const longest = 60

// Text returns a received text in quotes, shortened, without control characters.
func Text(value string) string { return `"` + Bare(value) + `"` }

// Bare returns a received value as it was written, shortened, without control
// characters.
func Bare(value string) string {
	rest := ""
	if runes := []rune(value); len(runes) > longest {
		value, rest = string(runes[:longest]), fmt.Sprintf("… (%d characters)", len(runes))
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, value) + rest
}
