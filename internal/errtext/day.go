package errtext

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/civil"
)

// namedDays are words for days that models send for a date, as days before today. A
// night has the date of the morning after it.
var namedDays = map[string]int{
	"today": 0, "now": 0, "this morning": 0, "last night": 0, "latest": 0, "most recent": 0,
	"yesterday": 1, "night before last": 1, "the night before last": 1, "day before yesterday": 2, "the day before yesterday": 2,
}

var (
	daysAgo   = regexp.MustCompile(`^(\d{1,4}) (day|night|week)s? ago$`)
	otherForm = regexp.MustCompile(`^(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})($|[T ])`)
)

// longAgo is more days than any tool looks back.
const longAgo = 3660

// DayMeant returns the day that a text stands for which is no date as it should be. Whose
// today it is counted from is not sure, so it is for an example and not for an answer.
func DayMeant(text string, today civil.Date) (civil.Date, bool) {
	text = strings.TrimSpace(text)
	words := strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(text))
	if ago, ok := namedDays[words]; ok {
		return today.AddDays(-ago), true
	}
	if ago := daysAgo.FindStringSubmatch(words); ago != nil {
		n, _ := strconv.Atoi(ago[1])
		if ago[2] == "week" {
			n *= 7
		}
		return today.AddDays(-n), n < longAgo
	}
	if parts := otherForm.FindStringSubmatch(text); parts != nil {
		year, _ := strconv.Atoi(parts[1])
		month, _ := strconv.Atoi(parts[2])
		day, _ := strconv.Atoi(parts[3])
		date := civil.Date{Year: year, Month: time.Month(month), Day: day}
		return date, date.IsValid() && !date.After(today) && date.After(today.AddDays(-longAgo))
	}
	return civil.Date{}, false
}
