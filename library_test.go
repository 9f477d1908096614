package asleepmcp_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
)

// shown: docs/library.md has what follows.

// nightsOf reads a user's nights. Assemble looks at recordings around the dates asked for,
// too, to tell naps from nights.
func nightsOf(ctx context.Context, client *asleep.Client, user string, from, to civil.Date) ([]analytics.Night, error) {
	read, err := client.Nights(ctx, user, from.AddDays(-analytics.ReachBefore), to.AddDays(analytics.ReachAfter))
	if err != nil {
		return nil, err
	}
	var sessions []analytics.Session
	for _, s := range read.Slept {
		if s.HasMetrics() {
			sessions = append(sessions, session(s))
		}
	}
	var nights []analytics.Night
	for _, n := range analytics.Assemble(sessions).Nights {
		if !n.Date.Before(from) && !n.Date.After(to) {
			nights = append(nights, n)
		}
	}
	return nights, nil
}

// session is a recording in the units of analytics. What was not measured stays nil.
func session(s asleep.SleptSession) analytics.Session {
	zone, ok := asleep.Zone(s.CreatedTimezone)
	if !ok {
		zone = time.UTC
	}
	return analytics.Session{
		ID: s.ID, Zone: zone, Start: s.Start, End: s.End, Onset: instant(s.SleepTime), Wake: instant(s.WakeTime),
		InBed: length(s.TimeInBed), Asleep: length(s.TimeInSleep), Awake: length(s.TimeInWake), AwakeUnknown: s.TimeInWake == nil,
		Light: optional(s.TimeInLight), Deep: optional(s.TimeInDeep), REM: optional(s.TimeInREM),
		Snoring: optional(s.TimeInSnoring), Latency: optional(s.SleepLatency), LongestWake: optional(s.LongestWASO),
	}
}

func optional(seconds *float64) *time.Duration {
	if seconds == nil {
		return nil
	}
	return new(time.Duration(*seconds * float64(time.Second)))
}

func length(seconds *float64) time.Duration {
	if d := optional(seconds); d != nil {
		return *d
	}
	return 0
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// end of what is shown.

// From the Asleep API, for which a local one stands here, to numbers.
func Example() {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	api := httptest.NewServer(sandbox.New(sandbox.Options{Now: clock, People: sandbox.Demo(now, sandbox.DemoSeed)}))
	defer api.Close()
	client, err := asleep.New(api.URL, "any-key", asleep.WithClock(clock))
	if err != nil {
		fmt.Println(err)
		return
	}
	to := civil.DateOf(now)
	nights, err := nightsOf(context.Background(), client, sandbox.DemoUser, to.AddDays(-29), to)
	if err != nil {
		fmt.Println(err)
		return
	}
	score := analytics.ScoreOf(nights, analytics.AdultRecommendation())
	fmt.Printf("score %.0f from %d nights\n", *score.Overall.Value, score.Overall.N)
	// Output: score 88 from 29 nights
}

func TestLibraryPageShowsTheCode(t *testing.T) {
	t.Parallel()
	source := text(t, "library_test.go")
	_, shown, begins := strings.Cut(source, "docs/library.md has what follows.\n\n")
	shown, _, ends := strings.Cut(shown, "\n// end of what is shown.")
	require.True(t, begins && ends)
	page := text(t, "docs/library.md")
	before, rest, opened := strings.Cut(page, "```go\n")
	code, after, closed := strings.Cut(rest, "```\n")
	require.True(t, opened && closed)
	if *update {
		code = shown
		require.NoError(t, os.WriteFile("docs/library.md", []byte(before+"```go\n"+code+"```\n"+after), 0o644))
	}
	assert.Equal(t, shown, code, "docs/library.md shows other code: go test . -update")
}
