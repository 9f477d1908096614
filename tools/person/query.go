// Package person has the tools about one person's nights.
package person

import (
	"context"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// About names whose nights are asked about. Every tool about one person embeds it.
type About struct {
	UserID   string `json:"user_id,omitempty" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Default: the caller's own."`
	Timezone string `json:"timezone,omitempty" jsonschema:"minLength=1,maxLength=64" jsonschema_description:"IANA zone of shown clock times; default: each night's."`
}

// query is a question about one person, with everything known that does not depend on the
// tool: whose nights, which day it is for them, and how clock times are shown.
type query struct {
	*nights.Person
	deps  *tool.Deps
	shown *time.Location // zone of clock times; nil: each recording's own
}

// ask prepares a question. Mistakes in it are found before anything is fetched.
func ask(ctx context.Context, d *tool.Deps, a About) (*query, error) {
	user, err := access.Resolve(ctx, a.UserID)
	if err != nil {
		return nil, tool.NameReceived(err, a.UserID)
	}
	shown, err := tool.AskedZone(a.Timezone)
	if err != nil {
		return nil, err
	}
	person, err := d.Nights().Person(ctx, user.ID())
	if err != nil {
		return nil, err
	}
	return &query{Person: person, deps: d, shown: shown}, nil
}

// place returns the zone in which to show the clock times of a recording made in zone.
func (q *query) place(zone *time.Location) *time.Location {
	if q.shown != nil {
		return q.shown
	}
	return zone
}

// age returns the greatest age the sleeper can reach this year; nil when unknown.
func (q *query) age(birthYear *int) *int {
	year := q.deps.BirthYear
	if birthYear != nil {
		year = *birthYear
	}
	if year == 0 {
		return nil
	}
	return new(max(0, q.Today.Year-year))
}

// recommended returns the recommendation for an age, and what the age is based on.
func recommended(age *int) (analytics.Recommendation, string) {
	if age == nil {
		return analytics.AdultRecommendation(), "adult_default"
	}
	return analytics.Recommended(*age), "birth_year"
}
