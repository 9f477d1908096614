package analytics_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func codes(insights []analytics.Insight) []string {
	list := []string{}
	for _, i := range insights {
		list = append(list, i.Code)
	}
	return list
}

// withEfficiency gives nights a time in bed that results in the given efficiency.
func withEfficiency(nights []analytics.Night, percent ...float64) []analytics.Night {
	for i := range nights {
		s := &nights[i].Main[0]
		s.InBed = time.Duration(float64(s.Asleep) * 100 / percent[i%len(percent)])
	}
	return nights
}

func wakeful(n int, awake, longest float64) []analytics.Night {
	nights := withEfficiency(each(n, func(_ int, d *draw) { d.awake, d.period = awake, 460+awake }), 90)
	for i := range nights {
		nights[i].Main[0].LongestWake = new(time.Duration(longest * float64(time.Minute)))
	}
	return nights
}

// inParts adds a second part to the night, with another longest wake.
func inParts(nights []analytics.Night, longest *time.Duration) []analytics.Night {
	for i := range nights {
		part := nights[i].Main[0]
		part.LongestWake = longest
		nights[i].Main = append(nights[i].Main, part)
	}
	return nights
}

func latent(minutes float64) []analytics.Night {
	return withEfficiency(each(7, func(_ int, d *draw) { d.latency = minutes }), 90)
}

func onsets(minutes ...float64) []analytics.Night {
	return each(len(minutes), func(i int, d *draw) { d.onset += minutes[i] })
}

// everyOther keeps every other night, so that no two days can be compared.
func everyOther(nights []analytics.Night) []analytics.Night {
	var list []analytics.Night
	for i := 0; i < len(nights); i += 2 {
		list = append(list, nights[i])
	}
	return list
}

func staged(n int, deep, rem float64) []analytics.Night {
	return each(n, func(_ int, d *draw) { d.deep, d.rem = deep, rem })
}

func snored(share ...float64) []analytics.Night {
	nights := same(len(share), plain)
	for i := range nights {
		s := &nights[i].Main[0]
		s.Snoring = new(time.Duration(share[i] * float64(s.Asleep)))
	}
	return nights
}

