package person

import (
	"cmp"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// pictured are calls of every tool about a person that has a picture.
var pictured = map[string]string{
	"get_session":     `{}`,
	"weekly_report":   `{}`,
	"monthly_trends":  `{}`,
	"list_sessions":   `{"days":30}`,
	"find_nights":     `{"where":"asleep_minutes < 400","days":120}`,
	"find_nights by":  `{"by":"weekday","where":"bedtime > \"23:30\"","fields":["sleep_onset","rem_percent"]}`,
	"compare_nights":  `{"where":"weekend"}`,
	"compare_periods": `{"first_from":"2026-10-01","first_to":"2026-10-31","second_from":"2026-11-01","second_to":"2026-11-20"}`,
}

var comma = map[bool]string{true: ","}

func answered(t *testing.T, w *tooltest.World, name, arguments string) tool.Answer {
	t.Helper()
	a, err := tooltest.ToolNamed(t, name).Call(w.Ctx, w.Deps, json.RawMessage(arguments))
	require.NoError(t, err)
	return a
}

// A picture is drawn only when it is asked for, says what the answer says, and is the same
// after it was sent to the app.
func TestChartsAreDrawnWhenAskedFor(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning)
	for name, arguments := range pictured {
		name, _, _ := strings.Cut(name, " ")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain := answered(t, w, name, arguments)
			assert.Nil(t, plain.Image)
			require.NotNil(t, plain.Picture)
			for format, begins := range map[charts.Format]string{charts.SVG: "<svg ", charts.PNG: "\x89PNG"} {
				with := answered(t, w, name, strings.TrimSuffix(arguments, "}")+comma[arguments != "{}"]+`"chart":"`+string(format)+`"}`)
				assert.Equal(t, string(plain.JSON), string(with.JSON), "the answer stays")
				require.NotNil(t, with.Image)
				assert.True(t, strings.HasPrefix(string(with.Image.Data), begins))
				if format == charts.PNG {
					assert.LessOrEqual(t, len(with.Image.Data), 60_000)
				}
			}
			var head tool.Subject
			require.NoError(t, json.Unmarshal(plain.JSON, &head))
			assert.Contains(t, plain.Picture().Describe(), strings.Replace(head.Summary, " Its session_id is 20261122225211_o6ogq.", "", 1))
			assert.NotContains(t, plain.Picture().Describe(), "session_id", "people who look at it ask nobody by that")
			encoded, err := charts.Encode(plain.Picture())
			require.NoError(t, err)
			again, err := charts.Decode(encoded)
			require.NoError(t, err)
			first, err := charts.Draw(plain.Picture(), charts.SVG)
			require.NoError(t, err)
			second, err := charts.Draw(again, charts.SVG)
			require.NoError(t, err)
			assert.True(t, string(first) == string(second), "sent to the app, it is another picture") //nolint:testifylint // the files are too long to show
		})
	}
}

// tenth is how far numbers are from those that were rounded to one decimal.
const tenth = 0.0501

// Groups are drawn with the means of their answer, and the nights that a condition is about
// among the others.
func TestFoundNightsAreDrawn(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning)
	groups := answered(t, w, "find_nights", `{"by":"weekday","where":"bedtime > \"23:30\"","fields":["asleep_minutes"]}`)
	var said findNightsOut
	require.NoError(t, json.Unmarshal(groups.JSON, &said))
	drawn := groups.Picture().(charts.Months)
	require.Len(t, drawn.Measures, 2)
	require.Len(t, said.Groups, 7)
	for i, g := range said.Groups {
		assert.Equal(t, g.Group, drawn.Measures[0].Months[i].Month)
		assert.InDelta(t, 100*float64(g.Nights)/float64(g.Of), *drawn.Measures[0].Months[i].Mean, 1e-9)
		assert.InDelta(t, g.Mean["asleep_minutes"], *drawn.Measures[1].Months[i].Mean, tenth)
	}

	listed := answered(t, w, "find_nights", `{"where":"asleep_minutes < 400","days":400}`)
	require.NoError(t, json.Unmarshal(listed.JSON, &said))
	rows, found := listed.Picture().(charts.Nights).Rows, 0
	assert.LessOrEqual(t, len(rows), mostRows)
	for _, r := range rows {
		if r.Found {
			found++
			assert.Less(t, *r.Asleep, 400.0)
		}
	}
	assert.Equal(t, said.Matched, found)
	assert.Empty(t, answered(t, w, "find_nights", `{"where":"asleep_minutes < 400","from":"2020-01-01","to":"2020-02-01"}`).Picture().(charts.Nights).Rows)
}

