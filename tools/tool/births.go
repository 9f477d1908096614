package tool

import (
	"context"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Births returns the dates of birth that are known of a user: the service's, and then those
// of [Deps.BirthYears]. None is left out for another. Where one cannot be asked, the others
// are returned.
func (d *Deps) Births(ctx context.Context, userID string) []asleep.Metadata {
	var all []asleep.Metadata
	if born, err := d.born(ctx, userID); err == nil && born != nil {
		all = append(all, *born)
	}
	for _, year := range d.BirthYears(ctx, userID)[userID] {
		all = append(all, asleep.Metadata{BirthYear: &year})
	}
	return all
}

// BirthYears returns the years that organizations were given about users who are their
// members; nothing if that cannot be asked.
func (d *Deps) BirthYears(ctx context.Context, userIDs ...string) map[string][]int {
	if d.Directory == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, birthPatience)
	defer cancel()
	store, err := d.Directory(ctx)
	if err != nil {
		return nil
	}
	years, err := store.BirthYears(ctx, userIDs)
	if err != nil {
		return nil
	}
	return years
}

// birthPatience is how long an answer that needs no organization waits for a database that
// does not answer.
const birthPatience = 2 * time.Second

// born returns what the service knows of a user's date of birth, nil if that is nothing.
func (d *Deps) born(ctx context.Context, userID string) (*asleep.Metadata, error) {
	switch {
	case d.Archive != nil:
		return d.Archive.Born(ctx, userID)
	case d.Client != nil:
		return d.Client.Born(ctx, userID)
	}
	return nil, nil
}

// Age is how old somebody is at least, in whole years: where only the year of birth is known,
// as if they were born on its last day.
func Age(today civil.Date, year int, month, day *int) int {
	birthday := civil.Date{Year: today.Year, Month: time.December, Day: 31}
	if month != nil && day != nil {
		birthday = civil.Date{Year: today.Year, Month: time.Month(*month), Day: *day}
	}
	years := today.Year - year
	if today.Before(birthday) {
		years--
	}
	return max(0, years)
}
