package nights

import (
	"slices"
	"time"
)

// early in the day, so long after midnight, the night of a date may be over.
const early = 5 * time.Hour

// NightOver reports whether the night of today is over by now. That of people who sleep by
// day or in the evening is not over in the morning.
func (p *Person) NightOver() bool { return !p.Now.Before(p.due()) }

// due is when the night of today is usually over: at the middle one of the awakenings of
// the 28 dates before, each counted from the midnight of its night's date, and not before
// five in the morning.
func (p *Person) due() time.Time {
	var ends []time.Duration
	for _, n := range p.newest.window(Days{p.Today.AddDays(-28), p.Today.AddDays(-1)}).Nights {
		if len(n.Main) > 0 {
			ends = append(ends, n.Wake().Sub(n.Date.In(n.Zone())))
		}
	}
	usual := early
	if len(ends) > 0 {
		slices.Sort(ends)
		usual = max(usual, ends[len(ends)/2])
	}
	return p.Today.In(p.Zone).Add(usual)
}
