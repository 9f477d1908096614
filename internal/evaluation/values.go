package main

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/civil"
)

// kind is what a value is, which decides how it is written and found in a text.
type kind int

const (
	duration kind = iota // number is minutes
	percent              // number is 0 to 100
	clock                // number is minutes after midnight
	count                // number is an integer
	date                 // text is YYYY-MM-DD
	month                // text is YYYY-MM
	zone                 // text is an IANA name
	word                 // text is one of the server's words, such as an id
)

// value is something that is true of the sleeper.
type value struct {
	kind   kind
	number float64
	text   string
}

// written returns the value as a tool's argument.
func (v value) written() any {
	switch v.kind {
	case duration, percent, clock, count:
		return v.number
	}
	return v.text
}

// spoken returns the value as a person says it.
func (v value) spoken() string {
	switch v.kind {
	case duration:
		minutes := int(math.Round(v.number))
		if minutes < 60 {
			return fmt.Sprintf("%d minutes", minutes)
		}
		return fmt.Sprintf("%d h %02d min", minutes/60, minutes%60)
	case percent:
		return fmt.Sprintf("%.0f %%", v.number)
	case clock:
		minutes := int(math.Round(v.number)) % (24 * 60)
		return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
	case count:
		return strconv.Itoa(int(v.number))
	case date:
		return v.day().Format("2 January 2006")
	case month:
		return v.day().Format("January 2006")
	}
	return v.text
}

// day returns the date, or the first of the month.
func (v value) day() time.Time {
	text := v.text
	if v.kind == month {
		text += "-01"
	}
	d, err := civil.ParseDate(text)
	if err != nil {
		panic(err) // made by this package
	}
	return d.In(time.UTC)
}

// How far a text may be off: people round.
const (
	slackMinutes = 4  // of a duration: hours with one decimal are off by three
	slackAbout   = 15 // of hours that are said to be rounded
	slackPercent = 0.6
	slackClock   = 2
)

// slack returns how far off a duration may be: less for short ones.
func (v value) slack() float64 { return min(max(v.number/10, 1), slackMinutes) }

var numberWords = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// in reports whether a text contains the value.
func (v value) in(text string) bool {
	near := func(found []float64, slack float64) bool {
		return slices.ContainsFunc(found, func(n float64) bool { return math.Abs(n-v.number) <= slack })
	}
	lower := strings.ToLower(text)
	switch v.kind {
	case duration:
		digits := inDigits(lower)
		return near(durations(digits), v.slack()) || v.number > 60 && near(rounded(digits), slackAbout)
	case percent:
		return near(numbers(percents, lower), slackPercent)
	case clock:
		return slices.ContainsFunc(clocks(lower), func(n float64) bool {
			return math.Abs(math.Remainder(n-v.number, 24*60)) <= slackClock
		})
	case count:
		n := int(v.number)
		return near(numbers(integers, percents.ReplaceAllString(lower, "")), 0) || n < len(numberWords) && hasWord(lower, numberWords[n]) || n == 0 && hasWord(lower, "none")
	case date:
		days := apart(lower)
		return slices.ContainsFunc(dayForms(v.day()), func(form string) bool { return hasWord(days, form) })
	case month:
		return strings.Contains(lower, v.text) || hasWord(lower, strings.ToLower(v.day().Month().String()))
	case zone:
		city := v.text[strings.LastIndexByte(v.text, '/')+1:]
		return strings.Contains(lower, strings.ToLower(strings.ReplaceAll(city, "_", " ")))
	}
	return strings.Contains(text, v.text)
}

// dayForms returns the ways of writing a day, in lower case.
func dayForms(day time.Time) []string {
	ordinal := func(layout string) string {
		suffix := "th"
		switch n := day.Day(); {
		case n%10 == 1 && n != 11:
			suffix = "st"
		case n%10 == 2 && n != 12:
			suffix = "nd"
		case n%10 == 3 && n != 13:
			suffix = "rd"
		}
		return strings.Replace(day.Format(layout), "_", suffix, 1)
	}
	var forms []string
	for _, layout := range []string{"2006-01-02", "2 January", "January 2", "2 Jan", "Jan 2", "Jan. 2", "02.01.2006", "2_ January", "January 2_", "2_ of January", "the 2_", "the 2_ of January", "1/2/2006", "2/1/2006", "2006/01/02"} {
		form := day.Format(layout)
		if strings.Contains(layout, "_") {
			form = ordinal(layout)
		}
		forms = append(forms, strings.ToLower(form))
	}
	return forms
}

