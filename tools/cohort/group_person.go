package cohort

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// reading is the result of reading one person of a group.
type reading struct {
	user     access.User
	reason   analytics.Reason // why they could not be read; "": they were
	now      analytics.Person
	before   analytics.Person
	sessions int
	asOf     time.Time
	offline  bool // read earlier: newer nights could not be asked for
}

func (r reading) eligible() bool { return r.reason == "" && r.now.Eligible() }

// because returns why somebody is not in the averages; "" when they are.
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
	case r.now.Nights == 0:
		return "no_nights"
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
