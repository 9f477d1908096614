package readable

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const answer = `{"user_id":"U-1","summary":"Six nights.","period":{"from":"2026-11-17","days":7},"data_source":"demo",
	"empty":[],"nothing":{},"hours":[7,9.5],"partial":true,"gone":null,"epochs":"0011223300112233001122330011223300112233001122330",
	"averages":{"avg_bedtime":"23:38","avg_sleep_hours":7.13},
	"nights":[{"night":"2026-11-17","asleep_minutes":421,"kind":"main"},{"night":"2026-11-18","asleep_minutes":9,"why":{"code":"nap","n":1}}],
	"warnings":[{"code":"few","text":"A text that is much too long to stand in the cell of a table."},{"code":"two"}],
	"mixed":[1,{"a":2}],"évil\u001b[2J":"a\u001bb"}`

// All of an answer, in the answer's order.
func TestAnswerWithAll(t *testing.T) {
	t.Parallel()
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
epochs       001122330011223300112233001
             1223300112233001122330
averages
  avg bedtime      23:38
  avg sleep hours  7.13
nights
               asleep
  night       minutes  kind
  2026-11-17      421  main
  2026-11-18        9

  night       why
  2026-11-17
  2026-11-18  code nap, n 1
warnings
  - code  few
    text  A text that is much too long
          to stand in the cell of a
          table.
  - code  two
mixed
  - 1
  - a  2
évil [2J     a b
`
	got, err := Answer(json.RawMessage(answer), Options{Columns: 40, All: true})
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

// What a person wants to know comes first, and what is left out is said.
func TestAnswer(t *testing.T) {
	t.Parallel()
	const want = `DEMO DATA: made-up nights, not a person's.

Six nights.

empty     none
nothing   none
hours     7, 9.5
partial   yes
gone      -
epochs    49 characters
averages  avg bedtime 23:38, avg sleep
  hours 7.13
nights
               asleep
  night       minutes  kind
  2026-11-17      421  main
  2026-11-18        9
mixed
  - 1
  - a 2
évil [2J  a b

Note: A text that is much too long to
stand in the cell of a table.

More with --all.
`
	got, err := Answer(json.RawMessage(answer), Options{Columns: 40})
	require.NoError(t, err)
	assert.Equal(t, want, got)

	got, err = Answer(json.RawMessage(`{"rows":[`+strings.Repeat(`{"n":1},`, 11)+`{"n":1}]}`), Options{Columns: 80})
	require.NoError(t, err)
	assert.Contains(t, got, "  … 2 more\n\nMore with --all.\n")
	got, err = Answer(json.RawMessage(`{"rows":[{"n":1}]}`), Options{Columns: 80})
	require.NoError(t, err)
	assert.NotContains(t, got, "--all", "nothing was left out")
}

// Lines break between words and, where one is too long, in it; no letter is lost.
func TestWrapped(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 12)
	assert.Equal(t, []string{""}, wrapped(" ", 10))
	assert.Equal(t, []string{"a b"}, wrapped("a  b", 10))
	assert.Equal(t, []string{"one two", "three"}, wrapped("one two three", 10))
	assert.Equal(t, []string{"a", long[:20], "éé b"}, wrapped("a "+long+" b", 10))
	assert.Equal(t, []string{"a", "b"}, wrapped("ab", 0))
}

func TestAnswerRealDataUnmarked(t *testing.T) {
	t.Parallel()
	got, err := Answer(json.RawMessage(`{"data_source":"asleep"}`), Options{Columns: 80, All: true})
	require.NoError(t, err)
	assert.Equal(t, "data source  asleep\n", got)

	for _, bad := range []string{``, `[]`, `{"a":`, `{"a":[1`, `{"a" 1}`, `{"a":[{]}`} {
		_, err := Answer(json.RawMessage(bad), Options{})
		require.Error(t, err, bad)
	}
}
