package tools

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// kept returns the same world answered from an archive into which its people were synced,
// and nobody to ask. now is the clock from then on.
func kept(t testing.TB, w *tooltest.World, now func() time.Time, users ...string) *tooltest.World {
	t.Helper()
	store := archive.Lazy(filepath.Join(t.TempDir(), "nights.db"), w.Deps.Now)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	for _, user := range users {
		_, err := archive.Sync{Store: store, Service: w.Deps.Client, Key: tooltest.SecretKey}.Run(t.Context(), user)
		require.NoError(t, err)
	}
	source := archive.NewSource(store, archive.Options{Key: tooltest.SecretKey, Now: now, Failed: func(err error) { t.Errorf("the archive: %v", err) }})
	return &tooltest.World{Sandbox: w.Sandbox, Ctx: w.Ctx, Deps: &tool.Deps{Archive: source, Now: now, Zone: w.Deps.Zone, BirthYear: w.Deps.BirthYear, DataSource: w.Deps.DataSource}}
}

// anybody returns somebody with odd habits: naps, split nights, nights without sleep,
// trips, gaps, and recordings that are running, lost or too short.
func anybody(seed uint64, now time.Time) sandbox.Person {
	random := rand.New(rand.NewPCG(seed, 7))
	zones := []string{"Europe/Paris", "Asia/Seoul", "America/New_York", ""}
	p := sandbox.Person{ID: tooltest.Me}
	zone := zones[random.IntN(len(zones))]
	for day := 260; day >= 0; day-- {
		if random.IntN(40) == 0 {
			zone = zones[random.IntN(len(zones))]
		}
		if random.IntN(6) == 0 {
			continue
		}
		hours := []int{22, 22, 23, 13, 2}[random.IntN(5)]
		start := now.AddDate(0, 0, -day-1).Truncate(24 * time.Hour).Add(time.Duration(hours)*time.Hour + time.Duration(random.IntN(3600))*time.Second)
		if start.After(now) {
			continue
		}
		stages := make([]int8, 1+random.IntN(1100))
		quiet := random.IntN(12) == 0
		for i := range stages {
			if !quiet {
				stages[i] = []int8{0, 1, 1, 2, 3, -1}[(i/(20+random.IntN(9)))%(4+random.IntN(3))]
			}
		}
		p.Recordings = append(p.Recordings, sandbox.Recording{Start: start, Zone: zone, Stages: stages})
	}
	return p
}

// Every tool says the same from an archive as live, byte for byte.
func TestArchiveAnswersAlike(t *testing.T) {
	t.Parallel()
	worlds := map[string]func() *tooltest.World{"demo": func() *tooltest.World { return tooltest.Demo(t, tooltest.Morning) }}
	for seed := range uint64(6) {
		worlds[fmt.Sprint("anybody ", seed)] = func() *tooltest.World {
			return tooltest.NewWorld(t, tooltest.Morning, anybody(seed, tooltest.Morning))
		}
	}
	for name, world := range worlds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			live := world()
			user := access.From(live.Ctx).Own()
			alone := kept(t, live, live.Deps.Now, user)
			before := live.Requests()
			compared := 0
			for _, one := range All() {
				if one.Toolset != tool.ToolsetSleep {
					continue
				}
				for _, arguments := range []string{`{}`, `{"days":7}`, `{"days":90}`, `{"date":"2026-11-10"}`, `{"from":"2026-08-01","to":"2026-09-15"}`, `{"timezone":"Asia/Tokyo"}`} {
					want, failed := one.Call(live.Ctx, live.Deps, withRequired(one.Name, arguments))
					seen := live.Requests()
					got, err := one.Call(alone.Ctx, alone.Deps, withRequired(one.Name, arguments))
					assert.Equal(t, failed == nil, err == nil, "%s %s: %v, %v", one.Name, arguments, failed, err)
					assert.Equal(t, string(want.JSON), string(got.JSON), "%s %s", one.Name, arguments)
					assert.Equal(t, seen, live.Requests(), "nobody was asked")
					if failed == nil {
						compared++
					}
				}
			}
			assert.Greater(t, compared, 15)
			assert.GreaterOrEqual(t, live.Requests(), before)
		})
	}
}

