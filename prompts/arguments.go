package prompts

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// Kind is what an argument stands for. It decides which values are accepted and which are
// suggested.
type Kind string

// The kinds of arguments.
const (
	User         Kind = "user"         // an Asleep user id
	Organization Kind = "organization" // an organization's id
	Session      Kind = "session"      // an Asleep session id
	Month        Kind = "month"        // YYYY-MM
	Zone         Kind = "zone"         // an IANA time zone
	Date         Kind = "date"         // YYYY-MM-DD
)

const monthLayout = "2006-01"

// forms says for each kind how a value is read, and what it must be in words and by
// example.
var forms = map[Kind]struct {
	read    func(string) (value string, ok bool)
	words   string
	example func(now time.Time) string
}{
	User:         {asItIs(asleep.CheckUserID), `1 to 128 letters, digits, "-" or "_"`, always("G-20250318162239-yAge")},
	Organization: {asItIs(directory.CheckOrganizationID), "1 to 63 lower-case letters, digits and hyphens", always("night-shift-team")},
	Session:      {asItIs(asleep.CheckSessionID), "an id that list_sessions gives", always("20261121221501_ab12c")},
	Month:        {asItIs(checkMonth), "a month written YYYY-MM", lastMonth},
	Zone:         {readZone, "an IANA time zone", always("Europe/Paris")},
	Date:         {asItIs(checkDate), "a date that exists, written YYYY-MM-DD", yesterday},
}

// asItIs reads a value that has one spelling.
func asItIs(check func(string) error) func(string) (string, bool) {
	return func(value string) (string, bool) { return value, check(value) == nil }
}

func checkMonth(value string) error {
	_, err := time.Parse(monthLayout, value)
	return err
}

func checkDate(value string) error {
	_, err := civil.ParseDate(value)
	return err
}

// readZone returns the zone's own spelling.
func readZone(value string) (string, bool) {
	zone, ok := asleep.Zone(value)
	if !ok {
		return "", false
	}
	return zone.String(), true
}

func always(example string) func(time.Time) string { return func(time.Time) string { return example } }

func lastMonth(now time.Time) string {
	return now.AddDate(0, 0, -now.Day()).Format(monthLayout)
}

func yesterday(now time.Time) string { return civil.DateOf(now).AddDays(-1).String() }

// Check returns the arguments that were given, each in its own spelling, an empty value
// counting as not given. now is when it is asked, for examples of dates, and because the
// tools know nothing about a month that has not begun anywhere yet. The error is a
// [*Mistake].
func (p Prompt) Check(args map[string]string, now time.Time) (map[string]string, error) {
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if _, known := p.argument(name); !known {
			return nil, p.unknown(name, now)
		}
	}
	given := map[string]string{}
	for _, a := range p.Arguments {
		switch value, err := a.read(args[a.Name], now); {
		case err != nil:
			return nil, err
		case value != "":
			given[a.Name] = value
		}
	}
	return given, nil
}

// read reads the value of an argument; "" is none.
func (a Argument) read(value string, now time.Time) (string, error) {
	form := forms[a.Kind]
	switch {
	case value == "" && a.Required:
		return "", mistake("%q is missing. Give %s, for example %s.", a.Name, form.words, a.example(form.example(now)))
	case value == "":
		return "", nil
	}
	read, ok := form.read(value)
	switch {
	case ok && a.Kind == Month && isAhead(read, now):
		running := now.Format(monthLayout)
		return "", mistake(`%q has not begun, received %s. The running month is %s; for example %s.`, a.Name, errtext.Text(value), running, a.example(running))
	case ok:
		return read, nil
	}
	right := form.example(now)
	if day, ok := errtext.DayMeant(value, civil.DateOf(now)); ok && a.Kind == Date {
		right = day.String()
	}
	return "", mistake("%q must be %s, received %s. For example %s.", a.Name, form.words, errtext.Text(value), a.example(right))
}

func (p Prompt) unknown(name string, now time.Time) error {
	known := make([]string, len(p.Arguments))
	for i, a := range p.Arguments {
		known[i] = a.Name
	}
	first := p.Arguments[0]
	return mistake("%s has no argument %s. Known: %s. For example %s.", p.Name, errtext.Text(name), strings.Join(known, ", "), first.example(forms[first.Kind].example(now)))
}

// earliest is how far ahead of UTC a day begins, in the first zone where it does.
const earliest = 14 * time.Hour

// isAhead reports whether a month has not begun anywhere.
func isAhead(month string, now time.Time) bool {
	first, err := time.Parse(monthLayout, month)
	return err == nil && first.After(now.UTC().Add(earliest))
}

func (a Argument) example(value string) string { return fmt.Sprintf(`{"%s":"%s"}`, a.Name, value) }

// Mistake is an error made by the caller. Text says what was wrong, what was received and
// what would be right.
type Mistake struct{ Text string }

func (m *Mistake) Error() string { return m.Text }

func mistake(format string, args ...any) *Mistake {
	return &Mistake{fmt.Sprintf(format, args...)}
}