// hasWord reports whether a text contains a form as a whole word.
func hasWord(text, form string) bool { return wholeWords(form).MatchString(text) }

// wholeWords matches a form that is not part of a longer word or number.
func wholeWords(form string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^\p{L}\p{N}.]|(?:^|\P{N})\.)` + regexp.QuoteMeta(form) + `(?:$|[^\p{L}\p{N}])`)
}

var (
	hoursAndMinutes = regexp.MustCompile(`(\d+)\s*(?:h|hrs?|hours?)\.?,?\s*(?:and\s*)?(\d+)\s*(?:m|mins?|minutes?)?\b`)
	hoursAlone      = regexp.MustCompile(`(\d+(?:\.\d+)?)[\s-]*(?:h|hrs?|hours?)\b`)
	roundedHours    = regexp.MustCompile(`(?:about|around|roughly|approximately|almost|nearly|just over|just under|~)\s*(\d+(?:\.5)?)[\s-]*(?:h|hrs?|hours?)\b`)
	minutesAlone    = regexp.MustCompile(`(\d+(?:\.\d+)?)[\s-]*(?:m|mins?|minutes?)\b`)
	percents        = regexp.MustCompile(`(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)`)
	integers        = regexp.MustCompile(`(?:^|[^\d.:\-])(\d+)(?:$|[^\d.:%\-]|[.:](?:\D|$))`)
	clockForms      = regexp.MustCompile(`\b(\d{1,2}):(\d\d)\s*([ap])?\.?(?:m\b)?`)
)

func numbers(form *regexp.Regexp, text string) (found []float64) {
	for _, m := range form.FindAllStringSubmatch(text, -1) {
		n, err := strconv.ParseFloat(m[1], 64)
		if err == nil {
			found = append(found, n)
		}
	}
	return found
}

const (
	dayPattern   = `(\d{1,2}(?:st|nd|rd|th)?)`
	monthPattern = `((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)`
	toPattern    = `\s*(?:-|–|to|until|through)\s*`
)

var (
	daysThenMonth = regexp.MustCompile(`\b` + dayPattern + toPattern + dayPattern + `\s+(?:of\s+)?` + monthPattern)
	monthThenDays = regexp.MustCompile(`\b` + monthPattern + `\s+` + dayPattern + toPattern + dayPattern + `\b`)
)

// apart writes out both ends of a range: "7 to 13 August" as "7 August to 13 August".
func apart(text string) string {
	return monthThenDays.ReplaceAllString(daysThenMonth.ReplaceAllString(text, "$1 $3 to $2 $3"), "$1 $2 to $1 $3")
}

var (
	aHalfMore  = regexp.MustCompile(`(\d+) and a half\b`)
	halfAnHour = regexp.MustCompile(`\bhalf an hour\b`)
	wordsOf    = func() (all []*regexp.Regexp) {
		for _, word := range numberWords {
			all = append(all, regexp.MustCompile(`\b`+word+`\b`))
		}
		return all
	}()
)

// inDigits rewrites numbers in words as digits: "seven and a half" as "7.5".
func inDigits(text string) string {
	for n, word := range wordsOf {
		text = word.ReplaceAllString(text, strconv.Itoa(n))
	}
	return halfAnHour.ReplaceAllString(aHalfMore.ReplaceAllString(text, "$1.5"), "30 minutes")
}

// rounded returns the hours that a text calls inexact, in minutes.
func rounded(text string) (found []float64) {
	for _, hours := range numbers(roundedHours, text) {
		found = append(found, 60*hours)
	}
	return found
}

// durations returns all durations in a text, in minutes.
func durations(text string) (found []float64) {
	for _, m := range hoursAndMinutes.FindAllStringSubmatch(text, -1) {
		hours, _ := strconv.Atoi(m[1]) // digits
		minutes, _ := strconv.Atoi(m[2])
		found = append(found, float64(60*hours+minutes))
	}
	rest := hoursAndMinutes.ReplaceAllString(text, " ")
	for _, hours := range numbers(hoursAlone, rest) {
		found = append(found, 60*hours)
	}
	return append(found, numbers(minutesAlone, rest)...)
}

// clocks returns the times of day in a text, in minutes after midnight.
func clocks(text string) (found []float64) {
	for _, m := range clockForms.FindAllStringSubmatch(text, -1) {
		hours, _ := strconv.Atoi(m[1]) // digits
		minutes, _ := strconv.Atoi(m[2])
		switch {
		case m[3] == "p" && hours < 12:
			hours += 12
		case m[3] == "a" && hours == 12:
			hours = 0
		}
		found = append(found, float64(60*hours+minutes))
	}
	return found
}
