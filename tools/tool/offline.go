package tool

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// WarnUnread warns that imported nights are missing.
func WarnUnread(c *Caveats) {
	c.Warn("imports_missing", "Imported nights could not be read, so they are missing here; asleep-mcp doctor says why.")
}

// WarnOffline warns that newer nights could not be asked for, with the time of the last
// successful reading in a zone.
func WarnOffline(c *Caveats, o *nights.Offline, zone *time.Location) {
	if o == nil {
		return
	}
	why := "could not be asked (" + string(CodeOfRead(o.Err)) + ")"
	if asleep.CodeOf(o.Err) == asleep.BadKey {
		why = "refuses the API key (check ASLEEP_API_KEY)"
	}
	c.Warn("offline", "The Asleep service %s; this is what it said at %s. Newer nights may be missing.", why, Instant(o.LastRead, zone))
}
