package nights

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Service is the name among trackers of what recorded nights that were not imported.
const Service = "asleep"

// nightGap is how far apart recordings of two sources may be that are about one night.
const nightGap = 3 * time.Hour

// wholeNight is the share of the longest time asleep that a source must have measured of
// a night to be chosen for it: a device that was put on in the morning is no better for
// telling stages.
const wholeNight = 0.5

// trackerOf returns whose a recording is.
func trackerOf(o *asleep.Origin) string {
	if o == nil {
		return Service
	}
	return o.Tracker
}

// scoreOf returns the score of another tracker; nil: there is none.
func scoreOf(o *asleep.Origin) *float64 {
	if o == nil {
		return nil
	}
	return o.Score
}

// writerOf returns what wrote a recording: a tracker, or one of several apps whose
// records are in its export.
func writerOf(o *asleep.Origin) string {
	if o == nil {
		return Service
	}
	return o.Tracker + "\x00" + o.App
}

// sourceOf returns what measured a recording, for which its stages are comparable: the
// writer, the device and the version of the algorithm up to its first dot. "" is the
// service.
func sourceOf(o *asleep.Origin) string {
	if o == nil {
		return ""
	}
	version, _, _ := strings.Cut(o.Algorithm, ".")
	return writerOf(o) + "\x00" + o.Device + "\x00" + version
}

// A claim is a recording as far as the choice between sources needs it.
type claim struct {
	id         string
	start, end time.Time
	asleep     float64 // seconds
	detail     int     // 2 with stages, 1 with a time asleep, 0 otherwise
	origin     *asleep.Origin
}

// oneSource leaves out recordings of nights of which a better source has one, and returns
// their ids. Recordings of two sources are about one night if they overlap or lie within
// nightGap, through others if need be. Of the sources that measured at least half of the
// longest time asleep the one with stages is chosen, else the one with a time asleep; of
// equal ones the first in prefer, the service, the one with the most sleep, the first by name.
func oneSource(found *asleep.Nights, prefer []string) (kept *asleep.Nights, left []string) {
	claims := claimsOf(found)
	if claims == nil {
		return found, nil
	}
	out := map[string]bool{}
	for first := 0; first < len(claims); {
		end, until := first+1, claims[first].end
		for end < len(claims) && claims[end].start.Sub(until) <= nightGap {
			if claims[end].end.After(until) {
				until = claims[end].end
			}
			end++
		}
		night := claims[first:end]
		best := bestOf(night, prefer)
		for _, c := range night {
			if writerOf(c.origin) != best {
				out[c.id] = true
			}
		}
		first = end
	}
	if len(out) == 0 {
		return found, nil
	}
	kept = &asleep.Nights{Sparse: found.Sparse, AsOf: found.AsOf}
	kept.Slept = slices.DeleteFunc(slices.Clone(found.Slept), func(s asleep.SleptSession) bool { return out[s.ID] })
	kept.NeverSlept = slices.DeleteFunc(slices.Clone(found.NeverSlept), func(s asleep.NeverSleptSession) bool { return out[s.ID] })
	return kept, slices.Sorted(maps.Keys(out))
}

// claimsOf returns the recordings by start; nil when all are of one source.
func claimsOf(found *asleep.Nights) []claim {
	writers := map[string]bool{}
	for i := range found.Slept {
		writers[writerOf(found.Slept[i].Origin)] = true
	}
	for i := range found.NeverSlept {
		writers[writerOf(found.NeverSlept[i].Origin)] = true
	}
	if len(writers) < 2 {
		return nil
	}
	claims := make([]claim, 0, len(found.Slept)+len(found.NeverSlept))
	for i := range found.Slept {
		s := &found.Slept[i]
		c := claim{id: s.ID, start: s.Start, end: s.End, origin: s.Origin}
		if s.TimeInSleep != nil {
			c.asleep, c.detail = *s.TimeInSleep, 1
		}
		if s.TimeInDeep != nil || s.TimeInREM != nil {
			c.detail = 2
		}
		claims = append(claims, c)
	}
	for i := range found.NeverSlept {
		s := &found.NeverSlept[i]
		claims = append(claims, claim{id: s.ID, start: s.Start, end: s.End, origin: s.Origin})
	}
	slices.SortStableFunc(claims, func(a, b claim) int { return cmp.Or(a.start.Compare(b.start), strings.Compare(a.id, b.id)) })
	return claims
}

// bestOf returns the writer that is chosen for a night.
func bestOf(night []claim, prefer []string) string {
	type candidate struct {
		writer, tracker string
		asleep          float64
		detail          int
	}
	var all []candidate
	for _, c := range night {
		i := slices.IndexFunc(all, func(k candidate) bool { return k.writer == writerOf(c.origin) })
		if i < 0 {
			i = len(all)
			all = append(all, candidate{writer: writerOf(c.origin), tracker: trackerOf(c.origin)})
		}
		all[i].asleep += c.asleep
		all[i].detail = max(all[i].detail, c.detail)
	}
	if len(all) == 1 {
		return all[0].writer
	}
	longest := slices.MaxFunc(all, func(a, b candidate) int { return cmp.Compare(a.asleep, b.asleep) }).asleep
	place := func(tracker string) int {
		if i := slices.Index(prefer, tracker); i >= 0 {
			return i
		}
		return len(prefer)
	}
	best := slices.MinFunc(all, func(a, b candidate) int {
		return cmp.Or(
			compareTrue(a.asleep >= wholeNight*longest, b.asleep >= wholeNight*longest),
			cmp.Compare(b.detail, a.detail),
			cmp.Compare(place(a.tracker), place(b.tracker)),
			compareTrue(a.tracker == Service, b.tracker == Service),
			cmp.Compare(b.asleep, a.asleep),
			strings.Compare(a.writer, b.writer),
		)
	})
	return best.writer
}

// compareTrue puts what is true first.
func compareTrue(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
