package tooltest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// OddID is the id of a recording that is unlike the sandbox's.
const OddID = "20261119220000_odd01"

// Object is a JSON object that a test changes.
type Object = map[string]any

// EditedWorld returns a world whose service contradicts itself, or knows what the
// sandbox leaves out: edit changes each of the sandbox's results before it is sent. path
// is the request's.
func EditedWorld(t testing.TB, now time.Time, edit func(path string, result Object), people ...sandbox.Person) *World {
	t.Helper()
	clock := func() time.Time { return now }
	box := sandbox.New(sandbox.Options{Now: clock, People: people, Key: SecretKey})
	t.Cleanup(box.Close)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		box.ServeHTTP(answer, r)
		body := answer.Body.Bytes()
		var whole Object
		if json.Unmarshal(body, &whole) == nil {
			if result, ok := whole["result"].(Object); ok {
				edit(r.URL.Path, result)
				body = encoded(whole)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(body)
	}))
	t.Cleanup(web.Close)
	client, err := asleep.New(web.URL, SecretKey, asleep.WithClock(clock))
	require.NoError(t, err)
	return &World{
		Sandbox: box,
		Deps:    &tool.Deps{Client: client, Now: clock, DataSource: "asleep"},
		Ctx:     access.With(t.Context(), access.Operator(people[0].ID)),
	}
}

func encoded(v any) []byte {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// EditedStat returns an edit of the numbers of the session [OddID], wherever they occur.
func EditedStat(change func(stat Object)) func(string, Object) {
	return func(path string, result Object) {
		if strings.HasSuffix(path, "/"+OddID) {
			if stat, ok := result["stat"].(Object); ok {
				change(stat)
			}
		}
		sessions, _ := result["slept_sessions"].([]any)
		for _, s := range sessions {
			if one, _ := s.(Object); one["id"] == OddID {
				change(one)
			}
		}
	}
}

// EditedSession returns an edit of the answer about a single session.
func EditedSession(id string, change func(result, session Object)) func(string, Object) {
	return func(path string, result Object) {
		if strings.HasSuffix(path, "/"+id) {
			change(result, result["session"].(Object))
		}
	}
}