func TestInsightRules(t *testing.T) {
	t.Parallel()
	weekendLater := func(minutes float64) []analytics.Night { return onsets(0, 0, 0, 0, 0, minutes, minutes) }
	cases := []struct {
		name             string
		period, baseline []analytics.Night
		age              int
		want             string // empty: silence
	}{
		{"a good week", same(7, plain), same(28, plain), 40, ""},
		{"nothing", nil, nil, 40, ""},
		{"short by half an hour", asleepFor(repeat(7, 390)...), nil, 40, analytics.InsightShortSleep},
		{"not quite", asleepFor(repeat(7, 391)...), nil, 40, ""},
		{"short on four of seven", asleepFor(300, 300, 300, 300, 440, 440, 440), nil, 40, analytics.InsightShortSleep},
		{"short on three of seven", asleepFor(250, 250, 250, 440, 440, 440, 440), nil, 40, ""},
		{"four nights", asleepFor(repeat(4, 300)...), nil, 40, ""},
		{"five nights", asleepFor(repeat(5, 300)...), nil, 40, analytics.InsightShortSleep},
		{"half of six is enough", asleepFor(250, 250, 250, 440, 440, 440), nil, 40, analytics.InsightShortSleep},
		{"inefficient", withEfficiency(same(7, plain), 74.9), nil, 40, analytics.InsightLowEfficiency},
		{"uncertain", withEfficiency(same(7, plain), 75), nil, 40, ""},
		{"uncertain at 65", withEfficiency(same(7, plain), 75), nil, 65, ""},
		{"inefficient at 65", withEfficiency(same(7, plain), 74), nil, 65, analytics.InsightLowEfficiency},
		{"at 64 still as an adult", withEfficiency(same(7, plain), 74), nil, 64, analytics.InsightLowEfficiency},
		{"inefficient on three nights", withEfficiency(same(7, plain), 50, 90, 50, 90, 90, 50, 90), nil, 40, ""},
		{"fell by three points", withEfficiency(same(7, plain), 81), withEfficiency(same(14, plain), 84), 40, analytics.InsightEfficiency},
		{"fell on five nights", withEfficiency(same(5, plain), 80), withEfficiency(same(14, plain), 90), 40, analytics.InsightEfficiency},
		{"fell by less", withEfficiency(same(7, plain), 81.1), withEfficiency(same(14, plain), 84), 40, ""},
		{"fell and is still good", withEfficiency(same(7, plain), 85), withEfficiency(same(14, plain), 95), 40, ""},
		{"rose", withEfficiency(same(7, plain), 84), withEfficiency(same(14, plain), 76), 40, ""},
		{"fell from a baseline of 13", withEfficiency(same(7, plain), 80), withEfficiency(same(13, plain), 90), 40, ""},
		{"fell on three of seven", withEfficiency(same(7, plain), 75, 86, 75, 86, 75, 86, 86), withEfficiency(same(14, plain), 86), 40, ""},
		{"fell on four of seven", withEfficiency(same(7, plain), 77, 86, 77, 86, 77, 86, 77), withEfficiency(same(14, plain), 86), 40, analytics.InsightEfficiency},
		{"fell at 65", withEfficiency(same(7, plain), 76), withEfficiency(same(14, plain), 80), 65, analytics.InsightEfficiency},
		{"latency", latent(45.5), nil, 40, analytics.InsightLongLatency},
		{"latency in the uncertain zone", latent(45), nil, 40, ""},
		{"latency at 65", latent(60), nil, 65, ""},
		{"long latency at 65", latent(61), nil, 65, analytics.InsightLongLatency},
		{"quickly asleep", latent(1), nil, 40, ""},
		{"longest wake", wakeful(7, 35, 31), nil, 40, analytics.InsightAwakeLong},
		{"longest wake in one part of the night", inParts(wakeful(7, 35, 31), new(time.Minute)), nil, 40, analytics.InsightAwakeLong},
		{"longest wake of one part of the night unknown", inParts(wakeful(7, 35, 31), nil), nil, 40, ""},
		{"longest wake of half an hour", wakeful(7, 35, 30), nil, 40, ""},
		{"awake more than usual", wakeful(7, 45, 9), wakeful(14, 30, 9), 40, analytics.InsightAwakeLong},
		{"awake more than usual on five nights", wakeful(5, 45, 9), wakeful(14, 30, 9), 40, analytics.InsightAwakeLong},
		{"awake as usual", wakeful(7, 45, 9), wakeful(14, 31, 9), 40, ""},
		{"awake, with nothing to compare", wakeful(7, 45, 9), nil, 40, ""},
		{"more than usual but no more than 40", wakeful(7, 40, 9), wakeful(14, 10, 9), 40, ""},
		{"three hours to and fro", onsets(0, 180, 0, 180, 0, 180, 0), nil, 40, analytics.InsightIrregular},
		{"an hour to and fro", onsets(0, 60, 0, 60, 0, 60, 0), nil, 40, ""},
		{"very uneven on two days of five", onsets(0, 90, 0, 90, -198, 90), nil, 40, ""},
		{"one very late night", onsets(0, 0, 300, 0, 0, 0, 0), nil, 40, ""},
		{"spread without pairs", everyOther(onsets(0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 200)), nil, 40, analytics.InsightIrregular},
		{"half of the nights just an hour away", everyOther(onsets(0, 0, 0, 0, 0, 0, 60, 0, 60, 0, 60, 0, 400)), nil, 40, analytics.InsightIrregular},
		{"less spread", everyOther(onsets(0, 0, 120, 0, 0, 0, 120, 0, 0, 0, 120)), nil, 40, ""},
		{"one late night without pairs", everyOther(onsets(0, 0, 0, 0, 300, 0, 0, 0, 0, 0, 0)), nil, 40, ""},
		{"late weekend", weekendLater(120), same(14, plain), 40, analytics.InsightWeekendShift},
		{"early weekend", weekendLater(-125), same(14, plain), 40, analytics.InsightWeekendShift},
		{"not so late", weekendLater(119), same(14, plain), 40, ""},
		{"late weekend of unknown weeks", weekendLater(240), nil, 40, ""},
		{"late weekend after few nights", weekendLater(240), same(13, plain), 40, ""},
		{"weekend of leave before night work", weekendLater(-210), same(21, draw{onset: -400, period: 480, latency: 10, awake: 20}), 40, ""},
		{"two hours and an error of 16 minutes", onsets(0, 0, 0, 0, 0, 106, 166), same(14, plain), 40, analytics.InsightWeekendShift},
		{"two hours and a little less", onsets(0, 0, 0, 0, 0, 105.5, 165.5), same(14, plain), 40, ""},
		{"one late free night", onsets(0, 0, 0, 0, 0, 260, 0), same(14, plain), 40, ""},
		{"deep sleep changed", staged(14, 0.20, 0.2), staged(14, 0.14, 0.2), 40, analytics.InsightStages},
		{"REM changed", staged(14, 0.20, 0.1), staged(14, 0.20, 0.2), 40, analytics.InsightStages},
		{"stages of a week", staged(13, 0.20, 0.2), staged(28, 0.05, 0.2), 40, ""},
		{"stages of any size", staged(28, 0.02, 0.45), staged(28, 0.02, 0.45), 40, ""},
		{"snoring on three of seven", snored(0.3, 0.3, 0.3, 0, 0, 0, 0), nil, 40, analytics.InsightSnoring},
		{"snoring on three of five", snored(0.3, 0.3, 0.3, 0, 0), nil, 40, analytics.InsightSnoring},
		{"snoring on two", snored(0.9, 0.9, 0.29, 0, 0), nil, 40, ""},
		{"snoring on three of eight", snored(0.3, 0.3, 0.3, 0, 0, 0, 0, 0), nil, 40, ""},
		{"a minor", asleepFor(repeat(7, 300)...), nil, 17, ""},
		{"a snoring minor", snored(repeat(7, 0.5)...), nil, 17, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			want := []string{}
			if c.want != "" {
				want = []string{c.want}
			}
			assert.Equal(t, want, codes(analytics.InsightsOf(c.period, c.baseline, &c.age)))
		})
	}
}

