package sandbox

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func listed(t *testing.T, r reply) []map[string]any {
	t.Helper()
	require.Equal(t, http.StatusOK, r.status, r.raw)
	rows, is := r.result["sleep_session_list"].([]any)
	require.True(t, is, r.raw)
	out := make([]map[string]any, len(rows))
	for i, row := range rows {
		out[i] = row.(map[string]any)
	}
	return out
}

func TestGetSession(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 14, 2, 50, 29, 0, time.UTC)
	stages := hypnogram(t, "30×0 18×1 6×0 18×1 48×0")
	_, url := serve(t, Options{People: sleeperOf(Recording{Start: start, Zone: "Asia/Seoul", Stages: stages, Snoring: make([]int8, len(stages))})})
	id := sessionID("G-1", start)
	assert.Regexp(t, `^20260114025029_[a-z0-9]{5}$`, id)
	assert.NotEqual(t, id, sessionID("G-2", start))
	got := get(t, url+"/data/v3/sessions/"+id, "x-user-id", "G-1", "timezone", "Asia/Seoul")
	require.Equal(t, http.StatusOK, got.status, got.raw)
	assert.Equal(t, "OK", got.detail)
	assert.Equal(t, "Asia/Seoul", got.result["timezone"])
	assert.Equal(t, []any{"NO_BREATHING_STABILITY"}, got.result["peculiarities"])
	assert.Zero(t, got.result["missing_data_ratio"])
	session := got.result["session"].(map[string]any)
	assert.Len(t, session["sleep_stages"], 120)
	assert.Len(t, session["snoring_stages"], 120)
	delete(session, "sleep_stages")
	delete(session, "snoring_stages")
	assert.Equal(t, map[string]any{
		"id": id, "state": "COMPLETE", "start_time": "2026-01-14T11:50:29+09:00", "end_time": "2026-01-14T12:50:29+09:00",
		"unexpected_end_time": nil, "created_timezone": "Asia/Seoul", "breath_stages": nil,
	}, session)
	stat := got.result["stat"].(map[string]any)
	assert.Equal(t, "2026-01-14T12:05:29+09:00", stat["sleep_time"])
	assert.Equal(t, "2026-01-14T12:26:29+09:00", stat["wake_time"])
	assert.Nil(t, stat["sleep_cycle_time"])
	assert.InEpsilon(t, 1260., stat["time_in_no_snoring"], 0)
	utc := get(t, url+"/data/v3/sessions/"+id, "x-user-id", "G-1").result
	assert.Equal(t, "UTC", utc["timezone"])
	assert.Equal(t, "2026-01-14T02:50:29+00:00", utc["session"].(map[string]any)["start_time"])
}

func TestGetSessionCycleTimes(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{People: sleeperOf(Recording{ID: "20261101000000", Start: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Stages: hypnogram(t, "2×0 80×1 20×3 60×1 20×3")})})
	stat := get(t, url+"/data/v3/sessions/20261101000000", "x-user-id", "G-1").result["stat"].(map[string]any)
	assert.Equal(t, []any{"2026-11-01T00:01:00+00:00", "2026-11-01T00:50:30+00:00", "2026-11-01T01:30:30+00:00"}, stat["sleep_cycle_time"])
}

func TestPeculiarities(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, runs string
		state      State
		want       string
		stat       bool
	}{
		{"open ended", "100×1", Open, "IN_PROGRESS", false},
		{"being analysed", "100×1", Closed, "IN_PROGRESS", false},
		{"too short", "9×1", "", "TOO_SHORT_FOR_ANALYSIS", false},
		{"just long enough", "10×1", "", "", true},
		{"nearly a third lost", "70×1 30×-1", "", "", true},
		{"a third lost", "69×1 31×-1", "", "TOO_MANY_DEFECTS_IN_SLEEP_STAGES", false},
		{"nothing received", "", "", "TOO_SHORT_FOR_ANALYSIS", false},
		{"all lost", "100×-1", "", "TOO_MANY_DEFECTS_IN_SLEEP_STAGES", false},
		{"never slept", "100×0", "", "NEVER_SLEPT", true},
		{"24 hours", "2880×1", "", "", true},
		{"too long", "2881×1", "", "TOO_LONG_FOR_ANALYSIS", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, url := serve(t, Options{People: sleeperOf(Recording{
				ID: "20261101000000", Start: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Stages: hypnogram(t, tc.runs), State: tc.state,
			})})
			got := get(t, url+"/data/v3/sessions/20261101000000", "x-user-id", "G-1").result
			want := []any{"NO_BREATHING_STABILITY"}
			if tc.want != "" {
				want = []any{tc.want, "NO_BREATHING_STABILITY"}
			}
			assert.Equal(t, want, got["peculiarities"])
			assert.Equal(t, tc.stat, got["stat"] != nil)
		})
	}
}

