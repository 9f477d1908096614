package errtext_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

func TestText(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":                          `""`,
		"Night Team":                `"Night Team"`,
		"me\n\x1b[31m\u202e":        `"me��[31m�"`,
		"\xff":                      `"�"`,
		strings.Repeat("ü", 60):     `"` + strings.Repeat("ü", 60) + `"`,
		strings.Repeat("ü", 61):     `"` + strings.Repeat("ü", 60) + `… (61 characters)"`,
		strings.Repeat("\x00", 500): `"` + strings.Repeat("�", 60) + `… (500 characters)"`,
	} {
		assert.Equal(t, want, errtext.Text(value))
	}
	assert.Equal(t, "12.5", errtext.Bare("12.5"))
}

func TestWhateverWasReceivedIsShortAndPrintable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		shown := errtext.Text(rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "value"))
		assert.LessOrEqual(t, utf8.RuneCountInString(shown), 100)
		assert.False(t, strings.ContainsFunc(shown, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", shown)
	})
}
