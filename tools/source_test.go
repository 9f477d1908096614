package tools

import (
	"context"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// oneChunk is a source with what it is told to have.
type oneChunk struct {
	nights.Source
	chunk *asleep.Chunk
}

func (s oneChunk) Chunks(context.Context, string, civil.Date, civil.Date) ([]*asleep.Chunk, error) {
	return []*asleep.Chunk{s.chunk}, nil
}

func (oneChunk) RecentSessions(context.Context, string) ([]asleep.SessionInfo, error) {
	return nil, nil
}

// Nights may come from elsewhere than Asleep. Users and recordings are managed there all
// the same.
func TestAnotherSource(t *testing.T) {
	t.Parallel()
	start := tooltest.InstantOf("2026-11-22T22:00:00Z")
	seconds := func(hours float64) *float64 { return new(hours * tool.SecondsPerHour) }
	w := &tooltest.World{
		Ctx: access.With(t.Context(), access.Operator(tooltest.Me)),
		Deps: &tool.Deps{
			Now: func() time.Time { return tooltest.Morning }, DataSource: "demo",
			Source: oneChunk{chunk: &asleep.Chunk{
				From: civil.DateOf(start), To: civil.DateOf(start).AddDays(1), ReadAt: start,
				Slept: []asleep.SleptSession{{
					ID: "a", CreatedTimezone: "Europe/Paris", Start: start, End: start.Add(8 * time.Hour),
					Stat: asleep.Stat{SleepLatency: seconds(0.5), WakeupLatency: seconds(0.25), TimeInBed: seconds(8), TimeInSleep: seconds(7.25)},
				}},
				NeverSlept: []asleep.NeverSleptSession{},
			}},
		},
	}
	got := tooltest.AnswerOf[struct {
		Averages struct {
			Bedtime string  `json:"avg_bedtime"`
			Hours   float64 `json:"avg_sleep_hours"`
		}
	}](t, w, "average_stats", `{"days":7}`)
	assert.Equal(t, "23:00", got.Averages.Bedtime)
	assert.InDelta(t, 7.25, got.Averages.Hours, 0)
	assert.Equal(t, tool.NoKey, tooltest.Fails(t, w, "create_user", `{}`).Code)
}