// withRequired adds the arguments without which a tool cannot be called.
func withRequired(name, arguments string) []byte {
	if name == "compare_periods" {
		return []byte(`{"first_from":"2026-08-01","first_to":"2026-09-15","second_from":"2026-10-01","second_to":"2026-11-23"}`)
	}
	return []byte(arguments)
}

// Without the service every question is answered, and says how old the answer is.
func TestOfflineIsSaid(t *testing.T) {
	t.Parallel()
	live := tooltest.Demo(t, tooltest.Morning)
	later := tooltest.Morning.Add(4 * 24 * time.Hour)
	alone := kept(t, live, func() time.Time { return later }, access.From(live.Ctx).Own())
	for _, one := range tooltest.AboutOnePerson() {
		h := tooltest.AnswerOf[tool.Head](t, alone, one.Name, `{}`)
		require.True(t, tooltest.HasWarning(h, "offline"), "%s: %+v", one.Name, h)
		for _, warning := range h.Warnings {
			if warning.Code == "offline" {
				assert.Contains(t, warning.Text, "2026-11-23T09:12:00+01:00", one.Name)
			}
		}
	}
	week := tooltest.AnswerOf[tool.Head](t, alone, "weekly_report", `{}`)
	assert.True(t, tooltest.HasWarning(week, "stale"), "the newest night is old, too")
	nobody := tooltest.Fails(t, alone, "weekly_report", `{"user_id":"G-20250318162239-stranger"}`)
	assert.Equal(t, tool.NoKey, nobody.Code)
}

// Who may not see somebody live may not see what is kept of them either.
func TestStrangersAndTheArchive(t *testing.T) {
	t.Parallel()
	live := tooltest.Demo(t, tooltest.Morning)
	owner := access.From(live.Ctx).Own()
	alone := kept(t, live, live.Deps.Now, owner)
	none := func(context.Context, string) ([]string, error) { return nil, nil }
	for name, caller := range map[string]access.Principal{
		"another person":     access.Person("G-20250318162239-stranger"),
		"a coach of nobody":  access.Coach("", none, "south"),
		"an analyst":         tooltest.AnalystOf("north"),
		"a person of no one": access.Person(""),
	} {
		strange := &tooltest.World{Sandbox: alone.Sandbox, Deps: alone.Deps, Ctx: access.With(t.Context(), caller)}
		for _, one := range tooltest.AboutOnePerson() {
			f := tooltest.Fails(t, strange, one.Name, fmt.Sprintf(`{"user_id":%q}`, owner))
			assert.Contains(t, []tool.Code{tool.Forbidden, tool.NotFound}, f.Code, "%s, %s", name, one.Name)
		}
	}
}

// An agent asks every morning whether there is a new night.
func TestNewerThan(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning)
	type list struct {
		tool.Head
		Sessions []struct {
			ID    string `json:"session_id"`
			Kind  string
			State string
		}
		More       bool
		NextCursor string `json:"next_cursor"`
	}
	all := tooltest.AnswerOf[list](t, w, "list_sessions", `{"days":14}`)
	var ids []string
	for _, s := range all.Sessions {
		if s.Kind == "main" || s.Kind == "part" {
			ids = append(ids, s.ID)
		}
	}
	require.Greater(t, len(ids), 4)
	none := tooltest.Call(t, w, "list_sessions", fmt.Sprintf(`{"newer_than":%q}`, ids[0]))
	assert.Less(t, len(none), 400, string(none))
	assert.Contains(t, string(none), `"sessions":[]`)

	got := tooltest.AnswerOf[list](t, w, "list_sessions", fmt.Sprintf(`{"newer_than":%q,"limit":2}`, ids[3]))
	require.Len(t, got.Sessions, 2)
	assert.Equal(t, ids[0], got.Sessions[0].ID)
	assert.True(t, got.More)
	rest := tooltest.AnswerOf[list](t, w, "list_sessions", fmt.Sprintf(`{"cursor":%q}`, got.NextCursor))
	require.Len(t, rest.Sessions, 1, "the page after it knows what it is about")
	assert.Equal(t, ids[2], rest.Sessions[0].ID)

	deleted := tooltest.AnswerOf[list](t, w, "list_sessions", `{"newer_than":"20261121000000_gone1"}`)
	assert.NotEmpty(t, deleted.Sessions, "a session that is gone still says when it was")
	f := tooltest.Fails(t, w, "list_sessions", `{"newer_than":"yesterday"}`)
	tooltest.CheckMistake(t, f, `"newer_than"`)
	assert.Equal(t, tool.InvalidArgument, tooltest.Fails(t, w, "list_sessions", fmt.Sprintf(`{"cursor":%q,"newer_than":%q}`, got.NextCursor, ids[1])).Code)
}

