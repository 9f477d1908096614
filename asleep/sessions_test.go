package asleep

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSession(t *testing.T) {
	t.Parallel()
	_, c := serve(t, answer(t, 200, "session.json"))
	s, err := c.Session(t.Context(), testUser, testNight)
	require.NoError(t, err)
	assert.Equal(t, testNight, s.ID)
	assert.Equal(t, Complete, s.State)
	assert.Equal(t, instantOf("2024-03-05T02:50:29Z"), s.Start)
	assert.Equal(t, instantOf("2024-03-05T03:50:29Z"), *s.End)
	assert.Nil(t, s.UnexpectedEnd)
	assert.Equal(t, "Asia/Seoul", s.CreatedTimezone)
	assert.Equal(t, []int{0, 0, 1, 1, 0, 1, -1, 0}, s.SleepStages)
	assert.Nil(t, s.BreathStages)
	assert.Len(t, s.SnoringStages, 8)
	assert.Equal(t, []Peculiarity{NoBreathingStability}, s.Peculiarities)
	assert.Zero(t, *s.MissingDataRatio, "an integer where a float is expected")

	st := s.Stat
	require.NotNil(t, st)
	assert.Equal(t, instantOf("2024-03-05T03:05:29Z"), *st.SleepTime)
	assert.Equal(t, instantOf("2024-03-05T03:26:29Z"), *st.WakeTime)
	for want, got := range map[float64]*float64{
		3600: st.TimeInBed, 900: st.SleepLatency, 1440: st.WakeupLatency, 1260: st.TimeInSleepPeriod,
		1080: st.TimeInSleep, 180: st.TimeInWake, 0.3: st.SleepEfficiency, 0.86: st.SleepRatio, 0.14: st.WakeRatio, 50: st.SleepIndex,
	} {
		require.NotNil(t, got)
		assert.InDelta(t, want, *got, 0)
	}
	for _, zero := range []*float64{st.LightLatency, st.TimeInDeep, st.TimeInREM, st.DeepRatio, st.TimeInSnoring, st.SleepCycleCount} {
		require.NotNil(t, zero, "0 is a value")
		assert.Zero(t, *zero)
	}
	for _, null := range []*float64{st.DeepLatency, st.REMLatency, st.TimeInStableBreath, st.BreathingIndex, st.SleepCycle} {
		assert.Nil(t, null, "null is none")
	}
	assert.Empty(t, st.SleepCycleTime)

	again, err := c.Session(t.Context(), testUser, testNight)
	require.NoError(t, err)
	assert.Same(t, s, again, "shared for as long as it is cached")
}

func TestSessionInProgress(t *testing.T) {
	t.Parallel()
	_, c := serve(t, answer(t, 200, "session_in_progress.json"))
	s, err := c.Session(t.Context(), testUser, testNight)
	require.NoError(t, err)
	assert.Equal(t, Open, s.State)
	assert.Nil(t, s.Stat)
	assert.Nil(t, s.End)
	assert.Nil(t, s.SleepStages)
	assert.Equal(t, []Peculiarity{InProgress, "A_NEW_PECULIARITY"}, s.Peculiarities)
}

// Names, number forms, states and offsets on which the documents disagree.
func TestSessionInOtherForms(t *testing.T) {
	t.Parallel()
	_, c := serve(t, raw(200, `{"new":1,"result":{"new":{},"session":{"session_id":"20240305025029","state":"PAUSED",
		"session_start_time":"2024-03-05T11:50:29.5+09:00","session_end_time":"2024-03-05T03:50:29",
		"sleep_stages":[0.0,null,2e0],"snoring_stages":[]},
		"missing_data_ratio":1,"stat":{"sleep_efficiency":1,"time_in_bed":3600.0,"sleep_cycle_time":[]}}}`))
	s, err := c.Session(t.Context(), testUser, "20240305025029")
	require.NoError(t, err)
	assert.Equal(t, "20240305025029", s.ID)
	assert.Equal(t, State("PAUSED"), s.State)
	assert.Equal(t, "2024-03-05T02:50:29.5Z", s.Start.Format("2006-01-02T15:04:05.9Z07:00"))
	assert.Equal(t, instantOf("2024-03-05T03:50:29Z"), *s.End)
	assert.Equal(t, []int{0, -1, 2}, s.SleepStages)
	assert.Equal(t, []int{}, s.SnoringStages)
	assert.InDelta(t, 1, *s.Stat.SleepEfficiency, 0)
	assert.InDelta(t, 3600, *s.Stat.TimeInBed, 0)
	assert.Nil(t, s.Stat.TimeInSleep, "absent is none")
	assert.Nil(t, s.Peculiarities)
}

