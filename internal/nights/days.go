package nights

import "cloud.google.com/go/civil"

// Days is a range of night dates, both included.
type Days struct{ From, To civil.Date }

// LastDays returns the n dates up to and including one.
func LastDays(n int, to civil.Date) Days { return Days{From: to.AddDays(1 - n), To: to} }

// Len returns the number of dates.
func (d Days) Len() int { return d.To.DaysSince(d.From) + 1 }

// Contains reports whether a date is in the range.
func (d Days) Contains(date civil.Date) bool { return !date.Before(d.From) && !date.After(d.To) }

// UpTo cuts off the days after today, about which nothing can be known.
func (d Days) UpTo(today civil.Date) Days {
	if d.To.After(today) {
		d.To = today
	}
	return d
}
