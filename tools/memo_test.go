package tools

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// counted is a tool about one person that says how often it was run.
func counted(runs *int) Tool {
	return define(Spec{Name: "counted", Title: "Counted", Description: "For tests.", Toolset: "test", Access: Reads},
		func(ctx context.Context, d *Deps, in struct{ About }) (struct {
			Runs int `json:"runs"`
		}, error,
		) {
			*runs++
			q, err := ask(ctx, d, in.About)
			if err == nil {
				_, err = q.read(ctx, span{q.today.AddDays(-7), q.today})
			}
			return struct {
				Runs int `json:"runs"`
			}{*runs}, err
		})
}

func TestAnswersAreKeptWhileTheNightsAre(t *testing.T) {
	t.Parallel()
	now := morning
	w := startWorld(t, sandbox.Options{
		Now: func() time.Time { return now }, People: []sandbox.Person{person(nightly(8, "2026-11-22 23:00", "Europe/Paris", usual)...)},
	})
	runs := 0
	tool := counted(&runs)
	answers := func(arguments string) string {
		answer, err := tool.Call(w.ctx, w.deps, json.RawMessage(arguments))
		require.NoError(t, err)
		return string(answer)
	}
	assert.JSONEq(t, `{"runs":1}`, answers(`{}`))
	assert.JSONEq(t, `{"runs":1}`, answers(`{}`), "kept")
	assert.JSONEq(t, `{"runs":2}`, answers(`{"timezone":"Asia/Seoul"}`), "another question")

	assert.Len(t, slices.Collect(w.deps.memo.store.Keys()), 2)

	w.deps.Client.Forget(me)
	assert.JSONEq(t, `{"runs":3}`, answers(`{}`), "forgotten")
	now = now.Add(2 * time.Minute)
	assert.JSONEq(t, `{"runs":4}`, answers(`{}`), "the nights are read anew")

	w.deps.Client.Forget(me)
	gone, cancel := context.WithCancel(w.ctx)
	cancel()
	_, err := tool.Call(gone, w.deps, json.RawMessage(`{}`))
	require.Error(t, err)
	assert.Len(t, slices.Collect(w.deps.memo.store.Keys()), 1, "what does not hold any more is dropped, also when nothing takes its place")
}

func TestKeptAnswersAreForThoseWhoMaySeeThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, morning, person(nightly(8, "2026-11-22 23:00", "Europe/Paris", usual)...))
	call(t, w, "sleep_score", `{"user_id":"`+me+`"}`)
	for name, p := range map[string]access.Principal{
		"nobody": {}, "somebody else": access.Person("G-other"), "analyst": access.Analyst("north"),
	} {
		_, err := toolNamed(t, "sleep_score").Call(access.With(w.ctx, p), w.deps, json.RawMessage(`{"user_id":"`+me+`"}`))
		require.Error(t, err, name)
	}
	runs := 0
	tool := counted(&runs)
	for _, own := range []string{me, "G-other"} {
		ctx := access.With(w.ctx, access.Operator(own))
		_, _ = tool.Call(ctx, w.deps, nil)
	}
	assert.Equal(t, 2, runs, "the same words about another person are another question")
}
