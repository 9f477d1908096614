package person

import (
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const (
	// defaultDays is how many nights are meant when no range is given.
	defaultDays = 30
	// maxDays bounds a range: ten years.
	maxDays = 3660
)

// earliest is before any phone could have recorded a night.
var earliest = civil.Date{Year: 2010, Month: time.January, Day: 1}

// Range chooses night dates.
type Range struct {
	From string `json:"from,omitempty" jsonschema:"format=date" jsonschema_description:"First night, YYYY-MM-DD, inclusive."`
	To   string `json:"to,omitempty" jsonschema:"format=date" jsonschema_description:"Last night, inclusive; default today."`
	Days *int   `json:"days,omitempty" jsonschema:"minimum=1,maximum=3660" jsonschema_description:"Number of dates, instead of the first or the last; default 30."`
}

// contradiction finds mistakes that do not depend on the day, before anything is fetched
// to learn which day it is.
func (r Range) contradiction() error {
	from, to := tool.ParseDate(r.From), tool.ParseDate(r.To)
	switch {
	case from != nil && to == nil:
		return fits(nights.Days{From: *from, To: *from}, "from", "to")
	case from == nil || to == nil:
		return nil
	}
	s := nights.Days{From: *from, To: *to}
	if err := fits(s, "from", "to"); err != nil {
		return err
	}
	if r.Days != nil && s.Len() != *r.Days {
		return tool.Mistake(`%s, %s and %s contradict each other: %s to %s are %d days, received %s:%d. Give two of them, for example %s.`,
			tool.Argument("from"), tool.Argument("to"), tool.Argument("days"), from, to, s.Len(), tool.Argument("days"), *r.Days, tool.ExampleOfTwo("from", from, "to", to))
	}
	return nil
}

// resolve turns the choice into dates. Any two of from, to and days name a range; the
// defaults are today and 30 days. It expects a choice without a [Range.contradiction].
func (r Range) resolve(today civil.Date) (nights.Days, error) {
	from, to := tool.ParseDate(r.From), tool.ParseDate(r.To)
	days := defaultDays
	if r.Days != nil {
		days = *r.Days
	}
	var s nights.Days
	switch {
	case from != nil && to != nil:
		s = nights.Days{From: *from, To: *to}
	case from != nil && r.Days != nil:
		s = nights.Days{From: *from, To: from.AddDays(days - 1)}
	case from != nil:
		s = nights.Days{From: *from, To: today}
	case to != nil:
		s = nights.Days{From: to.AddDays(1 - days), To: *to}
	default:
		s = nights.Days{From: today.AddDays(1 - days), To: today}
	}
	return s, check(s, "from", "to", today)
}

// fits refuses a range that holds no night on any day. from and to are the names
// of its arguments.
func fits(s nights.Days, from, to string) error {
	switch {
	case s.From.After(s.To):
		return tool.Mistake(`%s must not be after %s, received %s:"%s" and %s:"%s". For example %s.`,
			tool.Argument(from), tool.Argument(to), tool.Argument(from), s.From, tool.Argument(to), s.To, tool.ExampleOfTwo(from, s.To, to, s.From))
	case s.From.Before(earliest):
		return tool.Mistake(`The range begins too early: %s. No night was recorded before %s; for example %s.`,
			s.From, earliest, anyRange(from, to))
	case s.Len() > maxDays:
		return tool.Mistake(`The range is too long: %d days from %s to %s, at most %d (ten years). Ask for a shorter one, for example %s.`,
			s.Len(), s.From, s.To, maxDays, tool.ExampleWith(from, s.To.AddDays(-365)))
	}
	return nil
}

// anyRange is an example that is right whatever day it is.
func anyRange(from, to string) tool.Example {
	last := earliest.AddDays(maxDays - 1)
	if from == to {
		return tool.ExampleWith(to, last)
	}
	return tool.ExampleOfTwo(from, earliest, to, last)
}

// check also refuses a range that begins after today.
func check(s nights.Days, from, to string, today civil.Date) error {
	if s.From.After(today) {
		return tool.Mistake(`The range lies in the future: it begins on %s. Today is %s; for the last week use %s.`,
			s.From, today, tool.ExampleWith(from, today.AddDays(1-daysInWeek)))
	}
	return fits(s, from, to)
}

// endingAt returns the range of days nights that ends on a date; "" is today. name is the
// argument that holds the date.
func endingAt(date, name string, days int, today civil.Date) (nights.Days, error) {
	to := today
	if d := tool.ParseDate(date); d != nil {
		to = *d
	}
	s := nights.Days{From: to.AddDays(1 - days), To: to}
	if s.From.After(today) {
		return nights.Days{}, tool.Mistake(`%s lies in the future, received "%s": nothing of those nights can be known. Today is %s; for example %s.`,
			tool.Argument(name), to, today, tool.ExampleWith(name, today))
	}
	return s, fits(s, name, name)
}

const daysInWeek = 7
