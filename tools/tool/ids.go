package tool

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// askedZone reads a timezone argument; "" is nil.
func AskedZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	z, ok := asleep.Zone(name)
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
