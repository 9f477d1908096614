package importers

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// momentOf reads a date with a time of day. The order of dates such as 03/04/2026 is "dmy", "mdy" or, where it
// is not known, "".
func momentOf(text, order string) (wall, bool) {
	text = strings.Replace(strings.TrimSpace(text), "T", " ", 1)
	for i, r := range text {
		if r != ' ' {
			continue
		}
		day, ok1 := dayOf(text[:i], order)
		clock, ok2 := clockOf(text[i:])
		if ok1 && ok2 {
			return wall(day.Add(clock)), true
		}
	}
	return wall{}, false
}

// dayOf reads a date.
func dayOf(text, order string) (time.Time, bool) {
	layouts := []string{"2006-01-02", "2006/01/02", "02.01.2006", "2.1.2006", "2 Jan 2006", "2 January 2006", "Jan 2, 2006"}
	switch order {
	case "dmy":
		layouts = append(layouts, "2/1/2006", "2-1-2006")
	case "mdy":
		layouts = append(layouts, "1/2/2006", "1-2-2006")
	}
	day, ok := wallOf(text, layouts...)
	return time.Time(day), ok
}

// clockOf reads a time of day.
func clockOf(text string) (time.Duration, bool) {
	for _, layout := range []string{"15:04", "15:04:05", "15:04:05.999", "3:04 PM", "3:04PM", "3:04:05 PM"} {
		if t, err := time.Parse(layout, strings.ToUpper(strings.TrimSpace(text))); err == nil {
			return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second, true
		}
	}
	return 0, false
}

// An ordering finds the order of a table's dates by a day above 12.
type ordering struct {
	order   string
	unclear *fault // of the first date that fits two
}

// see takes a date, with or without a time.
func (o *ordering) see(r row, text string) error {
	found, both := orderOf(text)
	if both && o.unclear == nil {
		o.unclear = &fault{file: r.table.file.name, where: r.where(), err: errors.New("the order of its dates is unclear: set --date-order dmy (day first) or --date-order mdy (month first)")}
	}
	if found != "" && o.order != "" && found != o.order {
		return &fault{file: r.table.file.name, where: r.where(), err: fmt.Errorf("the date %s and those before it cannot all have the same order", errtext.Text(text))}
	}
	if found != "" {
		o.order = found
	}
	return nil
}

// found returns the order, "" where no date needs one.
func (o *ordering) found() (string, error) {
	if o.order == "" && o.unclear != nil {
		return "", o.unclear
	}
	return o.order, nil
}

// orderOf returns the order that a date shows; both reports that it would fit two.
func orderOf(text string) (order string, both bool) {
	date, _, _ := strings.Cut(text, " ")
	parts := strings.FieldsFunc(date, func(r rune) bool { return r == '/' || r == '-' })
	if len(parts) != 3 || len(parts[0]) > 2 || len(parts[1]) > 2 {
		return "", false
	}
	a, ok1 := numberOf(parts[0])
	b, ok2 := numberOf(parts[1])
	switch {
	case !ok1 || !ok2:
		return "", false
	case a > 12:
		return "dmy", false
	case b > 12:
		return "mdy", false
	}
	return "", a != b
}
