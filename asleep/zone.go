package asleep

import (
	_ "embed"
	"fmt"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
)

// longestZone bounds the name of a zone, in bytes.
const longestZone = 64

// zones caches loaded zones by their own names: loading one takes longer than computing
// any metric.
var zones sync.Map // name to *time.Location

// zoneNames are the zones of countries in tzdb 2025b (zone.tab and zone1970.tab,
// which are in the public domain), and UTC.
//
//go:embed zones.txt
var zoneNames string

// ZoneNames returns the names of the time zones of countries, and UTC. [Zone] finds more
// than these.
var ZoneNames = sync.OnceValue(func() []string { return strings.Fields(zoneNames) })

// zonesFolded are the names of [ZoneNames] by their lower-case spelling.
var zonesFolded = sync.OnceValue(func() map[string]string {
	folded := make(map[string]string, len(ZoneNames()))
	for _, name := range ZoneNames() {
		folded[strings.ToLower(name)] = name
	}
	return folded
})

// Zone finds an IANA time zone by its name, in any case; no two names differ only in
// case. The zone is named as the database spells it. "", "Local" and "localtime" are
// not accepted, because the machine's own zone says nothing about a sleeper. Nor are
// alternative paths such as "Europe/./Paris".
//
// Zone also finds zones that are a fixed offset and have no other name, such as
// "UTC-07:00", as [Fixed] writes them, because some devices report nothing else.
func Zone(name string) (*time.Location, bool) {
	if name == "" || len(name) > longestZone || name != path.Clean(name) || strings.EqualFold(name, "local") || strings.EqualFold(name, "localtime") {
		return nil, false
	}
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), true
	}
	for _, spelling := range [...]func(string) string{countryZone, itself, strings.ToUpper, capitalised} {
		if z, ok := load(spelling(name)); ok {
			return z, true
		}
	}
	return nil, false
}

func load(name string) (*time.Location, bool) {
	if name == "" {
		return nil, false
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

func itself(name string) string { return name }

// countryZone returns the zone of a country that is spelled like name but for case, or "".
func countryZone(name string) string { return zonesFolded()[strings.ToLower(name)] }

// capitalised spells a name as most of those are that belong to no country: "Etc/Greenwich".
func capitalised(name string) string {
	runes := []rune(strings.ToLower(name))
	for i, r := range runes {
		if i == 0 || runes[i-1] == '/' || runes[i-1] == '_' {
			runes[i] = unicode.ToUpper(r)
		}
	}
	return string(runes)
}

// farthest is the largest offset of any clock, in seconds.
const farthest = 14 * 3600

// Fixed returns the name of the zone that is always offset seconds east of UTC, which
// [Zone] finds. It returns "" if no clock is that far from UTC, or if the offset is not
// a whole number of minutes.
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
