package tool

import (
	"context"
	"encoding/json"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// zoneWithin is how long a mistake in a date waits to learn which day it is.
const zoneWithin = 3 * time.Second

// nowAsked is the time, in the zone of the person whom arguments ask about: nights have the dates
// of that zone. It is the home zone where nobody is asked about, or where the caller may
// not ask about them, or where it cannot be found out quickly. What is read for it is read
// again, from memory, for the question without the mistake.
func (d *Deps) nowAsked(ctx context.Context, s Spec, arguments json.RawMessage) time.Time {
	now := d.Now().In(d.HomeZone())
	if s.Toolset != ToolsetSleep && s.Toolset != ToolsetDiary || allowed(ctx, s) != nil || d.lacks(s) {
		return now
	}
	var asked struct {
		UserID string `json:"user_id"`
	}
	if json.Unmarshal(arguments, &asked) != nil {
		return now
	}
	user, err := access.Resolve(ctx, asked.UserID)
	if err != nil {
		return now
	}
	ctx, cancel := context.WithTimeout(ctx, zoneWithin)
	defer cancel()
	person, err := d.Nights().Person(ctx, user.ID())
	if err != nil {
		return now
	}
	return now.In(person.Zone)
}
