package nights

import "cloud.google.com/go/civil"

// Days is a range of night dates, both included.
type Days struct{ From, To civil.Date }

// LastDays are so many dates up to one.
func LastDays(n int, to civil.Date) Days { return Days{From: to.AddDays(1 - n), To: to} }

// Len is the number of dates.
func (d Days) Len() int { return d.To.DaysSince(d.From) + 1 }

// Contains reports whether a date is one of them.
func (d Days) Contains(date civil.Date) bool { return !date.Before(d.From) && !date.After(d.To) }

// UpTo cuts the days after today, of which nothing can be known.
func (d Days) UpTo(today civil.Date) Days {
	if d.To.After(today) {
		d.To = today
	}
	return d
}
