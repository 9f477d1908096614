// Package person contains the tools about one person's nights.
package person

import (
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// About names whose nights are asked about. Every tool about one person embeds it.
type About struct {
	UserID   string `json:"user_id,omitempty" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Default: the caller's own."`
	Timezone string `json:"timezone,omitempty" jsonschema:"minLength=1,maxLength=64" jsonschema_description:"IANA zone to show clock times in; default: each night's."`
}

// query is a question about one person, with everything known that does not depend on the
// tool: whose nights, which day it is for them, and how clock times are shown.
type query struct {
	*nights.Person
	deps  *tool.Deps
	shown *time.Location // zone of clock times; nil: each recording's own
}

// longOver is how many days after a date its nights do not change any more, wherever the
// sleeper is.
const longOver = 4

// ask prepares a question about the nights up to the latest of some dates; those that are
// "" are not given, and without any it is today. Mistakes in it are found before anything
// is fetched.
func ask(ctx context.Context, d *tool.Deps, a About, last ...string) (*query, error) {
	user, err := access.Resolve(ctx, a.UserID)
	if err != nil {
		return nil, tool.NameReceived(err, a.UserID)
	}
	shown, err := tool.AskedZone(a.Timezone)
	if err != nil {
		return nil, err
	}
	inner := ctx
	if latest := tool.ParseDate(slices.Max(append(last, ""))); latest != nil && latest.AddDays(longOver).Before(civil.DateOf(d.Now().UTC())) {
		inner = nights.WithKnown(ctx) // where they are now does not matter
	}
	person, err := d.Nights().Person(inner, user.ID())
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

// age returns the sleeper's age in whole years, rounded down where only the year of birth
// is known; nil when nothing is. The argument of a call goes before the setting, which is
// the caller's own, that before what the service knows, and that before what organizations
// do; but whoever is a minor by any of them is one. When one of them cannot be asked, the
// others decide.
func (q *query) age(ctx context.Context, birthYear *int) (age *int) {
	known := func(year, month, day *int) {
		if year == nil || *year == 0 {
			return
		}
		if years := tool.Age(q.Today, *year, month, day); age == nil || analytics.Recommended(years).Minor {
			age = &years
		}
	}
	known(birthYear, nil, nil)
	if own := access.From(ctx).Own(); own == "" || own == q.ID {
		known(&q.deps.BirthYear, nil, nil)
	}
	for _, born := range q.deps.Births(ctx, q.ID) {
		known(born.BirthYear, born.BirthMonth, born.BirthDay)
	}
	return age
}

// recommended returns the recommendation for an age, and what the age is based on.
func recommended(age *int) (analytics.Recommendation, string) {
	if age == nil {
		return analytics.AdultRecommendation(), "adult_default"
	}
	return analytics.Recommended(*age), "birth_year"
}
