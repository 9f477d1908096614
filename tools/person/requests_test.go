package person

import (
	"testing"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// mostRequests is what score, weekly report, six months and last night of one person may
// cost together: up to four chunks of 100 days, since the days before each night decide
// what a nap is, the list of recordings and one recording.
const mostRequests = 7

// TestRequests asks on many days, including those right after the border between two
// chunks in which nights are fetched.
func TestRequests(t *testing.T) {
	t.Parallel()
	border := civil.Date{Year: 1970, Month: 1, Day: 1}.AddDays(206 * 100) // 2026-05-28
	var days []civil.Date
	for i := -3; i < 8; i++ {
		days = append(days, border.AddDays(i))
	}
	for i := range 20 {
		days = append(days, border.AddDays(17*i+9))
	}
	clocks := []string{"T00:30:00+02:00", "T09:12:00+02:00", "T23:50:00-08:00"}
	for i, day := range days {
		now := tooltest.InstantOf(day.String() + clocks[i%len(clocks)])
		w := tooltest.NewWorld(t, now, sandbox.Generate(tooltest.Me, tooltest.MustLoad("Europe/Paris"), now.AddDate(0, 0, -20), now.AddDate(0, 0, -2), 1))
		round := func() {
			for _, tool := range []string{"sleep_score", "weekly_report", "monthly_trends", "get_session"} {
				tooltest.Call(t, w, tool, `{}`)
			}
		}
		round()
		first := w.Requests()
		assert.LessOrEqual(t, first, mostRequests, "%s: %v", now, w.Sandbox.Requests())
		round()
		assert.Equal(t, first, w.Requests(), "%s: a second round costs nothing", now)
	}
}