// The picture of two sets of nights has each night once, on the side where it was counted.
func TestComparedNightsAreDrawn(t *testing.T) {
	t.Parallel()
	a := answered(t, tooltest.Demo(t, tooltest.Morning), "compare_nights", `{"where":"weekend"}`)
	var said compareNightsOut
	require.NoError(t, json.Unmarshal(a.JSON, &said))
	drawn := a.Picture().(charts.Contrast)
	require.NotEmpty(t, drawn.Measures)
	assert.Equal(t, "weekend", drawn.Second)
	byName, unclear := map[string]nightsContrast{}, map[string]unclearContrast{}
	for _, c := range said.Differs {
		byName[c.Metric] = c
	}
	for _, c := range said.Unclear {
		unclear[c.Metric] = c
	}
	for _, m := range drawn.Measures {
		if c, ok := unclear[m.Name]; ok {
			assert.InDelta(t, c.Low, *m.Low, tenth)
			assert.InDelta(t, c.High, *m.High, tenth)
			assert.InEpsilon(t, cmp.Or(said.Fewer[m.Name], said.Group+said.Others), len(m.First)+len(m.Second), 0.05, m.Name)
			continue
		}
		c := byName[m.Name]
		assert.InEpsilon(t, cmp.Or(c.OtherNights, said.Others), len(m.First), 0.05, m.Name) // counts are given where clearly fewer
		assert.InEpsilon(t, cmp.Or(c.GroupNights, said.Group), len(m.Second), 0.05, m.Name)
		assert.InDelta(t, *c.Difference, *m.Difference, tenth)
		assert.InDelta(t, *c.Low, *m.Low, tenth)
		if c.Group != nil {
			assert.InDelta(t, *c.Group, *m.SecondMean, tenth)
			assert.InDelta(t, *c.Others, *m.FirstMean, tenth)
		}
	}
}

// Months are drawn with the means that the answers have, and with no bedtime where those have
// none, as for people whose shifts change.
func TestMonthsAreDrawn(t *testing.T) {
	t.Parallel()
	shifts := tooltest.Nightly(80, "2026-11-22 22:45", "Europe/Paris", "20w 300l 60d 60r")
	for i := range shifts {
		if i/8%2 == 1 {
			shifts[i].Start = shifts[i].Start.Add(11 * time.Hour)
		}
	}
	without := 0
	for _, w := range []*tooltest.World{tooltest.Demo(t, tooltest.Morning), tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(shifts...))} {
		for _, m := range answered(t, w, "monthly_trends", `{"months":4}`).Picture().(charts.Months).Measures {
			for _, p := range m.Months {
				first, err := time.Parse("2006-01", p.Month)
				require.NoError(t, err)
				last := min(first.AddDate(0, 1, -1).Format(time.DateOnly), "2026-11-23")
				var of averageStatsOut
				require.NoError(t, json.Unmarshal(answered(t, w, "average_stats", `{"from":"`+p.Month+`-01","to":"`+last+`"}`).JSON, &of))
				mean := map[string]*float64{"asleep_minutes": of.Averages.SleepHours, "efficiency_percent": of.Averages.Efficiency}[m.Name]
				switch {
				case m.Name == "bedtime_minutes" && of.Averages.Bedtime == "", m.Name != "bedtime_minutes" && mean == nil:
					assert.Nil(t, p.Mean, "%s %s", p.Month, m.Name)
					assert.Nil(t, p.Low)
					if p.Nights > 0 {
						without++
					}
				case m.Name == "bedtime_minutes":
					assert.Equal(t, of.Averages.Bedtime, time.Time{}.Add(time.Duration(math.Round(*p.Mean)+24*60)*time.Minute).Format("15:04"), p.Month)
				case m.Name == "asleep_minutes":
					assert.InDelta(t, *mean*60, *p.Mean, 0.31)
				default:
					assert.InDelta(t, *mean, *p.Mean, tenth)
				}
			}
		}
	}
	assert.Positive(t, without, "a month without a usual bedtime")
}

// The picture of a night marks as many long awakenings as its answer counts, also where the
// night has two recordings, which are told apart.
func TestNightsAreDrawn(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning)
	awakenings := 0
	for _, night := range []string{"2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-22"} {
		a := answered(t, w, "get_session", `{"night":"`+night+`"}`)
		var said getSessionOut
		require.NoError(t, json.Unmarshal(a.JSON, &said))
		drawn := a.Picture().(charts.Night)
		require.NotNil(t, said.Awakenings, night)
		assert.Len(t, drawn.Awakenings(), *said.Awakenings, night)
		awakenings += *said.Awakenings
		require.Len(t, drawn.Parts, len(said.Parts), night)
		for i, p := range said.Parts {
			assert.Equal(t, p.Start, drawn.Parts[i].Start.Format(time.RFC3339))
			assert.Equal(t, p.End, drawn.Parts[i].End.Format(time.RFC3339))
		}
	}
	assert.Positive(t, awakenings)
}

// A week has lines where its words tell one usual time, and none where they tell two.
func TestMeansOfWeeksAreDrawn(t *testing.T) {
	t.Parallel()
	nights := tooltest.Nightly(14, "2026-11-22 22:45", "Europe/Paris", "20w 300l 60d 60r")
	for i := range nights[7:10] {
		nights[7+i].Start = nights[7+i].Start.Add(11 * time.Hour)
	}
	a := answered(t, tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(nights...)), "weekly_report", `{}`)
	assert.NotContains(t, string(a.JSON), "usually asleep")
	means := a.Picture().(charts.Nights).Means
	require.Len(t, means, 1)
	assert.True(t, means[0].Other, "of the week before alone")
}
