package readable

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnswer(t *testing.T) {
	t.Parallel()
	const answer = `{"user_id":"U-1","summary":"Six nights.","period":{"from":"2026-11-17","days":7},"data_source":"demo",
		"empty":[],"nothing":{},"hours":[7,9.5],"partial":true,"gone":null,
		"nights":[{"night":"2026-11-17","asleep_minutes":421,"kind":"main"},{"night":"2026-11-18","asleep_minutes":9,"why":{"code":"nap","n":1}}],
		"warnings":[{"code":"few","text":"A text that is much too long to stand in the cell of a table."},{"code":"two"}],
		"mixed":[1,{"a":2}],"évil\u001b[2J":"a\u001bb"}`
	const want = `DEMO DATA: made-up nights, not a person's.

Six nights.

user id      U-1
period
  from  2026-11-17
  days  7
data source  demo
empty        none
nothing      none
hours        7, 9.5
partial      yes
gone         -
nights
  night       asleep minutes  kind  why
  2026-11-17             421  main
  2026-11-18               9        code nap, n 1
warnings
  - code  few
    text  A text that is much too long to stand in the cell of a table.
  - code  two
mixed
  - 1
  - a  2
évil [2J     a b
`
	got, err := Answer(json.RawMessage(answer))
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

// Lines break between words, after a hundred characters at most, and no word is
// lost or cut.
func TestWrapped(t *testing.T) {
	t.Parallel()
	ten := strings.Repeat("é", 9) // nine, and a blank
	long := strings.Repeat("x", 120)
	assert.Empty(t, wrapped(" "))
	assert.Equal(t, "a b", wrapped("a  b"))
	assert.Equal(t, strings.Repeat(ten+" ", 9)+ten+"\n"+ten, wrapped(strings.Repeat(ten+" ", 11)))
	assert.Equal(t, "a\n"+long+"\nb", wrapped("a "+long+" b"))
}

func TestAnswerRealDataUnmarked(t *testing.T) {
	t.Parallel()
	got, err := Answer(json.RawMessage(`{"data_source":"asleep"}`))
	require.NoError(t, err)
	assert.Equal(t, "data source  asleep\n", got)

	for _, bad := range []string{``, `[]`, `{"a":`, `{"a":[1`, `{"a" 1}`, `{"a":[{]}`} {
		_, err := Answer(json.RawMessage(bad))
		require.Error(t, err, bad)
	}
}