func TestNothingReceivedAllNight(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	_, url := serve(t, Options{People: sleeperOf(Recording{ID: "20261101000000", Start: start, End: start.Add(8 * time.Hour)})})
	got := get(t, url+"/data/v3/sessions/20261101000000", "x-user-id", "G-1").result
	assert.Equal(t, []any{"TOO_MANY_DEFECTS_IN_SLEEP_STAGES", "NO_BREATHING_STABILITY"}, got["peculiarities"])
	assert.InEpsilon(t, 1., got["missing_data_ratio"], 0)
	rows := listed(t, get(t, url+"/data/v1/sessions", "x-user-id", "G-1"))
	require.Len(t, rows, 1)
	assert.Nil(t, rows[0]["last_received_seq_num"])
	assert.InEpsilon(t, 8*3600., rows[0]["time_in_bed"], 0)
}

func TestMissingDataRatioAndTwoStagePlan(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{TwoStage: true, People: sleeperOf(Recording{
		ID: "20261101000000", Start: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Stages: hypnogram(t, "2×0 3×1 1×-1 2×2 8×3"),
	})})
	got := get(t, url+"/data/v3/sessions/20261101000000", "x-user-id", "G-1").result
	assert.InEpsilon(t, 0.0625, got["missing_data_ratio"], 0)
	assert.Equal(t, []any{0., 0., 1., 1., 1., -1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.}, got["session"].(map[string]any)["sleep_stages"])
	assert.Nil(t, got["stat"].(map[string]any)["time_in_light"])
}

func TestStateFollowsTheClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 22, 23, 0, 0, 0, time.UTC)
	end := start.Add(50 * time.Minute)
	now := start
	s, url := serve(t, Options{Now: func() time.Time { return now }, People: sleeperOf(Recording{
		Start: start, Stages: hypnogram(t, "100×1"), UnexpectedEnd: start.Add(40 * time.Minute),
	})})
	for _, tc := range []struct {
		name    string
		now     time.Time
		state   any
		end     any
		seq     any
		inBed   any
		visible bool
	}{
		{name: "not begun", now: start.Add(-time.Second)},
		{name: "first second", now: start, state: "OPEN", visible: true},
		{name: "ten minutes", now: start.Add(10 * time.Minute), state: "OPEN", seq: 19., visible: true},
		{name: "ended", now: end, state: "CLOSED", end: "2026-11-22T23:50:00+00:00", seq: 99., inBed: 3000., visible: true},
		{name: "nearly analysed", now: end.Add(20*time.Minute - 1), state: "CLOSED", end: "2026-11-22T23:50:00+00:00", seq: 99., inBed: 3000., visible: true},
		{name: "analysed", now: end.Add(20 * time.Minute), state: "COMPLETE", end: "2026-11-22T23:50:00+00:00", seq: 99., inBed: 3000., visible: true},
	} {
		now = tc.now
		rows := listed(t, get(t, url+"/data/v1/sessions", "x-user-id", "G-1"))
		if !tc.visible {
			assert.Empty(t, rows, tc.name)
			continue
		}
		require.Len(t, rows, 1, tc.name)
		assert.Equal(t, map[string]any{
			"session_id": sessionID("G-1", start), "state": tc.state, "session_start_time": "2026-11-22T23:00:00+00:00",
			"session_end_time": tc.end, "created_timezone": "UTC", "unexpected_end_time": "2026-11-22T23:40:00+00:00",
			"last_received_seq_num": tc.seq, "time_in_bed": tc.inBed,
		}, rows[0], tc.name)
	}
	assert.Equal(t, map[string]int{"GET /data/v1/sessions": 6}, s.Requests())
}