func TestInsightsAreFewAndInOrder(t *testing.T) {
	t.Parallel()
	bad := each(14, func(i int, d *draw) {
		*d = draw{onset: float64(i%2) * 200, period: 360, latency: 90, awake: 80, deep: 0.1, rem: 0.2}
	})
	for i := range bad {
		bad[i].Main[0].LongestWake, bad[i].Main[0].Snoring = new(40*time.Minute), new(3*time.Hour)
	}
	baseline := same(28, plain)
	assert.Equal(t, []string{
		analytics.InsightShortSleep, analytics.InsightLowEfficiency, analytics.InsightLongLatency,
		analytics.InsightAwakeLong, analytics.InsightIrregular, analytics.InsightStages, analytics.InsightSnoring,
	}, codes(analytics.Findings(bad, baseline, nil)))
	assert.Equal(t, []string{
		analytics.InsightShortSleep, analytics.InsightLowEfficiency, analytics.InsightSnoring,
	}, codes(analytics.InsightsOf(bad, baseline, nil)))
	assert.Empty(t, analytics.InsightsOf(bad, baseline, new(17)))
	assert.NotNil(t, analytics.InsightsOf(nil, nil, nil))
}

func TestInsightsSayWhatTheyRestOn(t *testing.T) {
	t.Parallel()
	one := func(period, baseline []analytics.Night) analytics.Insight {
		list := analytics.InsightsOf(period, baseline, nil)
		require.Len(t, list, 1)
		return list[0]
	}
	clock := func(want float64, got *float64) {
		t.Helper()
		require.NotNil(t, got)
		assert.InDelta(t, want, *got/60, 1e-6)
	}
	short := one(asleepFor(repeat(7, 380)...), nil)
	assert.Equal(t, analytics.Insight{
		Code: analytics.InsightShortSleep, Value: short.Value, Unit: "minutes", Nights: 7,
		Source: analytics.SourceDuration, Limit: new(420.0),
	}, short)
	assert.InDelta(t, 380, short.Value, 1e-9)

	fell := one(withEfficiency(same(7, plain), 80), withEfficiency(same(14, plain), 90))
	assert.InDelta(t, 80, fell.Value, 1e-6)
	assert.InDelta(t, 90, *fell.Usual, 1e-6)

	awake := one(wakeful(7, 50, 9), wakeful(14, 20, 9))
	assert.Equal(t, analytics.MetricAwake, awake.Metric)
	assert.InDelta(t, 50, awake.Value, 1e-9)
	assert.InDelta(t, 20, *awake.Usual, 1e-9)

	uneven := one(onsets(0, 180, 0, 180, 0, 180, 0, 180), nil)
	assert.Equal(t, analytics.MetricRegularity, uneven.Metric)
	assert.InDelta(t, 50, uneven.Value, 1e-9)
	assert.Equal(t, analytics.MetricOnset, uneven.Clock)
	clock(1410, uneven.From)
	clock(150, uneven.To)

	woken := one(each(8, func(i int, d *draw) { d.period += float64(i%2) * 240 }), nil)
	assert.Equal(t, analytics.MetricWake, woken.Clock, "the onsets are alike")
	clock(plain.onset+plain.period, woken.From)
	clock(plain.onset+plain.period+240, woken.To)

	gaps := one(everyOther(onsets(0, 0, 200, 0, 0, 0, 200, 0, 0, 0, 200)), nil)
	assert.Equal(t, analytics.MetricOnset, gaps.Metric)
	assert.InDelta(t, 100*1.0954451150103321, gaps.Value, 1e-6)

	weekend := one(onsets(0, 0, 0, 0, 0, -150, -150), same(14, plain))
	assert.InDelta(t, -150, weekend.Value, 1e-6)
	assert.InDelta(t, -120, *weekend.Limit, 1e-9)
	clock(210, weekend.From)
	clock(60, weekend.To)
	assert.InDelta(t, 0, *weekend.Longer, 1e-9)

	rem := one(staged(14, 0.20, 0.1), staged(14, 0.20, 0.2))
	assert.Equal(t, analytics.MetricREM, rem.Metric)
	assert.InDelta(t, 10, rem.Value, 0.01)
	assert.InDelta(t, 20, *rem.Usual, 0.01)

	snoring := one(snored(0.4, 0.4, 0.4, 0, 0, 0), nil)
	assert.InDelta(t, 3, snoring.Value, 0)
	assert.Equal(t, 6, snoring.Nights)
}

