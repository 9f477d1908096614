package readable

import (
	"strings"
	"unicode/utf8"
)

func width(s string) int { return utf8.RuneCountInString(s) }

// pad fills s with blanks up to a width, before or after it.
func pad(s string, to int, right bool) string {
	blanks := strings.Repeat(" ", max(0, to-width(s)))
	if right {
		return blanks + s
	}
	return s + blanks
}

// wrapped breaks a text into lines, between words where it can; at least one line.
func wrapped(text string, columns int) []string {
	return broken(text, columns, true)
}

// broken breaks a text between words, and a word that is too long only where it may be cut.
func broken(text string, columns int, cut bool) []string {
	columns = max(columns, 1)
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && width(line)+1+width(word) > columns {
			lines, line = append(lines, line), ""
		}
		for letters := []rune(word); cut && len(letters) > columns; letters = []rune(word) {
			lines, word = append(lines, string(letters[:columns])), string(letters[columns:])
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(lines, line)
}

// plain reports whether a value fits after its label: a scalar, or a list of scalars, or
// nothing.
func plain(value any) bool {
	switch v := value.(type) {
	case object:
		return len(v) == 0
	case list:
		for _, item := range v {
			if _, ok := item.(scalar); !ok {
				return false
			}
		}
	}
	return true
}

// flat reports whether every field of an object is plain.
func flat(o object) bool {
	for _, m := range o {
		if !plain(m.value) {
			return false
		}
	}
	return true
}

// inline returns a value on one line.
func inline(value any) string {
	var parts []string
	switch v := value.(type) {
	case scalar:
		return v.text
	case list:
		for _, item := range v {
			parts = append(parts, inline(item))
		}
	case object:
		for _, m := range v {
			parts = append(parts, strings.ReplaceAll(m.name, "_", " ")+" "+inline(m.value))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}