func TestListSessions(t *testing.T) {
	t.Parallel()
	_, c := serve(t, answer(t, 200, "session_list.json"))
	l, err := c.ListSessions(t.Context(), testUser, ListOptions{})
	require.NoError(t, err)
	end, seq, inBed := instantOf("2025-01-14T22:55:55Z"), 540, 16237.0
	require.Len(t, l, 2)
	assert.Equal(t, SessionInfo{
		Recording: Recording{
			ID: "20250114182518_z5c1v", State: Complete, Start: instantOf("2025-01-14T18:25:18Z"), End: &end, CreatedTimezone: "Asia/Seoul",
		},
		LastReceivedSeq: &seq, TimeInBed: &inBed,
	}, l[1])
}

func TestListOptionsAreChecked(t *testing.T) {
	t.Parallel()
	s, c := serve(t, answer(t, 200, "session_list.json"))
	for name, o := range map[string]ListOptions{
		"limit":     {Limit: 101},
		"negative":  {Limit: -1},
		"offset":    {Offset: -1},
		"order":     {From: date("2025-01-02"), To: date("2025-01-01")},
		"no date":   {From: noDate},
		"no end":    {To: noDate},
		"zone":      {Timezone: "Europe/Paris\r\nx-api-key: b"},
		"long zone": {Timezone: strings.Repeat("a", 65)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.ListSessions(t.Context(), testUser, o)
			requireCode(t, Invalid, err)
		})
	}
	assert.Empty(t, s.asked())
}

// pages answers with the ids from offset on, one of them twice.
func pages(t *testing.T, total int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		offset, err := strconv.Atoi(r.URL.Query().Get("offset"))
		assert.NoError(t, err)
		limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
		assert.NoError(t, err)
		var items []string
		for i := offset; i < min(offset+limit, total); i++ {
			n := i
			if i == 4 {
				n = 3 // a session that began meanwhile moved number 3 to the next page
			}
			items = append(items, fmt.Sprintf(`{"session_id":"20250101%06d","session_start_time":"2025-01-01T00:00:00+00:00"}`, n))
		}
		raw(200, `{"result":{"sleep_session_list":[`+strings.Join(items, ",")+`]}}`)(w, r)
	}
}

func TestSessionsReadsEveryPageAndAgain(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ total, limit, offset, requests, found int }{
		{0, 4, 0, 1, 0}, {3, 4, 0, 1, 3}, {4, 4, 0, 2, 4}, {10, 4, 0, 3, 9}, {10, 4, 6, 2, 4}, {230, 0, 0, 3, 229},
	} {
		s, c := serve(t, pages(t, tc.total))
		all := c.Sessions(t.Context(), testUser, ListOptions{Limit: tc.limit, Offset: tc.offset})
		for turn := 1; turn <= 2; turn++ {
			seen := map[string]bool{}
			for info, err := range all {
				require.NoError(t, err)
				assert.False(t, seen[info.ID])
				seen[info.ID] = true
			}
			assert.Len(t, seen, tc.found)
			assert.Len(t, s.asked(), turn*tc.requests)
		}
	}
}

func TestSessionsStops(t *testing.T) {
	t.Parallel()
	s, c := serve(t, pages(t, 100))
	n := 0
	for _, err := range c.Sessions(t.Context(), testUser, ListOptions{Limit: 2}) {
		require.NoError(t, err)
		if n++; n == 3 {
			break
		}
	}
	assert.Len(t, s.asked(), 2, "a break stops fetching")

	_, c = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("offset") != "0" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		pages(t, 100)(w, r)
	})
	var errs []error
	for _, err := range c.Sessions(t.Context(), testUser, ListOptions{Limit: 2}) {
		errs = append(errs, err)
	}
	require.Len(t, errs, 3)
	requireCode(t, NotFound, errs[2])

	_, c = serve(t, answer(t, 200, "session_list.json")) // the same page for ever
	errs = nil
	for _, err := range c.Sessions(t.Context(), testUser, ListOptions{Limit: 2}) {
		errs = append(errs, err)
	}
	require.Len(t, errs, 3)
	requireCode(t, BadResponse, errs[2])
}

func TestRecentSessions(t *testing.T) {
	t.Parallel()
	at := clockAt("2025-01-16T08:30:00+09:00") // still the 15th in UTC
	s, c := serve(t, answer(t, 200, "session_list.json"), WithClock(at.now))
	for range 2 {
		l, err := c.RecentSessions(t.Context(), testUser)
		require.NoError(t, err)
		require.Len(t, l, 2)
		assert.Equal(t, "20250115174003_q7w2e", l[0].ID)
		l[0].ID = "changed by the caller"
	}
	q := s.only(t).URL.Query()
	assert.Equal(t, "2025-01-13", q.Get("date_gte"))
	assert.False(t, q.Has("date_lte"))
	assert.Equal(t, "DESC", q.Get("order_by"))
	assert.Equal(t, "UTC", s.only(t).Header.Get("timezone"))

	at.add(shortLife)
	_, err := c.RecentSessions(t.Context(), testUser)
	require.NoError(t, err)
	assert.Len(t, s.asked(), 2)
}
