package importers

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// fuzz feeds a reader with damaged forms of its fixtures. Whatever it reads must hold what
// sessions promise, and whatever it refuses must name the file.
func fuzz(f *testing.F, tracker string) {
	f.Helper()
	for _, one := range fixtures {
		if one.tracker == tracker {
			for name, text := range one.files {
				f.Add(name, text)
			}
		}
	}
	zone := zoneOf("Europe/Paris")
	f.Fuzz(func(t *testing.T, name, text string) {
		fsys := fstest.MapFS{"a.csv": &fstest.MapFile{Data: []byte(text)}}
		if strings.Contains(name, "sleep-state") {
			fsys = fstest.MapFS{"sleep-state.csv": fsys["a.csv"]}
		}
		in, err := OpenFS(fsys)
		if err != nil {
			return
		}
		defer func() { _ = in.Close() }()
		in.files[0].named = true
		exports, err := in.Detect(t.Context())
		if err != nil {
			return
		}
		for _, e := range exports {
			r, err := e.Nights(t.Context(), Options{Now: testNow, Zone: zone, DateOrder: "dmy", DateIs: "wake"})
			if err != nil {
				require.Nil(t, r)
				require.ErrorContains(t, err, in.files[0].name)
				continue
			}
			holds(t, r)
			require.True(t, slices.IsSortedFunc(r.Sessions, func(a, b asleep.Session) int { return a.Start.Compare(b.Start) }))
		}
	})
}

func FuzzAppleHealth(f *testing.F)    { fuzz(f, "apple_health") }
func FuzzOura(f *testing.F)           { fuzz(f, "oura") }
func FuzzFitbit(f *testing.F)         { fuzz(f, "fitbit") }
func FuzzGarmin(f *testing.F)         { fuzz(f, "garmin") }
func FuzzWhoop(f *testing.F)          { fuzz(f, "whoop") }
func FuzzWithings(f *testing.F)       { fuzz(f, "withings") }
func FuzzSleepAsAndroid(f *testing.F) { fuzz(f, "sleep_as_android") }
func FuzzSleepCycle(f *testing.F)     { fuzz(f, "sleep_cycle") }
func FuzzSamsungHealth(f *testing.F)  { fuzz(f, "samsung_health") }
func FuzzPlain(f *testing.F)          { fuzz(f, "csv") }

// FuzzZip feeds damaged zips.
func FuzzZip(f *testing.F) {
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := OpenFS(fstest.MapFS{"export.zip": &fstest.MapFile{Data: data}})
		if err != nil {
			return
		}
		defer func() { _ = in.Close() }()
		exports, _ := in.Detect(t.Context())
		for _, e := range exports {
			_, err := e.Nights(t.Context(), Options{Now: testNow, Zone: time.UTC})
			if _, refused := errors.AsType[*fault](err); err != nil && !refused {
				_, refused = errors.AsType[*ZoneError](err)
				require.True(t, refused, err)
			}
		}
	})
}

// Times of a clock and instants belong together in every zone.
func FuzzWall(f *testing.F) {
	f.Add(int64(1774749600), "Europe/Paris")
	f.Add(int64(1761440400), "Europe/London")
	f.Fuzz(func(t *testing.T, unix int64, name string) {
		zone := zoneOf(name)
		if zone == nil || unix < 631152000 || unix > 4102444800 {
			return
		}
		at := time.Unix(unix, 0)
		shown := at.In(zone)
		w := wall(time.Date(shown.Year(), shown.Month(), shown.Day(), shown.Hour(), shown.Minute(), shown.Second(), 0, time.UTC))
		found, skipped := w.in(zone)
		require.False(t, skipped)
		require.True(t, slices.ContainsFunc(found, at.Equal), "%v is not among %v", at, found)
		require.True(t, slices.IsSortedFunc(found, time.Time.Compare))
	})
}
