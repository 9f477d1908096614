package nights

import "cloud.google.com/go/civil"

// span is a range of night dates, both included.
type Days struct{ From, To civil.Date }

func (s Days) Len() int { return s.To.DaysSince(s.From) + 1 }

func (s Days) Contains(d civil.Date) bool { return !d.Before(s.From) && !d.After(s.To) }

// upTo cuts the days after today, of which nothing can be known.
func (s Days) UpTo(today civil.Date) Days {
	if s.To.After(today) {
		s.To = today
	}
	return s
}
