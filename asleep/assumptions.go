package asleep

import (
	"time"

	"cloud.google.com/go/civil"
)

// What the vendor's documents leave open, and what this package assumes until the live
// service shows otherwise. Each assumption is marked UNSURE.

// MaxDays is the longest range that a single [Client.AverageStats] request may ask for,
// in days, including the first and the last.
//
// UNSURE: the documents say "up to 100 days", but not whether both ends count. Requests
// that count both are never refused.
const MaxDays = 100

// margin is how many days wider than the range [Client.Nights] looks for sessions.
//
// UNSURE: the documents do not say which instant of a session average-stats
// compares with the dates: start, end or completion. A session shorter than a
// day is found by any of them within a day.
const margin = 1

// touches reports whether any part of a session lies in the UTC dates from to to. If it
// has no end, only its start counts.
func touches(start, end time.Time, from, to civil.Date) bool {
	if end.IsZero() {
		end = start
	}
	return !civil.DateOf(start.UTC()).After(to) && !civil.DateOf(end.UTC()).Before(from)
}

// parseInstant reads a timestamp.
//
// UNSURE: get-user's table promises an offset, its example has none. The id in that
// example repeats the same digits, and ids begin with the start in UTC.
func parseInstant(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	return time.ParseInLocation("2006-01-02T15:04:05", s, time.UTC)
}

// noData is the stage of an epoch that was not recorded.
//
// UNSURE: the vendor's libraries use it, its documents do not name it, and an epoch
// that is null reads as the same.
const noData = -1

func epochs(codes list[*whole]) []int {
	if codes == nil {
		return nil
	}
	out := make([]int, len(codes))
	for i, code := range codes {
		out[i] = noData
		if code != nil {
			out[i] = int(*code)
		}
	}
	return out
}

// sparse reports whether slept sessions came without metrics.
//
// UNSURE: the vendor's SDKs read full metrics from slept_sessions; one secondary
// document shows nothing but an id and a start there. A single odd session among
// others does not make an answer sparse, and an imported one says nothing about the
// deployment.
func sparse(slept []SleptSession) bool {
	own := 0
	for _, s := range slept {
		if s.HasMetrics() {
			return false
		}
		if s.Origin == nil {
			own++
		}
	}
	return own > 0
}
