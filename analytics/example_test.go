package analytics_test

import (
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func ExampleScoreOf() {
	var sessions []analytics.Session
	for i := range 7 {
		bed := time.Date(2026, 3, 1+i, 23, 0, 0, 0, time.UTC)
		sessions = append(sessions, analytics.Session{
			ID: fmt.Sprint(i), Zone: time.UTC,
			Start: bed, Onset: bed.Add(15 * time.Minute),
			Wake: bed.Add(7*time.Hour + 45*time.Minute), End: bed.Add(8 * time.Hour),
			InBed: 8 * time.Hour, Asleep: 7 * time.Hour, Awake: 30 * time.Minute,
		})
	}
	nights := analytics.Assemble(sessions).Nights
	score := analytics.ScoreOf(nights, analytics.AdultRecommendation())
	fmt.Println(nights[0].Date, "to", nights[len(nights)-1].Date)
	fmt.Printf("efficiency %.1f, consistency %.1f, duration %.1f\n",
		*score.Efficiency.Value, *score.Consistency.Score.Value, *score.Duration.Value)
	fmt.Printf("overall %.1f from %d nights\n", *score.Overall.Value, score.Overall.N)
	// Output:
	// 2026-03-02 to 2026-03-08
	// efficiency 87.5, consistency 100.0, duration 100.0
	// overall 95.0 from 7 nights
}
