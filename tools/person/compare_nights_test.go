package person

import (
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// nightsOfTwoMonths is 60 nights to 22 November 2026 of seven hours, give or take up to half an hour;
// those to a date that three divides last an hour less.
func nightsOfTwoMonths(t *testing.T) *tooltest.World {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	var list []sandbox.Recording
	for i := range 60 {
		date := civil.Date{Year: 2026, Month: time.September, Day: 24}.AddDays(i)
		minutes := 420 + (i*37)%61 - 30
		if date.Day%3 == 0 {
			minutes -= 60
		}
		list = append(list, plainNight(date.AddDays(-1).In(zone).Add(23*time.Hour), minutes))
		if date.Day%3 == 2 { // a nap on the day before the short nights
			list = append(list, plainNight(date.In(zone).Add(15*time.Hour), 40))
		}
	}
	return tooltest.NewWorld(t, evening, tooltest.Person(list...))
}

func TestCompareNights(t *testing.T) {
	t.Parallel()
	w := nightsOfTwoMonths(t)
	out := tooltest.AnswerOf[compareNightsOut](t, w, "compare_nights", `{"days":61,"where":"nap_before"}`)
	assert.InDelta(t, 19, out.Group, 2)
	assert.Equal(t, 60, out.Group+out.Others+1, "of the first night it is not known whether there was a nap before it")
	assert.Contains(t, out.Cautions, "1 night left out: it is not known whether it meets the condition.")
	require.NotEmpty(t, out.Differs)
	asleep := out.Differs[0]
	assert.Equal(t, []string{"asleep_minutes", "lower"}, []string{asleep.Metric, asleep.Verdict})
	assert.InDelta(t, -60, *asleep.Difference, 15)
	assert.Less(t, *asleep.Low, *asleep.Difference)
	assert.Less(t, *asleep.High, 0.0)
	assert.Contains(t, out.Summary, "time asleep")
	assert.Contains(t, strings.Join(out.Cautions, " "), "not chosen at random")
	assert.NotContains(t, out.Summary, "snoring", "what was not measured is not spoken of")
	assert.Equal(t, "not_measured", out.Missing["snoring_minutes"])

	short := tooltest.AnswerOf[compareNightsOut](t, w, "compare_nights", `{"days":61,"where":"asleep_minutes < 380"}`)
	for _, c := range short.Differs {
		assert.NotEqual(t, "asleep_minutes", c.Metric, "the condition decides it")
	}
	for _, c := range short.Unclear {
		assert.NotEqual(t, "asleep_minutes", c.Metric)
		assert.LessOrEqual(t, c.Low, c.High)
	}
	halves := tooltest.AnswerOf[compareNightsOut](t, w, "compare_nights", `{"days":61,"where":"night > \"2026-10-24\""}`)
	assert.Contains(t, strings.Join(halves.Cautions, " "), "one stretch of dates")
	assert.Empty(t, halves.Differs)
	assert.Contains(t, halves.Summary, "no clear difference")
	assert.Contains(t, halves.Summary, "would probably go unnoticed")

	few := tooltest.AnswerOf[compareNightsOut](t, w, "compare_nights", `{"days":61,"where":"weekday == \"Sat\" and month == 10","against":"weekday == \"Sun\" and month == 10"}`)
	assert.Equal(t, []int{5, 4}, []int{few.Group, few.Others})
	assert.Empty(t, few.Differs)
	assert.Equal(t, "few_nights", few.Missing["differs"])
	assert.Contains(t, few.Summary, "at least 5 on both sides")
	assert.Empty(t, few.Cautions)
	unmeasured := tooltest.AnswerOf[compareNightsOut](t, w, "compare_nights", `{"days":61,"where":"snoring_minutes > 60"}`)
	assert.Equal(t, []string{"60 nights left out: it is not known whether they meet the condition."}, unmeasured.Cautions)

	assert.Contains(t, tooltest.Fails(t, w, "compare_nights", `{"where":"nap_befor"}`).Text, "Did you mean nap_before?")
	assert.Contains(t, tooltest.Fails(t, w, "compare_nights", `{"where":"nap","against":"asleep > 3"}`).Text, `"against" is wrong at character 1`)
}

// The answer about any condition is at most 2 KB.
func TestComparisonsAreShort(t *testing.T) {
	t.Parallel()
	w := withDiary(t, tooltest.Demo(t, tooltest.Morning))
	tooltest.Call(t, w, "tag_nights", `{"tags":["a"],"nights":["2026-06-01/2026-06-20","2026-09-01/2026-09-09"]}`)
	for _, where := range []string{`weekend`, `bedtime < \"23:00\"`, `nap_before`, `snoring_minutes > 20`, `night > \"2026-09-07\" and night < \"2026-10-20\"`, `month == 8`, `\"a\" in tags`} {
		answer := tooltest.Call(t, w, "compare_nights", `{"where":"`+where+`"}`)
		assert.LessOrEqual(t, len(answer), 2048, "%s: %s", where, answer)
	}
}
