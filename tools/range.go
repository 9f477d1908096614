package tools

import (
	"time"

	"cloud.google.com/go/civil"
)

const (
	// defaultDays is how many nights are meant when nothing is said.
	defaultDays = 30
	// maxDays bounds a range: ten years.
	maxDays = 3660
)

// earliest is before any phone could have recorded a night.
var earliest = civil.Date{Year: 2010, Month: time.January, Day: 1}

// Range is a choice of night dates.
type Range struct {
	From string `json:"from,omitempty" jsonschema:"format=date" jsonschema_description:"First night, YYYY-MM-DD, inclusive."`
	To   string `json:"to,omitempty" jsonschema:"format=date" jsonschema_description:"Last night, inclusive; default today."`
	Days *int   `json:"days,omitempty" jsonschema:"minimum=1,maximum=3660" jsonschema_description:"Number of dates, instead of the first or the last; default 30."`
}

// contradiction finds the mistakes that are mistakes on any day, before anything
// is fetched to learn what day it is.
func (r Range) contradiction() error {
	from, to := parseDate(r.From), parseDate(r.To)
	switch {
	case from != nil && to == nil:
		return span{*from, *from}.fits("from", "to")
	case from == nil || to == nil:
		return nil
	}
	s := span{*from, *to}
	if err := s.fits("from", "to"); err != nil {
		return err
	}
	if r.Days != nil && s.days() != *r.Days {
		return mistake(`"from", "to" and "days" contradict each other: %s to %s are %d days, received "days":%d. Give two of them, for example {"from":"%s","to":"%s"}.`, from, to, s.days(), *r.Days, from, to)
	}
	return nil
}

// resolve turns the choice into dates. Any two of from, to and days name a range;
// what is not said is today and 30 days. It expects a choice without
// [Range.contradiction].
func (r Range) resolve(today civil.Date) (span, error) {
	from, to := parseDate(r.From), parseDate(r.To)
	days := defaultDays
	if r.Days != nil {
		days = *r.Days
	}
	var s span
	switch {
	case from != nil && to != nil:
		s = span{*from, *to}
	case from != nil && r.Days != nil:
		s = span{*from, from.AddDays(days - 1)}
	case from != nil:
		s = span{*from, today}
	case to != nil:
		s = span{to.AddDays(1 - days), *to}
	default:
		s = span{today.AddDays(1 - days), today}
	}
	return s, s.check("from", "to", today)
}

// fits refuses a range that holds no night on any day. from and to are the names
// of its arguments.
func (s span) fits(from, to string) error {
	switch {
	case s.from.After(s.to):
		return mistake(`%q must not be after %q, received "%s":"%s" and "%s":"%s". For example {"%s":"%s","%s":"%s"}.`,
			from, to, from, s.from, to, s.to, from, s.to, to, s.from)
	case s.from.Before(earliest):
		return mistake(`The range begins too early: %s. No night was recorded before %s; for example {"%s":"2026-10-01"}.`,
			s.from, earliest, from)
	case s.days() > maxDays:
		return mistake(`The range is too long: %d days from %s to %s, at most %d (ten years). Ask for a shorter one, for example {"%s":"%s"}.`,
			s.days(), s.from, s.to, maxDays, from, s.to.AddDays(-365))
	}
	return nil
}

// check also refuses a range that begins after today.
func (s span) check(from, to string, today civil.Date) error {
	if s.from.After(today) {
		return mistake(`The range lies in the future: it begins on %s. Today is %s; for the last week use {"%s":"%s"}.`,
			s.from, today, from, today.AddDays(1-daysInWeek))
	}
	return s.fits(from, to)
}

// upTo cuts the days after today, of which nothing can be known.
func (s span) upTo(today civil.Date) span {
	if s.to.After(today) {
		s.to = today
	}
	return s
}

// parseDate reads a date whose form the schema has checked; "" is nil.
func parseDate(s string) *civil.Date {
	d, err := civil.ParseDate(s)
	if err != nil {
		return nil
	}
	return &d
}

// endingAt is the range of days nights that ends on a date; "" is today. name is
// the argument that holds it.
func endingAt(date, name string, days int, today civil.Date) (span, error) {
	to := today
	if d := parseDate(date); d != nil {
		to = *d
	}
	s := span{to.AddDays(1 - days), to}
	if s.from.After(today) {
		return span{}, mistake(`%q lies in the future, received "%s": nothing of those nights can be known. Today is %s; for example {"%s":"%s"}.`, name, to, today, name, today)
	}
	return s, s.fits(name, name)
}