// Nights that are settled are answered about without a request, whatever else is due.
func TestSettledNightsAreNotReadAgain(t *testing.T) {
	t.Parallel()
	live := tooltest.Demo(t, tooltest.Morning)
	later := tooltest.Morning.Add(26 * time.Hour)
	w := kept(t, live, func() time.Time { return later }, access.From(live.Ctx).Own())
	web := httptest.NewServer(live.Sandbox)
	t.Cleanup(web.Close)
	client, err := asleep.New(web.URL, tooltest.SecretKey, asleep.WithClock(w.Deps.Now))
	require.NoError(t, err)
	w.Deps.Client, w.Deps.Archive.Live = client, client
	id := tooltest.AnswerOf[struct {
		Sessions []struct {
			ID string `json:"session_id"`
		}
	}](t, live, "list_sessions", `{"from":"2026-09-20","to":"2026-09-27"}`).Sessions[0].ID
	for name, arguments := range map[string]string{
		"average_stats":   `{"from":"2026-10-20","to":"2026-11-03"}`,
		"list_sessions":   `{"from":"2026-09-20","to":"2026-11-03"}`,
		"sleep_score":     `{"ending":"2026-11-03"}`,
		"weekly_report":   `{"week_ending":"2026-11-03"}`,
		"monthly_trends":  `{"ending":"2026-10-31"}`,
		"compare_periods": `{"first_from":"2026-08-01","first_to":"2026-09-15","second_from":"2026-09-16","second_to":"2026-10-31"}`,
		"find_nights":     `{"from":"2026-06-01","to":"2026-10-31"}`,
		"compare_nights":  `{"from":"2026-06-01","to":"2026-10-31","where":"weekday in [\"Sat\",\"Sun\"]"}`,
		"get_session":     `{"night":"2026-10-20"}`,
	} {
		before := live.Requests()
		tooltest.Call(t, w, name, arguments)
		assert.Equal(t, before, live.Requests(), "%s %s: settled nights were read again", name, arguments)
	}
	before := live.Requests()
	tooltest.Call(t, w, "get_session", fmt.Sprintf(`{"session_id":%q}`, id))
	assert.Equal(t, before, live.Requests())
	tooltest.Call(t, w, "weekly_report", `{}`)
	assert.Greater(t, live.Requests(), before, "the last nights are")
}

// Without the service a minor is still one.
func TestMinorsWithoutTheService(t *testing.T) {
	t.Parallel()
	people := sandbox.Demo(tooltest.Morning, 1)
	people[0].Metadata = sandbox.Metadata{BirthYear: new(2011), BirthMonth: new(5), BirthDay: new(14)}
	live := tooltest.NewWorld(t, tooltest.Morning, people...)
	alone := kept(t, live, live.Deps.Now, people[0].ID)
	want := tooltest.Call(t, live, "sleep_score", `{}`)
	assert.Contains(t, string(want), "minor")
	assert.JSONEq(t, string(want), string(tooltest.Call(t, alone, "sleep_score", `{}`)))
}
