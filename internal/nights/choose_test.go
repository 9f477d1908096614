package nights

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// recorded is a recording of a tracker, "" for the service, with hours of sleep.
func recorded(id, tracker string, start time.Time, hours float64, staged bool) asleep.SleptSession {
	s := asleep.SleptSession{ID: id, Start: start, End: start.Add(8 * time.Hour), CreatedTimezone: "Europe/Paris"}
	if tracker != "" {
		s.Origin = &asleep.Origin{Tracker: tracker}
	}
	s.TimeInBed = new(8.0 * 3600)
	if hours > 0 {
		s.TimeInSleep = new(hours * 3600)
	}
	if staged {
		s.TimeInDeep = new(3600.0)
	}
	return s
}

func TestOneSourceANight(t *testing.T) {
	t.Parallel()
	bed := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		prefer []string
		found  []asleep.SleptSession
		left   []string
	}{
		"one source":                    {nil, []asleep.SleptSession{recorded("a", "oura", bed, 7, true), recorded("b", "oura", bed.Add(time.Hour), 6, true)}, nil},
		"stages count first":            {[]string{"garmin"}, []asleep.SleptSession{recorded("a", "oura", bed, 7, true), recorded("b", "garmin", bed, 7.5, false)}, []string{"b"}},
		"stages of an hour do not":      {nil, []asleep.SleptSession{recorded("a", "oura", bed, 1, true), recorded("b", "garmin", bed, 7, false)}, []string{"a"}},
		"then the setting":              {[]string{"garmin"}, []asleep.SleptSession{recorded("a", "oura", bed, 8, true), recorded("b", "garmin", bed, 7, true)}, []string{"a"}},
		"then the service":              {nil, []asleep.SleptSession{recorded("a", "", bed, 6, true), recorded("b", "garmin", bed, 7, true)}, []string{"b"}},
		"which a setting may put last":  {[]string{"garmin", Service}, []asleep.SleptSession{recorded("a", "", bed, 6, true), recorded("b", "garmin", bed, 7, true)}, []string{"a"}},
		"then more sleep":               {nil, []asleep.SleptSession{recorded("a", "oura", bed, 6, true), recorded("b", "garmin", bed, 7, true)}, []string{"a"}},
		"time in bed is no sleep":       {[]string{"apple_health"}, []asleep.SleptSession{recorded("a", "apple_health", bed, 0, false), recorded("b", "garmin", bed, 7, false)}, []string{"a"}},
		"near is the same night":        {nil, []asleep.SleptSession{recorded("a", "oura", bed, 7, true), recorded("b", "garmin", bed.Add(10*time.Hour), 1, true)}, []string{"b"}},
		"a nap hours later is its own":  {nil, []asleep.SleptSession{recorded("a", "oura", bed, 7, true), recorded("b", "garmin", bed.Add(12*time.Hour), 1, true)}, nil},
		"each night has its own choice": {nil, []asleep.SleptSession{recorded("a", "oura", bed, 7, true), recorded("b", "garmin", bed, 7, false), recorded("c", "oura", bed.Add(24*time.Hour), 0, false), recorded("d", "garmin", bed.Add(24*time.Hour), 7, false)}, []string{"b", "c"}},
	} {
		kept, left := oneSource(&asleep.Nights{Slept: c.found}, c.prefer)
		assert.Equal(t, c.left, left, name)
		assert.Len(t, kept.Slept, len(c.found)-len(c.left), name)
		h := newHistory(&asleep.Nights{Slept: c.found}, time.Now(), time.UTC, c.prefer)
		assert.Len(t, h.recordings, len(c.found)-len(c.left), name)
		assert.Len(t, h.otherwise, len(c.left), name)
		for _, r := range h.recordings {
			_, found := h.Recording(r.ID)
			assert.True(t, found, name)
		}
	}
}
