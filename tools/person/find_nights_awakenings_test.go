package person

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// restless is nights to 22 November 2026 that are awake for six minutes as often as their
// number says, and once for five minutes, which does not count.
func restless(counts ...int) []sandbox.Recording {
	var list []sandbox.Recording
	for i, n := range counts {
		hypnogram := "10w 100l 5w 100l"
		for range n {
			hypnogram += " 6w 40l"
		}
		start := time.Date(2026, time.November, 22+i-len(counts), 23, 0, 0, 0, time.UTC)
		list = append(list, tooltest.Slept(start.Format("2006-01-02 15:04"), "Europe/Paris", hypnogram+" 40l 10w"))
	}
	return list
}

// The service's lists do not tell how often somebody was awake for more than five minutes, so
// the nights are read one by one, only those that the question is about.
func TestFindNightsByLongAwakenings(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, evening, tooltest.Person(restless(0, 1, 4, 2, 0, 3)...))
	find := func(arguments string) findNightsOut {
		return tooltest.AnswerOf[findNightsOut](t, w, "find_nights", arguments)
	}

	out := find(`{"days":30,"where":"awakenings_over_5_minutes >= 2","order":"-awakenings_over_5_minutes"}`)
	assert.Equal(t, 3, out.Matched)
	require.Len(t, out.Rows, 3)
	assert.Equal(t, []string{"2026-11-19", "2026-11-22", "2026-11-20"}, []string{out.Rows[0].Night, out.Rows[1].Night, out.Rows[2].Night})
	assert.InDelta(t, 4, *out.Rows[0].LongAwakenings, 0)
	assert.Contains(t, out.Summary, " 9 awakenings over five minutes in all.")

	out = find(`{"days":30,"by":"month","fields":["awakenings_over_5_minutes"]}`)
	require.Len(t, out.Groups, 1)
	assert.InDelta(t, 10, out.Groups[0].Total["awakenings_over_5_minutes"], 0)
	assert.InDelta(t, 1.7, out.Groups[0].Mean["awakenings_over_5_minutes"], 0)
	assert.Contains(t, out.Summary, " 10 awakenings over five minutes in all.")

	w = tooltest.NewWorld(t, evening, tooltest.Person(restless(0, 1, 4, 2, 0, 3)...))
	assert.NotContains(t, find(`{"days":30}`).Summary, "awakening")
	before := w.Requests()
	out = find(`{"days":30,"where":"night == \"2026-11-20\"","fields":["awakenings_over_5_minutes"]}`)
	assert.Equal(t, before+1, w.Requests(), "one night of the six is read")
	assert.InDelta(t, 2, *out.Rows[0].LongAwakenings, 0)
}

func TestLongAwakeningsOfTooManyNights(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, evening, tooltest.Person(restless(make([]int, mostInFull+1)...)...))
	for tool, arguments := range map[string]string{
		"find_nights":    `{"by":"month","fields":["awakenings_over_5_minutes"]}`,
		"compare_nights": `{"where":"awakenings_over_5_minutes > 1"}`,
	} {
		f := tooltest.Fails(t, w, tool, arguments)
		assert.Contains(t, f.Error(), fmt.Sprintf("at most 100 nights in one question, received %d", mostInFull+1), tool)
		assert.Contains(t, f.Error(), "longest_awake_minutes > 5", tool)
	}
	out := tooltest.AnswerOf[findNightsOut](t, w, "find_nights", `{"days":90,"by":"month","fields":["awakenings_over_5_minutes"]}`)
	assert.Contains(t, out.Summary, " 0 awakenings over five minutes in all.")
}
