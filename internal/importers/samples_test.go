package importers

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// samplesOf is the folder of a tracker among the real exports, which are not part of the
// repository.
func samplesOf(t *testing.T, tracker string) string {
	t.Helper()
	dir := os.Getenv("ASLEEP_MCP_TESTDATA")
	if dir == "" {
		t.Skip("ASLEEP_MCP_TESTDATA is not set, so there are no exports of trackers")
	}
	return filepath.Join(dir, "trackers", tracker)
}

// sample reads the samples of a tracker.
func sample(t *testing.T, tracker, zone string) *Result {
	t.Helper()
	in, err := Open(samplesOf(t, tracker))
	require.NoError(t, err)
	defer func() { _ = in.Close() }()
	return readOne(t, in, tracker, Options{Zone: zoneOf(zone)})
}

// withLocal returns the sessions that end on a local date.
func endingOn(all []asleep.Session, date string) (found []asleep.Session) {
	for i := range all {
		if strings.HasPrefix(local(&all[i], *all[i].End), date) {
			found = append(found, all[i])
		}
	}
	return found
}

func one(t *testing.T, all []asleep.Session) *asleep.Session {
	t.Helper()
	require.Len(t, all, 1)
	return &all[0]
}

func minutes(x *float64) any {
	if x == nil {
		return nil
	}
	return int(math.Round(*x / 60))
}

func TestAppleHealthSample(t *testing.T) {
	t.Parallel()
	r := sample(t, "apple_health", "Europe/Berlin")
	var watch []asleep.Session
	for _, s := range r.Sessions {
		if strings.Contains(s.Origin.App, "Watch") && *s.Stat.TimeInBed >= 3*3600 {
			watch = append(watch, s)
		}
	}
	require.Len(t, watch, 3)
	assert.Equal(t, 460, minutes(one(t, endingOn(watch, "2025-06-21")).Stat.TimeInSleep))
	winter := one(t, endingOn(watch, "2025-01-15"))
	assert.Equal(t, "2025-01-14 23:10", local(winter, winter.Start))
	assert.Equal(t, 450, minutes(one(t, endingOn(watch, "2025-03-30")).Stat.TimeInSleep))
	assert.Nil(t, one(t, endingOn(r.Sessions, "2025-06-26")).Stat.TimeInSleep, "a night in bed without sleep")
}

func TestAppleHealthSampleWithoutSleep(t *testing.T) {
	t.Parallel()
	in, err := Open(filepath.Join(samplesOf(t, "apple_health"), "export.no-sleep.dogsheep.xml"))
	require.NoError(t, err)
	defer func() { _ = in.Close() }()
	assert.Empty(t, readOne(t, in, "apple_health", Options{}).Sessions)
}

func TestOuraSample(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sleep.json", "sleepmodel.csv"} {
		in, err := Open(filepath.Join(samplesOf(t, "oura"), name))
		require.NoError(t, err)
		r := readOne(t, in, "oura", Options{})
		require.NoError(t, in.Close())
		var main, naps []string
		for _, s := range r.Sessions {
			if *s.Origin.Nap {
				naps = append(naps, s.Origin.Date)
			} else {
				main = append(main, s.Origin.Date)
			}
		}
		assert.Len(t, main, 3, name)
		assert.Equal(t, []string{"2026-03-29", "2026-03-30"}, naps, name)
		changed := one(t, endingOn(r.Sessions, "2026-03-29 08"))
		assert.Equal(t, 440, minutes(changed.Stat.TimeInSleep))
		assert.Equal(t, 450, minutes(changed.Stat.TimeInBed))
		assert.Equal(t, "2026-03-28 23:40", local(changed, changed.Start), "the offsets of the file fit one zone")
	}
}