// The vendor's example of a list has these two pairs of length and last chunk.
func TestLastReceivedChunk(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	_, url := serve(t, Options{People: sleeperOf(
		Recording{Start: start, End: start.Add(16237 * time.Second), Stages: hypnogram(t, "541×1")},
		Recording{Start: start.Add(24 * time.Hour), End: start.Add(24*time.Hour + 19907*time.Second), Stages: hypnogram(t, "662×1")},
	)})
	rows := listed(t, get(t, url+"/data/v1/sessions?order_by=ASC", "x-user-id", "G-1"))
	require.Len(t, rows, 2)
	assert.Equal(t, []any{540., 16237., 661., 19907.}, []any{rows[0]["last_received_seq_num"], rows[0]["time_in_bed"], rows[1]["last_received_seq_num"], rows[1]["time_in_bed"]})
}

func TestListFilesByStartInTheHeadersZone(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{People: sleeperOf(
		Recording{ID: "20261108143000_seoul", Start: time.Date(2026, 11, 8, 23, 30, 0, 0, zone(t, "Asia/Seoul")), Zone: "Asia/Seoul", Stages: hypnogram(t, "800×1")},
		Recording{ID: "20261109160000_late1", Start: time.Date(2026, 11, 10, 1, 0, 0, 0, zone(t, "Asia/Seoul")), Zone: "Asia/Seoul", Stages: hypnogram(t, "600×1")},
	)})
	for _, tc := range []struct {
		query, zone string
		want        []string
	}{
		{"date_gte=2026-11-08&date_lte=2026-11-08", "Asia/Seoul", []string{"20261108143000_seoul"}},
		{"date_gte=2026-11-09&date_lte=2026-11-09", "Asia/Seoul", nil},
		{"date_gte=2026-11-10", "Asia/Seoul", []string{"20261109160000_late1"}},
		{"date_gte=2026-11-09&date_lte=2026-11-09", "", []string{"20261109160000_late1"}},
		{"date_lte=2026-11-08", "Pacific/Auckland", nil},
		{"date_lte=2026-11-09", "Pacific/Auckland", []string{"20261108143000_seoul"}},
		{"", "UTC", []string{"20261109160000_late1", "20261108143000_seoul"}},
		{"date_gte=2026-11-10&date_lte=2026-11-01", "UTC", nil},
	} {
		var ids []string
		for _, row := range listed(t, get(t, url+"/data/v1/sessions?"+tc.query, "x-user-id", "G-1", "timezone", tc.zone)) {
			ids = append(ids, row["session_id"].(string))
		}
		assert.Equal(t, tc.want, ids, "%s in %s", tc.query, tc.zone)
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	var nights []Recording
	for d := range 130 {
		start := time.Date(2026, 6, 1+d, 22, 0, 0, 0, time.UTC)
		nights = append(nights, Recording{ID: start.Format("20060102150405"), Start: start, Stages: hypnogram(t, "100×1")})
	}
	_, url := serve(t, Options{People: sleeperOf(nights...)})
	for _, tc := range []struct {
		query       string
		rows        int
		first, last string
	}{
		{"", 20, "20261008220000", "20260919220000"},
		{"limit=100", 100, "20261008220000", "20260701220000"},
		{"limit=100&offset=100", 30, "20260630220000", "20260601220000"},
		{"limit=100&offset=130", 0, "", ""},
		{"order_by=ASC&limit=2&offset=3", 2, "20260604220000", "20260605220000"},
		{"order_by=DESC&limit=1", 1, "20261008220000", "20261008220000"},
		{"limit=0", 0, "", ""},
		{"order_by=ASC&date_gte=2026-06-10&date_lte=2026-06-30&limit=5&offset=19", 2, "20260629220000", "20260630220000"},
	} {
		rows := listed(t, get(t, url+"/data/v1/sessions?"+tc.query, "x-user-id", "G-1"))
		require.Len(t, rows, tc.rows, tc.query)
		if tc.rows > 0 {
			assert.Equal(t, tc.first, rows[0]["session_id"], tc.query)
			assert.Equal(t, tc.last, rows[tc.rows-1]["session_id"], tc.query)
		}
	}
	for _, query := range []string{"limit=101", "limit=-1", "limit=x", "offset=-1", "offset=1.5", "order_by=asc", "date_gte=2026-02-30", "date_lte=yesterday"} {
		got := get(t, url+"/data/v1/sessions?"+query, "x-user-id", "G-1")
		assert.Equal(t, http.StatusUnprocessableEntity, got.status, query)
		assert.IsType(t, []any{}, got.detail, query)
	}
}

