package tool

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// ZoneNamed finds an IANA zone by its name; see [asleep.Zone].
func ZoneNamed(name string) (*time.Location, bool) { return asleep.Zone(name) }

// IsUserID reports whether an id has the form of an Asleep user's.
func IsUserID(id string) bool { return asleep.CheckUserID(id) == nil }

// AskedZone reads a timezone argument; "" is nil.
func AskedZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	z, ok := ZoneNamed(name)
	if !ok {
		return nil, Mistake(`"timezone" must be an IANA zone, received %s. For example {"timezone":"Europe/Paris"}, {"timezone":"America/New_York"} or {"timezone":"UTC"}.`, Shown(name))
	}
	return z, nil
}

// checkSessionID refuses an id that is none; "" is not given.
func CheckSessionID(id string) error {
	if id == "" || asleep.CheckSessionID(id) == nil {
		return nil
	}
	return Mistake(`"session_id" must be 14 digits, usually followed by "_" and five letters or digits, received %s. For example {"session_id":"20261121221501_ab12c"}; list_sessions gives the ids.`, Shown(id))
}
