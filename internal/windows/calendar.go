package windows

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// A Period is a calendar window: a week of ISO 8601 or a month.
type Period struct {
	Name string // "2026-W45" or "2026-10"
	nights.Days
}

// WeekOf returns the week of a date, from Monday to Sunday.
func WeekOf(date civil.Date) Period {
	at := date.In(time.UTC)
	monday := date.AddDays(-(int(at.Weekday()) + 6) % 7)
	year, week := at.ISOWeek()
	return Period{fmt.Sprintf("%04d-W%02d", year, week), nights.Days{From: monday, To: monday.AddDays(6)}}
}

// MonthOf returns the month of a date.
func MonthOf(date civil.Date) Period {
	first := civil.Date{Year: date.Year, Month: date.Month, Day: 1}
	return Period{fmt.Sprintf("%04d-%02d", date.Year, int(date.Month)), nights.Days{From: first, To: first.AddMonths(1).AddDays(-1)}}
}

// periodsWithin returns the weeks and months that lie within some dates.
func periodsWithin(d nights.Days) (all []Period) {
	for _, of := range []func(civil.Date) Period{WeekOf, MonthOf} {
		for p := of(d.From); !p.To.After(d.To); p = of(p.To.AddDays(1)) {
			if !p.From.Before(d.From) {
				all = append(all, p)
			}
		}
	}
	return all
}
