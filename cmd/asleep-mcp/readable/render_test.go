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

// A clock time stands in the column of the values that it takes the place of, and not where a
// row has both.
func TestClockTimesHaveNoColumnOfTheirOwn(t *testing.T) {
	t.Parallel()
	got, err := Answer(json.RawMessage(`{"changes":[{"metric":"a","usual":7.5},{"metric":"b","usual_clock":"23:53"}],
		"both":[{"usual":7.5,"usual_clock":"23:53"},{"usual_clock":"00:10"}]}`), Options{Columns: 40})
	require.NoError(t, err)
	assert.Equal(t, `changes
  metric  usual
  a         7.5
  b       23:53
both
         usual
  usual  clock
    7.5  23:53
         00:10
`, got)
}

// A text hangs under its beginning, and a path can be copied.
func TestParagraph(t *testing.T) {
	t.Parallel()
	path := "/" + strings.Repeat("folder/", 9) + "nights.db"
	assert.Equal(t, "kept  a problem with the file that is\n      named next:\n      "+path+"\n", Paragraph("kept  ", "a problem with the file that is named next: "+path, 40))
	assert.Equal(t, "kept  as  it is "+path+"\n", Paragraph("kept  ", "as  it is "+path, 0))
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
