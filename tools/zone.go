package tools

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// askedZone reads a timezone argument; "" is nil.
func askedZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	z, ok := asleep.Zone(name)
	if !ok {
		return nil, mistake(`"timezone" must be an IANA zone, received %s. For example {"timezone":"Europe/Paris"}, {"timezone":"America/New_York"} or {"timezone":"UTC"}.`, shown(name))
	}
	return z, nil
}
