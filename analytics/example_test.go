package analytics_test

import (
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// plainNights returns consecutive nights from 23:00 to 07:00 in UTC, which begin with an
// evening of March 2026.
func plainNights(evening, number int, asleep time.Duration) []analytics.Night {
	sessions := make([]analytics.Session, number)
	for i := range sessions {
		bed := time.Date(2026, time.March, evening+i, 23, 0, 0, 0, time.UTC)
		longer := time.Duration(i%3) * 5 * time.Minute // nights differ
		sessions[i] = analytics.Session{
			ID: bed.Format(time.DateOnly), Zone: time.UTC,
			Start: bed, Onset: bed.Add(15 * time.Minute), Wake: bed.Add(465 * time.Minute), End: bed.Add(8 * time.Hour),
			InBed: 8 * time.Hour, Asleep: asleep + longer, Awake: 450*time.Minute - asleep - longer,
		}
	}
	return analytics.Assemble(sessions).Nights
}

func ExampleAverage() {
	means := analytics.Average(plainNights(1, 6, 7*time.Hour))
	fmt.Printf("%.0f minutes asleep on %d nights\n", *means.Asleep.Value/60, means.Asleep.N)
	fmt.Printf("efficiency %.3f\n", *means.Efficiency.Value)
	if means.Deep.Value == nil {
		fmt.Println("deep sleep:", means.Deep.Missing)
	}
	// Output:
	// 425 minutes asleep on 6 nights
	// efficiency 0.885
	// deep sleep: not_measured
}

func ExampleScoreOf() {
	nights := plainNights(1, 7, 7*time.Hour)
	score := analytics.ScoreOf(nights, analytics.AdultRecommendation())
	fmt.Println(nights[0].Date, "to", nights[len(nights)-1].Date)
	fmt.Printf("efficiency %.1f, consistency %.1f, duration %.1f\n",
		*score.Efficiency.Value, *score.Consistency.Score.Value, *score.Duration.Value)
	fmt.Printf("overall %.1f from %d nights\n", *score.Overall.Value, score.Overall.N)
	// Output:
	// 2026-03-02 to 2026-03-08
	// efficiency 88.4, consistency 100.0, duration 100.0
	// overall 95.4 from 7 nights
}

// A week is compared with the 28 days before it.
func ExampleCompare() {
	before := plainNights(1, 28, 7*time.Hour)
	week := plainNights(29, 7, 6*time.Hour)
	asleep := analytics.MetricNamed(analytics.MetricAsleep)
	change := analytics.Compare(asleep, before, week, analytics.LeastBaseline, analytics.LeastWeek)
	fmt.Printf("%s: %.0f minutes\n", change.Verdict, *change.Difference)
	// Output: lower: -61 minutes
}

func ExampleClockMean() {
	half := 30 * time.Minute.Seconds()
	mean := analytics.ClockMean([]float64{86400 - half, half}) // 23:30 and 00:30
	fmt.Println(*mean.Value)
	opposite := analytics.ClockMean([]float64{0, 43200}) // midnight and noon
	fmt.Println(opposite.Value, opposite.Missing)
	// Output:
	// 0
	// <nil> scattered
}

func ExampleStatsOf() {
	w, l, d := analytics.Wake, analytics.Light, analytics.Deep
	stats := analytics.StatsOf(30*time.Second, []analytics.Stage{w, w, l, l, d, d, w, l, w, w})
	fmt.Println("latency", stats.Latency)
	fmt.Println("asleep", stats.Asleep)
	fmt.Println("awake after sleep onset", stats.Awake)
	fmt.Println("efficiency", *stats.Efficiency)
	// Output:
	// latency 1m0s
	// asleep 2m30s
	// awake after sleep onset 30s
	// efficiency 0.5
}
