// Package quote shows in an error what was received.
//
// # Promise
//
// A text that came from outside stands on one line and cannot fill the screen, move
// the cursor or pass for the error's own words.
package errtext

import (
	"fmt"
	"strings"
	"unicode"
)

// longest is how much of a text is shown, in characters.
const longest = 60

// Text is a received text in quotes, cut, without control characters.
func Text(value string) string { return `"` + Bare(value) + `"` }

// Bare is a received value as it was written, cut, without control characters.
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
