package asleep

import (
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
func Zone(name string) (*time.Location, bool) {
	if name == "" || len(name) > longestZone || name != path.Clean(name) || strings.EqualFold(name, "local") || strings.EqualFold(name, "localtime") {
		return nil, false
	}
	if z, ok := zones.Load(name); ok {
		return z.(*time.Location), true
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, false
	}
	zones.Store(name, z)
	return z, true
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