func TestDataRefusals(t *testing.T) {
	t.Parallel()
	stages := hypnogram(t, "100×1")
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	_, base := serve(t, Options{People: []Person{
		{ID: "G-1", Recordings: []Recording{{ID: "20261101000000_aaaaa", Start: start, Stages: stages}}},
		{ID: "G-2", Recordings: []Recording{{ID: "20261101000000_bbbbb", Start: start, Stages: stages}}},
	}})
	for _, tc := range []struct {
		name, path, user, zone string
		status                 int
		detail                 string
	}{
		{"malformed user", "/data/v1/sessions", "a b", "", 400, "The format of x-user-id is invalid"},
		{"no user", "/data/v1/sessions", "", "", 400, "The format of x-user-id is invalid"},
		{"malformed user of a session", "/data/v3/sessions/20261101000000_aaaaa", "../x", "", 400, "The format of x-user-id is invalid"},
		{"unknown user", "/data/v1/sessions", "G-9", "", 404, "Unable to find the user of id G-9"},
		{"unknown zone", "/data/v1/sessions", "G-1", "Mars/Olympus", 400, "The invalid timezone is provided"},
		{"unknown zone of a session", "/data/v3/sessions/20261101000000_aaaaa", "G-1", "GMT+25", 400, "The invalid timezone is provided"},
		{"malformed session", "/data/v3/sessions/latest", "G-1", "", 400, "The format of sleep session id is invalid"},
		{"escaped way out", "/data/v3/sessions/" + url.PathEscape("../../v1/sessions"), "G-1", "", 400, "The format of sleep session id is invalid"},
		{"unknown session", "/data/v3/sessions/20261101000000_zzzzz", "G-1", "", 404, "Session not found"},
		{"another user's session", "/data/v3/sessions/20261101000000_bbbbb", "G-1", "", 404, "Session not found"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := get(t, base+tc.path, "x-user-id", tc.user, "timezone", tc.zone)
			assert.Equal(t, tc.status, got.status)
			assert.Equal(t, tc.detail, got.detail)
		})
	}
}

func TestDeleteSession(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	_, url := serve(t, Options{People: sleeperOf(
		Recording{ID: "20261101000000_aaaaa", Start: start, Stages: hypnogram(t, "100×1")},
		Recording{ID: "20261102000000_bbbbb", Start: start.Add(24 * time.Hour), Stages: hypnogram(t, "100×1")},
	)})
	count := func() int { return len(listed(t, get(t, url+"/data/v1/sessions", "x-user-id", "G-1"))) }
	for _, tc := range []struct {
		path, user string
		status     int
		detail     any
		left       int
	}{
		{"/20261101000000_aaaaa", "", 401, "x-user-id is invalid", 2},
		{"/20261101000000_aaaaa", "a/b", 401, "x-user-id is invalid", 2},
		{"/20261101000000_aaaaa", "G-9", 404, "user does not exist", 2},
		{"/20261101000000_zzzzz", "G-1", 404, "session does not exist", 2},
		{"", "G-1", 405, "method not allowed", 2},
		{"/", "G-1", 405, "method not allowed", 2},
		{"//", "G-1", 404, "Not Found", 2},
		{"/%20", "G-1", 404, "session does not exist", 2},
		{"/20261101000000_aaaaa", "G-1", 204, nil, 1},
		{"/20261101000000_aaaaa", "G-1", 404, "session does not exist", 1},
	} {
		got := call(t, http.MethodDelete, url+"/ai/v1/sessions"+tc.path, "", "x-user-id", tc.user)
		name := fmt.Sprint(tc.path, " of ", tc.user)
		assert.Equal(t, tc.status, got.status, name)
		assert.Equal(t, tc.detail, got.detail, name)
		assert.Equal(t, tc.left, count(), name)
	}
}
