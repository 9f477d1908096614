package analytics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// recorded returns a week of the same recorded night, so that a rule fires when that night
// passes its bound.
func recorded(hypnogram string) []analytics.Night {
	stats := analytics.StatsOf(epoch, stages(hypnogram))
	nights := make([]analytics.Night, 7)
	for i := range nights {
		midnight := firstMonday.AddDate(0, 0, i)
		start := midnight.Add(-time.Hour)
		s := analytics.Session{
			Start: start, Onset: start.Add(stats.Onset), Wake: start.Add(stats.FinalWake),
			End:   start.Add(time.Duration(stats.Epochs) * epoch),
			InBed: time.Duration(stats.Epochs) * epoch, Asleep: stats.Asleep, Awake: stats.Awake,
			Light: &stats.Light, Deep: &stats.Deep, REM: &stats.REM,
			Latency: &stats.Latency, LongestWake: &stats.LongestWake,
		}
		nights[i] = plain.night(midnight)
		nights[i].Main = []analytics.Session{s}
	}
	return nights
}

// How often single nights of healthy people pass the bounds. The rule for wake after sleep
// onset would fire on a third of them, which is why it also needs a baseline.
func TestInsightRatesOfRecordedNights(t *testing.T) {
	t.Parallel()
	var cases []struct{ ID, Stages string }
	golden(t, "hypnograms.json", &cases)
	sets := map[string]func(string) bool{
		"dodh": func(id string) bool { return strings.HasPrefix(id, "dodh_") },
		"psg":  func(id string) bool { return strings.HasPrefix(id, "sri_") && !strings.HasSuffix(id, "_device") },
	}
	want := map[string]map[string]int{
		"dodh": {"nights": 25, analytics.InsightLowEfficiency: 4, analytics.InsightLongLatency: 3, "longest wake": 4, "wake": 9},
		"psg":  {"nights": 14, "longest wake": 1, "wake": 3},
	}
	restful := wakeful(14, 0, 0)
	for name, belongs := range sets {
		counts := map[string]int{}
		for _, c := range cases {
			if !belongs(c.ID) {
				continue
			}
			counts["nights"]++
			for _, i := range analytics.Findings(recorded(c.Stages), nil, nil) {
				switch i.Code {
				case analytics.InsightLowEfficiency, analytics.InsightLongLatency:
					counts[i.Code]++
				case analytics.InsightAwakeLong:
					counts["longest wake"]++
				}
			}
			for _, i := range analytics.Findings(recorded(c.Stages), restful, nil) {
				if i.Code == analytics.InsightAwakeLong {
					counts["wake"]++
				}
			}
		}
		assert.Equal(t, want[name], counts, name)
	}
}
