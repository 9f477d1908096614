package asleep

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

// longestZone bounds the name of a zone, in bytes.
const longestZone = 64

// zones caches loaded zones: loading one takes longer than computing any metric.
var zones sync.Map // name to *time.Location

// Zone finds an IANA time zone by its name. "", "Local" and "localtime" are not accepted:
// the machine's own zone says nothing about a sleeper. Zones are files, so a name has
// endlessly many spellings ("Europe/./Paris"); those are not accepted either.
//
// It also finds zones that are one offset and have no other name, "UTC-07:00" as [Fixed]
// writes it, because some devices tell no more.
func Zone(name string) (*time.Location, bool) {
	if name == "" || len(name) > longestZone || name != path.Clean(name) || strings.EqualFold(name, "local") || strings.EqualFold(name, "localtime") {
		return nil, false
	}
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), true
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		if z = fixed(name); z == nil {
			return nil, false
		}
	}
	zones.Store(name, z)
	return z, true
}

// farthest is the largest offset of any clock, in seconds.
const farthest = 14 * 3600

// Fixed returns the name of the zone that is always the given seconds east of UTC, which
// [Zone] finds; "" if no clock is so far from it, or by no whole minutes.
func Fixed(offset int) string {
	if offset < -farthest || offset > farthest || offset%60 != 0 {
		return ""
	}
	sign, minutes := '+', offset/60
	if offset < 0 {
		sign, minutes = '-', -minutes
	}
	return fmt.Sprintf("UTC%c%02d:%02d", sign, minutes/60, minutes%60)
}

// fixed returns the zone that [Fixed] gave that name; nil: it gave it to none.
func fixed(name string) *time.Location {
	at, err := time.Parse("UTC-07:00", name)
	if err != nil {
		return nil
	}
	_, offset := at.Zone()
	if Fixed(offset) != name {
		return nil
	}
	return time.FixedZone(name, offset)
}

var zoneForm = regexp.MustCompile(`^[A-Za-z0-9_+/-]+$`)

// checkZone refuses what cannot be a zone's name. The service decides which zones there
// are.
func checkZone(op, zone string) error {
	if len(zone) > longestZone || !zoneForm.MatchString(zone) {
		return refused(op, "a time zone is an IANA name such as Europe/Paris")
	}
	return nil
}
