package cohort

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// Reasons why somebody is not behind figures, beside those of an error.
const (
	noNights  analytics.Reason = "no_nights"
	forgotten analytics.Reason = "forgotten"
	neverRead analytics.Reason = "never_read" // nothing is kept of the period
	stale     analytics.Reason = "stale"      // something is, of another day or method

	// noNightlyNumbers is why somebody has no means if a deployment lists slept sessions
	// without their numbers.
	noNightlyNumbers analytics.Reason = "no_nightly_numbers"
)

// reading is the result of reading one person of a group.
type reading struct {
	user     access.User
	reason   analytics.Reason // why they could not be read; "": they were
	now      analytics.Person
	before   analytics.Person
	sessions int
	sources  []nights.SourceNights
	asOf     time.Time
	offline  bool // read earlier: newer nights could not be asked for
	unread   bool // imported nights could not be read
}

func (r reading) eligible() bool { return r.reason == "" && r.now.Eligible() }

// because returns why somebody is not in the averages, or has no score; "" for neither.
func (r reading) because() string {
	if r.reason != "" {
		return string(r.reason)
	}
	return string(exclusion(r))
}

// exclusion returns why somebody who was read is not in the averages.
func exclusion(r reading) analytics.Reason {
	switch {
	case r.reason != "" || r.eligible():
		return ""
	case r.now.Score.Missing == analytics.Minor:
		return analytics.Minor
	case r.now.Nights == 0:
		return noNights
	}
	return analytics.FewNights
}

// people returns the means of those who were read.
func people(readings []reading, of func(reading) analytics.Person) []analytics.Person {
	list := make([]analytics.Person, 0, len(readings))
	for _, r := range readings {
		if r.reason == "" {
			list = append(list, of(r))
		}
	}
	return list
}
