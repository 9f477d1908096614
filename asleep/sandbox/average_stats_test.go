package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sleeperOf(recordings ...Recording) []Person {
	return []Person{{ID: "G-1", Recordings: recordings}}
}

const stats = "/data/v1/users/G-1/average-stats?start_date=2026-11-01&end_date=2026-11-20"

// The five nights have the totals of the vendor's example of averages.
func TestAverageStatsVendorExample(t *testing.T) {
	t.Parallel()
	var nights []Recording
	for i, runs := range []string{
		"33×0 216×1 109×2 17×0 146×3 24×0", "33×0 216×1 109×2 17×0 146×3 24×0", "33×0 216×1 109×2 17×0 146×3 24×0",
		"33×0 216×1 109×2 17×0 147×3 24×0", "33×0 218×1 109×2 16×0 147×3 23×0",
	} {
		r := Recording{Start: time.Date(2026, 11, 2+i, 2, 54, 1, 0, time.UTC), Stages: hypnogram(t, runs)}
		r.End = r.Start.Add(time.Duration(30*len(r.Stages)+19) * time.Second)
		nights = append(nights, r)
	}
	_, url := serve(t, Options{People: sleeperOf(nights...)})
	got := get(t, url+stats)
	require.Equal(t, http.StatusOK, got.status, got.raw)
	assert.Equal(t, "OK", got.detail)
	assert.Equal(t, []any{"NO_BREATHING_STABILITY"}, got.result["peculiarities"])
	assert.Equal(t, map[string]any{"timezone": "UTC", "start_date": "2026-11-01", "end_date": "2026-11-20"}, got.result["period"])
	average, is := got.result["average_stats"].(map[string]any)
	require.True(t, is)
	for field, want := range map[string]any{
		"time_in_bed": 16381., "time_in_sleep_period": 14658., "time_in_sleep": 14154., "time_in_wake": 504.,
		"time_in_light": 6492., "time_in_deep": 3270., "time_in_rem": 4392., "sleep_latency": 990., "wakeup_latency": 714.,
		"sleep_efficiency": 0.864, "wake_ratio": 0.034, "sleep_ratio": 0.966, "light_ratio": 0.443,
		"start_time": "02:54:01", "sleep_time": "03:10:31", "waso_count": 1., "time_in_snoring": nil, "snoring_ratio": nil,
		"time_in_stable_breath": nil, "breathing_index": nil,
	} {
		assert.Contains(t, average, field)
		assert.Equal(t, want, average[field], field)
	}
}

func TestAverageClockTimesGoAroundMidnight(t *testing.T) {
	t.Parallel()
	night := hypnogram(t, "4×0 100×1 4×0")
	_, url := serve(t, Options{People: sleeperOf(
		Recording{Start: time.Date(2026, 11, 2, 23, 30, 0, 0, time.UTC), Stages: night},
		Recording{Start: time.Date(2026, 11, 4, 0, 10, 0, 0, time.UTC), Stages: night},
	)})
	average := get(t, url+stats).result["average_stats"].(map[string]any)
	assert.Equal(t, "23:50:00", average["start_time"])
	assert.Equal(t, "23:52:00", average["sleep_time"])
	abroad := get(t, url+stats, "timezone", "Asia/Seoul").result["average_stats"].(map[string]any)
	assert.Equal(t, "08:50:00", abroad["start_time"])
}

func TestAverageStatsLists(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, 11, d, 22, 0, 0, 0, time.UTC) }
	slept, snoring := hypnogram(t, "10×0 100×1 10×0"), hypnogram(t, "60×0 30×1 30×0")
	_, url := serve(t, Options{People: sleeperOf(
		Recording{Start: day(2), Stages: slept, Zone: "Asia/Seoul"},
		Recording{Start: day(3), Stages: hypnogram(t, "5×0 110×1 5×0"), Snoring: snoring},
		Recording{Start: day(4), Stages: hypnogram(t, "100×0")},
		Recording{Start: day(5), Stages: hypnogram(t, "9×1")},
		Recording{Start: day(6), Stages: hypnogram(t, "60×1 40×-1")},
		Recording{Start: day(7), Stages: slept, State: Closed},
	)})
	got := get(t, url+stats, "timezone", "Asia/Seoul").result
	nights := got["slept_sessions"].([]any)
	require.Len(t, nights, 2)
	last, first := nights[0].(map[string]any), nights[1].(map[string]any)
	assert.Equal(t, "Asia/Seoul", first["created_timezone"])
	assert.Equal(t, "2026-11-03T07:00:00+09:00", first["start_time"])
	assert.Equal(t, "2026-11-03T08:00:00+09:00", first["end_time"])
	assert.Equal(t, "2026-11-03T08:20:00+09:00", first["completed_time"])
	assert.Equal(t, "2026-11-03T07:05:00+09:00", first["sleep_time"])
	assert.Equal(t, "2026-11-03T07:55:00+09:00", first["wake_time"])
	assert.Nil(t, first["time_in_snoring"])
	assert.InEpsilon(t, 900., last["time_in_snoring"], 0)
	assert.Regexp(t, sessionIDs, first["id"])
	assert.NotContains(t, first, "session_id")
	never := got["never_slept_sessions"].([]any)
	require.Len(t, never, 1)
	assert.Len(t, never[0], 4)
	assert.Equal(t, "2026-11-05T07:00:00+09:00", never[0].(map[string]any)["start_time"])
	average := got["average_stats"].(map[string]any)
	assert.InEpsilon(t, 900., average["time_in_snoring"], 0)
	assert.InEpsilon(t, 0.273, average["snoring_ratio"], 0, "of the night with snoring")
}

