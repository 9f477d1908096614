package tools

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// Head is what every answer about one person and one period begins with.
type Head struct {
	Top
	Period Period `json:"period"`
	Basis
}

// Top says what an answer is about.
type Top struct {
	Summary  string `json:"summary"`
	UserID   string `json:"user_id"`
	Timezone string `json:"timezone"`
	AsOf     string `json:"as_of"`
}

// Basis says what an answer rests on.
type Basis struct {
	Nights     Nights `json:"nights"`
	DataSource string `json:"data_source" jsonschema:"enum=asleep,enum=demo"`
	Caveats
}

// Caveats are what a reader must know before using an answer: the fields that have no
// value, each with the reason, and warnings.
type Caveats struct {
	Missing  map[string]string `json:"missing,omitempty"`
	Warnings []Warning         `json:"warnings,omitempty"`
}

// Period is a range of night dates, both included.
type Period struct {
	From string `json:"from"`
	To   string `json:"to"`
	Days int    `json:"days"`
}

// Nights counts the nights of a period. Tracked is used plus excluded. A short
// night (main sleep under three hours) is left out of clock times only.
type Nights struct {
	Tracked  int         `json:"tracked"`
	Used     int         `json:"used"`
	Excluded []Exclusion `json:"excluded"`
}

// Exclusion counts what was left out for one reason.
type Exclusion struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// Warning is something a reader should know before using the numbers.
type Warning struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// span is a range of night dates, both included.
type span struct{ from, to civil.Date }

func (s span) days() int { return s.to.DaysSince(s.from) + 1 }

func (s span) contains(d civil.Date) bool { return !d.Before(s.from) && !d.After(s.to) }

func (s span) period() Period {
	return Period{From: s.from.String(), To: s.to.String(), Days: s.days()}
}

// countNights counts the nights of an assembly that lies within one period.
func countNights(nights []analytics.Night) Nights {
	out := Nights{
		Tracked: len(nights), Used: len(nights),
		Excluded: countReasons(nights, func(n analytics.Night) analytics.Reason { return n.Excluded }),
	}
	for _, e := range out.Excluded {
		out.Used -= e.Count
	}
	return out
}

// countReasons says how often each reason occurs, in alphabetical order; what has none
// is not counted. It is never nil.
func countReasons[T any](all []T, of func(T) analytics.Reason) []Exclusion {
	counts := map[analytics.Reason]int{}
	for _, one := range all {
		if reason := of(one); reason != "" {
			counts[reason]++
		}
	}
	list := make([]Exclusion, 0, len(counts))
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		list = append(list, Exclusion{string(reason), counts[reason]})
	}
	return list
}

// warn adds a warning.
func (c *Caveats) warn(code, format string, args ...any) {
	c.Warnings = append(c.Warnings, Warning{code, fmt.Sprintf(format, args...)})
}

// lacks says why a field has no value.
func (c *Caveats) lacks(reason analytics.Reason, fields ...string) {
	if c.Missing == nil {
		c.Missing = map[string]string{}
	}
	for _, f := range fields {
		c.Missing[f] = string(reason)
	}
}

// instant writes t with the offset of zone.
func instant(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(time.RFC3339)
}
