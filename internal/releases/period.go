package releases

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

// settled is how long after its end a period's nights may still arrive.
const settled = 72 * time.Hour

// Period is a calendar week, Monday to Sunday, or a calendar month, of night dates.
type Period struct {
	Cadence directory.Cadence
	windows.Period
}

// PeriodOf returns the period that a date is in.
func PeriodOf(c directory.Cadence, date civil.Date) Period {
	if c == directory.Weeks {
		return Period{c, windows.WeekOf(date)}
	}
	return Period{directory.Months, windows.MonthOf(date)}
}

// ParsePeriod reads a week such as "2026-W45", numbered as in ISO 8601, or a month such as
// "2026-10".
func ParsePeriod(text string) (Period, bool) {
	var p Period
	var year, week int
	if n, err := fmt.Sscanf(text, "%4d-W%2d", &year, &week); n == 2 && err == nil {
		// The fourth of January is always in the first week.
		p = PeriodOf(directory.Weeks, civil.Date{Year: year, Month: time.January, Day: 4}.AddDays(7*(week-1)))
	} else if first, err := civil.ParseDate(text + "-01"); err == nil {
		p = PeriodOf(directory.Months, first)
	}
	return p, text != "" && p.Name == text
}

// String returns the name of a period, as [ParsePeriod] reads it.
func (p Period) String() string { return p.Name }

// Previous returns the period before.
func (p Period) Previous() Period { return PeriodOf(p.Cadence, p.From.AddDays(-1)) }

// Next returns the period after.
func (p Period) Next() Period { return PeriodOf(p.Cadence, p.To.AddDays(1)) }

// Due returns when the release of a period may be made.
func (p Period) Due(zone *time.Location) time.Time { return p.To.AddDays(1).In(zone).Add(settled) }

// leastNights is how many used nights somebody needs in a period to count: what a sleep
// score needs in a week, and as many as in any other group in a month.
func (p Period) leastNights() int {
	if p.Cadence == directory.Weeks {
		return 5
	}
	return 7
}
