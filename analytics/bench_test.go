package analytics_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// BenchmarkEverything is all metrics of 100 nights, a trend of them and their
// assembly from sessions included.
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
