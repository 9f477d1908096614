package tools

import (
	"path"
	"strings"
	"sync"
	"time"
)

// zones keeps zones that were loaded: reading one takes longer than any metric.
var zones sync.Map // name to *time.Location

// loadZone finds an IANA zone. "", "Local" and "localtime" are none: the machine's
// own zone says nothing about a sleeper. Zones are files, so that a name has other
// spellings ("Europe/./Paris"), endlessly many; those are none either.
func loadZone(name string) (*time.Location, bool) {
	if name == "" || name != path.Clean(name) || strings.EqualFold(name, "local") || strings.EqualFold(name, "localtime") {
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

// askedZone reads a timezone argument; "" is nil.
func askedZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	z, ok := loadZone(name)
	if !ok {
		return nil, mistake(`"timezone" must be an IANA zone, received %s. For example {"timezone":"Europe/Paris"}, {"timezone":"America/New_York"} or {"timezone":"UTC"}.`, shown(name))
	}
	return z, nil
}
