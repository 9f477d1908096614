package sandbox

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUserFromCreationToDeletion(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{})
	created := call(t, http.MethodPost, url+"/ai/v1/users", `{"metadata":{"birth_year":1988,"height":168.5,"unheard_of":1}}`, "Content-Type", "application/json")
	require.Equal(t, http.StatusCreated, created.status, created.raw)
	assert.Equal(t, "success", created.detail)
	id, is := created.result["user_id"].(string)
	require.True(t, is)
	assert.Regexp(t, `^G-20261123120000-[A-Za-z0-9]{20}$`, id)
	assert.NotEqual(t, id, call(t, http.MethodPost, url+"/ai/v1/users", "").result["user_id"])

	got := get(t, url+"/ai/v1/users/"+id)
	assert.Equal(t, http.StatusOK, got.status)
	assert.Equal(t, "success", got.detail)
	assert.Equal(t, map[string]any{
		"user_id": id, "to_be_deleted": false, "last_session_info": nil,
		"metadata": map[string]any{"birth_year": 1988., "height": 168.5},
	}, got.result)
	assert.Empty(t, listed(t, get(t, url+"/data/v1/sessions", "x-user-id", id)))

	deleted := call(t, http.MethodDelete, url+"/ai/v1/users/"+id, "")
	assert.Equal(t, http.StatusNoContent, deleted.status)
	assert.Empty(t, deleted.raw)
	for _, again := range []reply{get(t, url+"/ai/v1/users/"+id), call(t, http.MethodDelete, url+"/ai/v1/users/"+id, "")} {
		assert.Equal(t, http.StatusNotFound, again.status)
		assert.Equal(t, "user does not exist", again.detail)
	}
}

func TestCreateUserLimits(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{})
	for body, status := range map[string]int{
		`{"metadata":null` + strings.Repeat(" ", 1<<16) + `}`: 422,
		``:                             201,
		`{}`:                           201,
		`{"metadata":null}`:            201,
		`{"metadata":{"gender":null}}`: 201,
		`{"metadata":{"gender":"other","weight":63.5,"height":300,"birth_year":2026,"birth_month":12,"birth_day":31}}`: 201,
		`{"metadata":{"birth_year":1896}}`:                                422,
		`{"metadata":{"birth_year":2027}}`:                                422,
		`{"metadata":{"birth_month":13}}`:                                 422,
		`{"metadata":{"birth_month":2,"birth_day":30}}`:                   422,
		`{"metadata":{"birth_month":2,"birth_day":29}}`:                   201,
		`{"metadata":{"birth_year":2023,"birth_month":2,"birth_day":29}}`: 422,
		`{"metadata":{"gender":"Female"}}`:                                422,
		`{"metadata":{"height":300.1}}`:                                   422,
		`{"metadata":{"height":-1}}`:                                      422,
		`{"metadata":{"weight":63.55}}`:                                   422,
		`{"metadata":{"weight":1000.1}}`:                                  422,
		`{"metadata":{"birth_year":"1988"}}`:                              422,
		`{"metadata":`:                                                    422,
	} {
		got := call(t, http.MethodPost, url+"/ai/v1/users", body)
		assert.Equal(t, status, got.status, body)
		if status == http.StatusUnprocessableEntity {
			assert.IsType(t, []any{}, got.detail, body)
		}
	}
}

func TestGetUserLastSession(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 22, 41, 17, 0, time.UTC)
	now := start.Add(time.Minute)
	_, url := serve(t, Options{Now: func() time.Time { return now }, People: []Person{{ID: "G-1", ToBeDeleted: true, Recordings: []Recording{
		{ID: "20261122224117", Start: start, Stages: hypnogram(t, "100×1"), Zone: "Asia/Seoul"},
		{ID: "20261121224117", Start: start.Add(-24 * time.Hour), Stages: hypnogram(t, "100×1")},
	}}}})
	want := map[string]any{
		"session_id": "20261122224117", "inference_type": "MELSPECTROGRAM", "service": "NOSERVICE", "start_time": "2026-11-22T22:41:17",
		"end_time": nil, "state": "OPEN", "complete_time": nil,
	}
	for _, step := range []struct {
		after  time.Duration
		change map[string]any
	}{
		{time.Minute, nil},
		{50 * time.Minute, map[string]any{"state": "CLOSED", "end_time": "2026-11-22T23:31:17"}},
		{70 * time.Minute, map[string]any{"state": "COMPLETE", "complete_time": "2026-11-22T23:51:17"}},
	} {
		now = start.Add(step.after)
		maps.Copy(want, step.change)
		got := get(t, url+"/ai/v1/users/G-1")
		assert.Equal(t, want, got.result["last_session_info"])
		assert.Equal(t, true, got.result["to_be_deleted"])
		assert.NotContains(t, got.result, "metadata")
	}
}

func TestUserRefusals(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{})
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		for id, want := range map[string]reply{
			"a%20b":   {status: 401, detail: "user_id is invalid"},
			"%2e%2e":  {status: 401, detail: "user_id is invalid"},
			"a%2Fb":   {status: 401, detail: "user_id is invalid"},
			"G-never": {status: 404, detail: "user does not exist"},
		} {
			got := call(t, method, url+"/ai/v1/users/"+id, "")
			assert.Equal(t, want.status, got.status, "%s %s", method, id)
			assert.Equal(t, want.detail, got.detail, "%s %s", method, id)
		}
	}
}
