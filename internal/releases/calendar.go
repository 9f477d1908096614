package releases

import (
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Farthest is how many days back a period may begin whose release has not been made.
const Farthest = 366

// calendar says which periods an organization has.
type calendar struct {
	connected []directory.Organization // all that share members; the oldest, whose cadence counts, first
	place     int                      // of the organization among them
	zone      *time.Location           // of organizations that name none
}

func (c calendar) own() directory.Organization { return c.connected[c.place] }

func (c calendar) cadenceOn(date civil.Date) directory.Cadence {
	return c.connected[0].Settings.CadenceOn(date)
}

// has reports whether a period is of the cadence that its nights have.
func (c calendar) has(p Period) bool {
	return c.cadenceOn(p.From) == p.Cadence && c.cadenceOn(p.To) == p.Cadence
}

// due returns when a release may be made: when that of every older organization may be,
// too.
func (c calendar) due(p Period) (latest time.Time) {
	for _, o := range c.connected[:c.place+1] {
		if at := p.Due(o.Settings.Zone(c.zone)); at.After(latest) {
			latest = at
		}
	}
	return latest
}

func (c calendar) today(now time.Time) civil.Date {
	return civil.DateOf(now.In(c.own().Settings.Zone(c.zone)))
}

// newest returns the newest period whose release is due.
func (c calendar) newest(now time.Time) Period {
	for date := c.today(now); ; {
		p := PeriodOf(c.cadenceOn(date), date)
		if c.has(p) && !now.Before(c.due(p)) {
			return p
		}
		date = p.From.AddDays(-1)
	}
}

// oldest returns the first night of which a release may still be made.
func (c calendar) oldest(now time.Time) civil.Date { return c.today(now).AddDays(-Farthest) }

// next returns the first period of the organization that is not due, after newest.
func (c calendar) next(now time.Time) Period {
	for date := c.newest(now).To.AddDays(1); ; date = date.AddDays(1) {
		if p := PeriodOf(c.cadenceOn(date), date); p.From == date && c.has(p) {
			return p
		}
	}
}

// changed returns settings with another cadence from the first of its periods on that
// begins after the present ones of both cadences have ended.
func changed(s directory.Settings, to directory.Cadence, today civil.Date) (directory.Settings, civil.Date) {
	var changes []directory.CadenceChange
	for _, c := range s.Changes {
		if !c.From.After(today) {
			changes = append(changes, c)
		}
	}
	s.Changes = changes
	if s.CadenceOn(today) == to {
		return s, today
	}
	from := PeriodOf(to, today).Next().From
	for old := PeriodOf(s.CadenceOn(today), today).To; !from.After(old); {
		from = PeriodOf(to, from).Next().From
	}
	s.Changes = append(s.Changes, directory.CadenceChange{From: from, Cadence: to})
	return s, from
}

func (c calendar) leader() string {
	if len(c.connected) == 0 {
		return ""
	}
	return c.connected[0].ID
}

func (c calendar) askable(p Period, now time.Time) bool {
	return c.has(p) && !now.Before(c.due(p)) && !p.From.Before(c.oldest(now))
}
