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

// forms says for each kind which values are accepted, in words and by example.
var forms = map[Kind]struct {
	takes   func(string) bool
	words   string
	example string
}{
	User:         {func(v string) bool { return asleep.CheckUserID(v) == nil }, `1 to 128 letters, digits, "-" or "_"`, "G-20250318162239-yAge"},
	Organization: {func(v string) bool { return directory.CheckOrganizationID(v) == nil }, "1 to 63 lower-case letters, digits and hyphens", "night-shift-team"},
	Session:      {func(v string) bool { return asleep.CheckSessionID(v) == nil }, "an id that list_sessions gives", "20261121221501_ab12c"},
	Month:        {isMonth, "a month written YYYY-MM", "2026-10"},
	Zone:         {isZone, "an IANA time zone", "Europe/Paris"},
	Date:         {isDate, "a date that exists, written YYYY-MM-DD", "2026-11-22"},
}

func isMonth(value string) bool {
	_, err := time.Parse(monthLayout, value)
	return err == nil
}

func isDate(value string) bool {
	_, err := civil.ParseDate(value)
	return err == nil
}

func isZone(value string) bool {
	_, ok := asleep.Zone(value)
	return ok
}

// Check returns the arguments that were given, an empty value counting as not
// given. The error is a [*Mistake].
func (p Prompt) Check(args map[string]string) (map[string]string, error) {
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if _, known := p.argument(name); !known {
			return nil, p.unknown(name)
		}
	}
	given := map[string]string{}
	for _, a := range p.Arguments {
		value, form := args[a.Name], forms[a.Kind]
		switch {
		case value == "" && a.Required:
			return nil, mistake("%q is missing. Give %s, for example %s.", a.Name, form.words, example(a))
		case value == "":
		case !form.takes(value):
			return nil, mistake("%q must be %s, received %s. For example %s.", a.Name, form.words, errtext.Text(value), example(a))
		default:
			given[a.Name] = value
		}
	}
	return given, nil
}

func (p Prompt) unknown(name string) error {
	known := make([]string, len(p.Arguments))
	for i, a := range p.Arguments {
		known[i] = a.Name
	}
	return mistake("%s has no argument %s. Known: %s. For example %s.", p.Name, errtext.Text(name), strings.Join(known, ", "), example(p.Arguments[0]))
}

// earliest is how far ahead of UTC a day begins, in the first zone where it does.
const earliest = 14 * time.Hour

// CheckMonth refuses a month that has not begun anywhere yet: the tools know nothing about
// its nights. The error is a [*Mistake].
func (p Prompt) CheckMonth(given map[string]string, now time.Time) error {
	for _, a := range p.Arguments {
		first, err := time.Parse(monthLayout, given[a.Name])
		if a.Kind != Month || err != nil || !first.After(now.UTC().Add(earliest)) {
			continue
		}
		running := now.Format(monthLayout)
		return mistake(`%q has not begun, received %s. The running month is %s; for example {"%s":"%s"}.`,
			a.Name, errtext.Text(given[a.Name]), running, a.Name, running)
	}
	return nil
}

func example(a Argument) string {
	return fmt.Sprintf(`{"%s":"%s"}`, a.Name, forms[a.Kind].example)
}

// Mistake is an error made by the caller. Text says what was wrong, what was received and
// what would be right.
type Mistake struct{ Text string }

func (m *Mistake) Error() string { return m.Text }

func mistake(format string, args ...any) *Mistake {
	return &Mistake{fmt.Sprintf(format, args...)}
}