func TestShortSleepCountsNapsAndAge(t *testing.T) {
	t.Parallel()
	nights := asleepFor(repeat(7, 380)...)
	for i := range nights {
		noon := firstMonday.AddDate(0, 0, i).Add(13 * time.Hour)
		nights[i].Naps = []analytics.Session{sleeping("nap", time.UTC, noon, noon.Add(20*time.Minute))}
	}
	assert.Empty(t, codes(analytics.InsightsOf(nights, nil, nil)))
}

// What is told to be worse than usual is so by the verdicts of the same answer.
func TestInsightsAgreeWithChanges(t *testing.T) {
	t.Parallel()
	r := seeded(23)
	told := map[string]int{}
	for range 600 {
		draws := someone(r).draws(r, 35)
		for i := 28; i < len(draws); i++ {
			draws[i].awake += 25 + 15*r.Float64()
		}
		nights := made(draws)
		verdicts := map[string]analytics.Verdict{}
		for _, c := range analytics.Changes(nights[:28], nights[28:], analytics.LeastBaseline, analytics.LeastWeek) {
			verdicts[c.Metric.Name] = c.Verdict
		}
		for _, i := range analytics.Findings(nights[28:], nights[:28], nil) {
			switch {
			case i.Code == analytics.InsightEfficiency:
				assert.Equal(t, analytics.Lower, verdicts[analytics.MetricEfficiency])
			case i.Code == analytics.InsightAwakeLong && i.Usual != nil:
				assert.Equal(t, analytics.Higher, verdicts[analytics.MetricAwake])
			default:
				continue
			}
			told[i.Code]++
		}
	}
	assert.Len(t, told, 2, told)
}