func TestAverageStatsWithoutSleep(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{People: sleeperOf()})
	got := get(t, url+stats)
	assert.Equal(t, http.StatusOK, got.status)
	assert.Contains(t, got.raw, `"average_stats":null`)
	assert.Contains(t, got.raw, `"slept_sessions":[]`)
	assert.Contains(t, got.raw, `"never_slept_sessions":[]`)
}

func TestAverageStatsFilesByStartInTheHeadersZone(t *testing.T) {
	t.Parallel()
	seoul := zone(t, "Asia/Seoul")
	_, url := serve(t, Options{People: sleeperOf(Recording{
		Start: time.Date(2026, 11, 8, 23, 30, 0, 0, seoul), Zone: "Asia/Seoul", Stages: hypnogram(t, "4×0 800×1"),
	}, Recording{
		Start: time.Date(2026, 11, 10, 4, 30, 0, 0, seoul), Zone: "Asia/Seoul", Stages: hypnogram(t, "4×0 100×1"),
	})})
	for _, tc := range []struct {
		date, zone string
		nights     int
	}{
		{"2026-11-08", "Asia/Seoul", 1},
		{"2026-11-09", "Asia/Seoul", 0},
		{"2026-11-10", "Asia/Seoul", 1},
		{"2026-11-08", "UTC", 1},
		{"2026-11-09", "UTC", 1},
		{"2026-11-09", "", 1},
		{"2026-11-10", "", 0},
	} {
		t.Run(tc.date+" "+tc.zone, func(t *testing.T) {
			t.Parallel()
			got := get(t, fmt.Sprintf("%s/data/v1/users/G-1/average-stats?start_date=%s&end_date=%s", url, tc.date, tc.date), "timezone", tc.zone)
			assert.Len(t, got.result["slept_sessions"], tc.nights)
		})
	}
}

func TestAverageStatsRefusals(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{People: sleeperOf()})
	for _, tc := range []struct {
		name, path, zone string
		status           int
		detail           string
	}{
		{"100 days", "/data/v1/users/G-1/average-stats?start_date=2026-01-01&end_date=2026-04-10", "UTC", 200, "OK"},
		{"101 days", "/data/v1/users/G-1/average-stats?start_date=2026-01-01&end_date=2026-04-11", "UTC", 400, "The period should be less than or equal to 100 days"},
		{"unknown user", "/data/v1/users/G-2/average-stats?start_date=2026-01-01&end_date=2026-01-01", "UTC", 404, "Unable to find the user of id G-2"},
		{"unknown zone", stats, "Europe/Atlantis", 400, "The invalid timezone is provided"},
		{"the machine's zone", stats, "Local", 400, "The invalid timezone is provided"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := get(t, url+tc.path, "timezone", tc.zone)
			assert.Equal(t, tc.status, got.status)
			assert.Equal(t, tc.detail, got.detail)
		})
	}
	for _, query := range []string{"", "?start_date=2026-01-01", "?end_date=2026-01-01", "?start_date=2026-02-30&end_date=2026-03-01", "?start_date=2026-03-02&end_date=2026-03-01"} {
		got := get(t, url+"/data/v1/users/G-1/average-stats"+query)
		assert.Equal(t, http.StatusUnprocessableEntity, got.status, query)
		assert.IsType(t, []any{}, got.detail)
	}
}

func TestSparseLeavesOutTheMetrics(t *testing.T) {
	t.Parallel()
	_, url := serve(t, Options{Sparse: true, People: sleeperOf(Recording{
		ID: "20261102220000_ab12c", Start: time.Date(2026, 11, 2, 22, 0, 0, 0, time.UTC), Stages: hypnogram(t, "100×1"),
	})})
	got := get(t, url+stats).result
	assert.NotNil(t, got["average_stats"])
	raw, err := json.Marshal(got["slept_sessions"])
	require.NoError(t, err)
	assert.JSONEq(t, `[{"session_id":"20261102220000_ab12c","session_start_time":"2026-11-02T22:00:00+00:00"}]`, string(raw))
}
