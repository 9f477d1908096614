package analytics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// BenchmarkEverything computes all metrics of 100 nights, including a trend and their
// assembly from sessions.
func BenchmarkEverything(b *testing.B) {
	berlin := zone(b, "Europe/Berlin")
	var sessions []analytics.Session
	for i := range 100 {
		onset := time.Date(2026, 1, 1+i, 22, i*37%120, 0, 0, berlin)
		sessions = append(sessions, sleeping(fmt.Sprint(i), berlin, onset, onset.Add(hours(6.5+float64(i*17%60)/40))))
	}
	b.ReportAllocs()
	for b.Loop() {
		everything(analytics.Assemble(sessions).Nights)
	}
}

// BenchmarkAssemble assembles ten years of nights, with a siesta every other day and a
// split night every week.
func BenchmarkAssemble(b *testing.B) {
	r := seeded(1)
	sessions := lived(zone(b, "Europe/Berlin"), 3650, func(day int) []stretch {
		onset := r.IntN(120) - 120
		night := []stretch{{onset, onset + 400 + r.IntN(100)}}
		if day%7 == 0 {
			night = []stretch{{onset, onset + 180}, {onset + 220 + r.IntN(90), onset + 500}}
		}
		if day%2 == 0 {
			night = append(night, stretch{clock(14, 0), clock(15, 0)})
		}
		return night
	})
	b.ReportAllocs()
	for b.Loop() {
		analytics.Assemble(sessions)
	}
}
