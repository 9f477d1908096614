package person

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// faultMeanings is what each fault of the service means to the caller.
var faultMeanings = map[string]struct {
	code tool.Code
	says string
}{
	"unauthorized":     {"bad_key", "ASLEEP_API_KEY"},
	"plan_expired":     {"plan_expired", "plan of this Asleep API key has expired"},
	"quota":            {"quota", "quota of this Asleep API key is used up"},
	"rate_limited":     {"rate_limited", "Try again in 90 seconds."},
	"rate_limited_429": {"rate_limited", "Try again in 90 seconds."},
	"not_found":        {"not_found", "no such user or session"},
	"validation":       {"invalid", "did not accept the request"},
	"internal":         {"unavailable", "try again in a few minutes"},
	"bad_gateway":      {"unavailable", "try again in a few minutes"},
	"html":             {"bad_response", "cannot be read"},
	"cut":              {"bad_response", "cannot be read"},
	"huge":             {"bad_response", "cannot be read"},
	"hang":             {"timeout", "did not answer in time"},
	"null":             {"bad_response", "cannot be read"},
	"result_null":      {"bad_response", "cannot be read"},
	"wrong_types":      {"bad_response", "cannot be read"},
	"redirect":         {"bad_response", "ASLEEP_BASE_URL"},
}

// upstreamWords occur in what the faulty service sends, and nowhere else.
var upstreamWords = []string{
	"detail", "Unauthorized", "exceeded", "Plan is expired", "Too Many", "<html", "sign in", "Bad Gateway", "Internal",
	"zzz", "127.0.0.1", "http:", "invalid date format", "/ai/", "/data/", "{", "GET ",
}

const (
	// patience is usually long enough for a loopback request and too short for a second
	// attempt.
	patience = 350 * time.Millisecond
	// longWait, requested by the service, is reported at once and not waited for.
	longWait = 90 * time.Second
)

// hurry limits the time of calls, as a transport does.
func hurry(t *testing.T, w *tooltest.World, most time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(w.Ctx, most)
	t.Cleanup(cancel)
	w.Ctx = ctx
}

func TestEveryFaultOnEveryTool(t *testing.T) {
	t.Parallel()
	for _, fault := range sandbox.Faults() {
		want, known := faultMeanings[fault]
		require.True(t, known, "no meaning of %s is written down", fault)
		for _, one := range tooltest.AboutOnePerson() {
			t.Run(fault+"/"+one.Name, func(t *testing.T) {
				t.Parallel()
				w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)))
				calm := w.Ctx
				require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: fault, RetryAfter: longWait}))
				if fault == "hang" || fault == "cut" {
					hurry(t, w, patience)
				}
				f := tooltest.Fails(t, w, one.Name, `{}`)
				for most := 2 * patience; f.Code == tool.TimedOut && fault == "cut" && most < time.Minute; most *= 2 {
					w.Ctx = calm // this machine was too slow to notice the cut
					hurry(t, w, most)
					f = tooltest.Fails(t, w, one.Name, `{}`)
				}
				assert.Equal(t, want.code, f.Code, f.Cause)
				assert.Contains(t, f.Text, want.says)
				saysNothingOfIts(t, f)

				w.Sandbox.ClearFaults()
				w.Ctx = calm
				tooltest.Call(t, w, one.Name, `{}`) // a failure is not kept
			})
		}
	}
}

// saysNothingOfIts checks that a text, and the cause that is logged, hold nothing that
// the service wrote, no id and no key.
func saysNothingOfIts(t *testing.T, f *tool.Failure) {
	t.Helper()
	for _, word := range append([]string{tooltest.Me, "20261121"}, upstreamWords...) {
		assert.NotContains(t, f.Text, word)
	}
	if f.Cause == nil {
		return
	}
	for _, secret := range []string{tooltest.Me, tooltest.SecretKey, "20261121", "zzz", "<html"} {
		assert.NotContains(t, f.Cause.Error(), secret, "the log")
	}
	assert.NotEqual(t, strings.TrimSpace(f.Text), strings.TrimSpace(f.Cause.Error()))
}

func TestWaits(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person())
	require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: "rate_limited_429", RetryAfter: longWait}))
	assert.Equal(t, tool.Code(asleep.RateLimited), tooltest.Fails(t, w, "sleep_score", `{}`).Code)
	assert.Equal(t, 1, w.Requests(), "a wait of 90 s is told, not waited for")
}

// Faults of a single route: if a part fails, the answer fails, never silently.
func TestFaultsOfOneRoute(t *testing.T) {
	t.Parallel()
	const (
		census  = "GET /data/v1/sessions"
		session = "GET /data/v3/sessions/{id}"
		nights  = "GET /data/v1/users/{id}/average-stats"
	)
	for _, c := range []struct{ route, tool, arguments string }{
		{nights, "list_sessions", `{"timezone":"Europe/Paris"}`},
		{nights, "monthly_trends", `{"timezone":"Europe/Paris"}`},
		{census, "list_sessions", `{}`},
		{census, "get_session", `{}`},
		{census, "average_stats", `{}`},
		{census, "sleep_score", `{}`},
		{census, "weekly_report", `{}`},
		{census, "monthly_trends", `{}`},
		{session, "get_session", `{}`},
		{session, "get_session", `{"session_id":"20261121220000_ab12c"}`},
	} {
		w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual))) // last night is not there
		require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: "quota", Route: c.route}))
		f := tooltest.Fails(t, w, c.tool, c.arguments)
		assert.Equal(t, tool.Code(asleep.Quota), f.Code, "%s on %s", c.tool, c.route)
	}
}

// A user whom the list of recordings does not know is no error: the averages know them.
func TestListWithoutTheUser(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)))
	require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: "not_found", Route: "GET /data/v1/sessions"}))
	for _, one := range tooltest.AboutOnePerson() {
		tooltest.Call(t, w, one.Name, `{}`)
	}
}

func TestOneBadAnswerIsTriedAgain(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-21 23:00", "Europe/Paris", tooltest.Usual)))
	require.NoError(t, w.Sandbox.SetFault(sandbox.Fault{Name: "cut", Times: 1}))
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`)
	assert.Equal(t, 1, got.Nights.Used)
}

func TestCancelledCall(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person())
	ctx, cancel := context.WithCancel(w.Ctx)
	cancel()
	w.Ctx = ctx
	for _, one := range tooltest.AboutOnePerson() {
		assert.Equal(t, tool.Cancelled, tooltest.Fails(t, w, one.Name, `{}`).Code)
	}
}