func TestFitbitSample(t *testing.T) {
	t.Parallel()
	r := sample(t, "fitbit", "Europe/Berlin")
	dates, old := map[string]bool{}, 0
	for _, s := range r.Sessions {
		if s.Start.Year() == 2016 {
			old++
			dates[s.Origin.Date] = true
		}
	}
	assert.Equal(t, 16, old)
	assert.Len(t, dates, 15)
	double := endingOn(r.Sessions, "2016-08-21")
	require.Len(t, double, 2)
	assert.Equal(t, []any{409, 72}, []any{minutes(double[0].Stat.TimeInSleep), minutes(double[1].Stat.TimeInSleep)})
	assert.Equal(t, []bool{false, true}, []bool{*double[0].Origin.Nap, *double[1].Origin.Nap})
	assert.Equal(t, 388, minutes(one(t, endingOn(r.Sessions, "2026-03-30")).Stat.TimeInSleep))
	changed := one(t, endingOn(r.Sessions, "2026-03-29 07"))
	assert.Equal(t, "2026-03-29 07:45", local(changed, *changed.End))
}

func TestGarminSample(t *testing.T) {
	t.Parallel()
	r := sample(t, "garmin", "Europe/Berlin")
	usable, noREM := 0, []string{}
	for _, s := range r.Sessions {
		if !*s.Origin.Nap {
			usable++
			if s.Stat.TimeInREM == nil {
				noREM = append(noREM, s.Origin.Date)
			}
		}
	}
	assert.Equal(t, 6, usable)
	assert.Equal(t, []string{"2026-03-05"}, noREM)
	assert.Equal(t, 420, minutes(one(t, endingOn(r.Sessions, "2026-03-02")).Stat.TimeInSleep))
	changed := one(t, endingOn(r.Sessions, "2026-03-29"))
	assert.Equal(t, []string{"2026-03-28 23:45", "2026-03-29 08:00"}, []string{local(changed, changed.Start), local(changed, *changed.End)})
}

func TestWhoopSample(t *testing.T) {
	t.Parallel()
	in, err := Open(filepath.Join(samplesOf(t, "whoop"), "sleeps.csv"))
	require.NoError(t, err)
	defer func() { _ = in.Close() }()
	r := readOne(t, in, "whoop", Options{Zone: zoneOf("Europe/London")})
	naps := 0
	for _, s := range r.Sessions {
		if *s.Origin.Nap {
			naps++
		}
	}
	assert.Equal(t, []int{4, 1}, []int{len(r.Sessions) - naps, naps})
	assert.Equal(t, 436, minutes(one(t, endingOn(r.Sessions, "2026-03-30")).Stat.TimeInSleep))
	changed := endingOn(r.Sessions, "2026-03-29")
	assert.Equal(t, "2026-03-29 08:10", local(&changed[0], *changed[0].End))
	assert.Equal(t, "UTC-07:00", r.Sessions[0].CreatedTimezone)
	assert.Equal(t, time.Date(2026, 3, 30, 22, 20, 0, 0, time.UTC), r.Sessions[len(r.Sessions)-1].Start)
}

func TestWithingsSample(t *testing.T) {
	t.Parallel()
	in, err := Open(filepath.Join(samplesOf(t, "withings"), "sleep.csv"))
	require.NoError(t, err)
	defer func() { _ = in.Close() }()
	r := readOne(t, in, "withings", Options{})
	require.Len(t, r.Sessions, 8)
	assert.Equal(t, 23, minutes(r.Sessions[6].Stat.TimeInSleep))
	assert.Equal(t, 580, minutes(r.Sessions[7].Stat.TimeInSleep))
	assert.Equal(t, 475, minutes(r.Sessions[0].Stat.TimeInBed))

	both := sample(t, "withings", "")
	night := both.Sessions[7]
	counts := map[int]float64{}
	for _, code := range night.SleepStages {
		counts[code] += 0.5
	}
	assert.Equal(t, []float64{347, 91, 142}, []float64{counts[1], counts[2], counts[3]})

	twice, err := Open(filepath.Join(samplesOf(t, "withings"), "raw_bed_sleep-state.duplicate.csv"))
	require.NoError(t, err)
	defer func() { _ = twice.Close() }()
	assert.Equal(t, 13, minutes(one(t, readOne(t, twice, "withings", Options{}).Sessions).Stat.TimeInSleep))
}

