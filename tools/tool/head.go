package tool

import (
	"fmt"
	"maps"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// Head is what every answer about one person and one period begins with.
type Head struct {
	Subject
	Period Period `json:"period"`
	Coverage
}

// Subject says what an answer is about.
type Subject struct {
	Summary  string `json:"summary"`
	UserID   string `json:"user_id"`
	Timezone string `json:"timezone"`
	AsOf     string `json:"as_of"`
}

// Coverage says what an answer is based on.
type Coverage struct {
	Nights     Nights         `json:"nights"`
	DataSource string         `json:"data_source" jsonschema:"enum=asleep,enum=demo,enum=import,enum=mixed"`
	Sources    map[string]int `json:"sources,omitempty"`
	Caveats
}

// SourcesOf returns where nights come from: the data source, which is own for those of
// the service, and the nights of each tracker where some were imported.
func SourcesOf(all []nights.SourceNights, own string) (dataSource string, sources map[string]int) {
	sources = map[string]int{}
	for _, s := range all {
		sources[s.Tracker] = s.Nights
	}
	_, kept := sources[nights.Service]
	switch {
	case len(sources) == 0, kept && len(sources) == 1:
		return own, nil
	case kept:
		return "mixed", sources
	}
	return "import", sources
}

// Caveats are what a reader must know before using an answer: warnings, the fields that
// have no value, each with the reason, and those that rest on fewer nights than are used,
// each with their number.
type Caveats struct {
	Missing  map[string]string `json:"missing,omitempty"`
	Fewer    map[string]int    `json:"fewer_nights,omitempty"`
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

// PeriodOf writes a range of night dates.
func PeriodOf(s nights.Days) Period {
	return Period{From: s.From.String(), To: s.To.String(), Days: s.Len()}
}

// CountReasons counts how often each reason occurs, in alphabetical order; items without
// one are not counted. The result is never nil.
func CountReasons[T any, R ~string](all []T, of func(T) R) []Exclusion {
	counts := map[R]int{}
	for _, one := range all {
		if reason := of(one); reason != "" {
			counts[reason]++
		}
	}
	return Counted(counts)
}

// Counted lists the reasons of which there are any, in alphabetical order. The result is
// never nil.
func Counted[R ~string](counts map[R]int) []Exclusion {
	list := make([]Exclusion, 0, len(counts))
	for _, reason := range slices.Sorted(maps.Keys(counts)) {
		if n := counts[reason]; n > 0 {
			list = append(list, Exclusion{string(reason), n})
		}
	}
	return list
}

// Warn adds a warning.
func (c *Caveats) Warn(code, format string, args ...any) {
	c.Warnings = append(c.Warnings, Warning{code, fmt.Sprintf(format, args...)})
}

// RestsOn records that a field rests on fewer nights than are used.
func (c *Caveats) RestsOn(field string, nights int) {
	if c.Fewer == nil {
		c.Fewer = map[string]int{}
	}
	c.Fewer[field] = nights
}

// Lacks records why fields have no value.
func Lacks[R ~string](c *Caveats, reason R, fields ...string) {
	if c.Missing == nil {
		c.Missing = map[string]string{}
	}
	for _, f := range fields {
		c.Missing[f] = string(reason)
	}
}