func TestSleepAsAndroidSample(t *testing.T) {
	t.Parallel()
	in, err := Open(filepath.Join(samplesOf(t, "sleep_as_android"), "sleep-export.csv"))
	require.NoError(t, err)
	defer func() { _ = in.Close() }()
	r := readOne(t, in, "sleep_as_android", Options{})
	var hours []float64
	for _, s := range r.Sessions {
		assert.Equal(t, "Europe/London", s.CreatedTimezone)
		if *s.Stat.TimeInBed >= 3600 {
			hours = append(hours, *s.Stat.TimeInBed/3600)
		}
	}
	assert.Equal(t, []float64{11, 6.51}, hours)
	assert.Equal(t, time.Date(2020, 11, 26, 20, 0, 0, 0, time.UTC), r.Sessions[0].Start)

	staged, err := Open(filepath.Join(samplesOf(t, "sleep_as_android"), "sleep-export.stages-dst.synthetic.csv"))
	require.NoError(t, err)
	defer func() { _ = staged.Close() }()
	r = readOne(t, staged, "sleep_as_android", Options{})
	night := one(t, r.Sessions)
	assert.Equal(t, []any{350, 140, 40}, []any{minutes(night.Stat.TimeInLight), minutes(night.Stat.TimeInDeep), minutes(night.Stat.TimeInREM)})
	assert.Equal(t, map[string]int{"overlap": 1, "unknown_zone": 1}, codesOf(r))
}

func TestSleepCycleSample(t *testing.T) {
	t.Parallel()
	r := sample(t, "sleep_cycle", "Europe/Berlin")
	assert.Equal(t, 426, minutes(one(t, endingOn(r.Sessions, "2025-03-29")).Stat.TimeInSleep))
	assert.Equal(t, 460, minutes(one(t, endingOn(r.Sessions, "2025-03-30")).Stat.TimeInBed))
	assert.Equal(t, 400, minutes(one(t, endingOn(r.Sessions, "2025-03-31")).Stat.TimeInSleep))
	assert.Equal(t, map[string]int{"contradicts_itself": 1, "time_in_bed_only": 3}, codesOf(r))
	first := one(t, endingOn(r.Sessions, "2018-03-21 07"))
	assert.Equal(t, []any{485, 82, nil}, []any{minutes(first.Stat.TimeInBed), int(*first.Origin.Score), minutes(first.Stat.TimeInSleep)})
}

func TestSamsungHealthSample(t *testing.T) {
	t.Parallel()
	r := sample(t, "samsung_health", "")
	var own []asleep.Session
	for _, s := range r.Sessions {
		if s.Origin.App == "com.sec.android.app.shealth" {
			own = append(own, s)
		}
	}
	require.Len(t, own, 2)
	assert.Equal(t, "2026-03-20 23:40", local(&own[0], own[0].Start))
	assert.Equal(t, []any{435, 370}, []any{minutes(own[0].Stat.TimeInSleep), minutes(own[1].Stat.TimeInSleep)})
}

func TestPlainSample(t *testing.T) {
	t.Parallel()
	open := func(name string) *Input {
		in, err := Open(filepath.Join(samplesOf(t, "generic_csv"), name))
		require.NoError(t, err)
		t.Cleanup(func() { _ = in.Close() })
		return in
	}
	r := readOne(t, open("nights.eu.csv"), "csv", Options{Zone: zoneOf("Europe/Berlin"), DateIs: "wake"})
	require.Len(t, r.Sessions, 3)
	assert.Equal(t, 435, minutes(r.Sessions[0].Stat.TimeInSleep))
	assert.Equal(t, "2026-03-12 23:15", local(&r.Sessions[0], r.Sessions[0].Start))
	require.ErrorContains(t, failsToRead(t, open("nights.eu.csv"), Options{Zone: zoneOf("Europe/Berlin")}), "--date-is")
	require.ErrorContains(t, failsToRead(t, open("nights.ambiguous.csv"), Options{Zone: time.UTC}), "--date-order")
	r = readOne(t, open("nights.iso.csv"), "csv", Options{})
	assert.Equal(t, 420, minutes(r.Sessions[0].Stat.TimeInBed))
}
