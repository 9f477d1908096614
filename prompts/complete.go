package prompts

import (
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// maxSuggestions is how many values the protocol lets a completion have.
const maxSuggestions = 100

// suggestedMonths is how many months are suggested, including the current one.
const suggestedMonths = 12

// Sources are where suggestions come from. Each may be called once per completion and returns
// suggestions by relevance; a nil source suggests nothing.
type Sources struct {
	Users         func() []string // the caller's own, nobody else's
	Organizations func() []string // that the caller may ask about
	Sessions      func() []string // of the person asked about, newest first
	Zones         func() []string // likely ones, suggested before all others
	Now           func() time.Time
}

// Complete suggests values for an argument that begin with what was typed, ignoring case: at
// most 100, the most relevant first, and how many there are in all. An unknown argument has
// none.
func (p Prompt) Complete(argument, typed string, from Sources) (values []string, total int) {
	a, _ := p.argument(argument)
	var candidates []string
	switch a.Kind {
	case User:
		candidates = ask(from.Users)
	case Organization:
		candidates = ask(from.Organizations)
	case Session:
		candidates = ask(from.Sessions)
	case Month:
		candidates = lastMonths(from.Now)
	case Zone:
		candidates = rankZones(ask(from.Zones), typed)
	}
	values = []string{}
	seen := map[string]bool{}
	for _, c := range candidates {
		if !seen[c] && (hasPrefix(c, typed) || a.Kind == Zone) {
			seen[c] = true
			values = append(values, c)
		}
	}
	total = len(values)
	return values[:min(total, maxSuggestions)], total
}

func ask(source func() []string) []string {
	if source == nil {
		return nil
	}
	return source()
}

func hasPrefix(value, typed string) bool {
	return len(value) >= len(typed) && strings.EqualFold(value[:len(typed)], typed)
}

// lastMonths returns the current month and those before it, newest first.
func lastMonths(now func() time.Time) []string {
	if now == nil {
		return nil
	}
	at := now()
	months := make([]string, suggestedMonths)
	for i := range months {
		months[i] = time.Date(at.Year(), at.Month()-time.Month(i), 1, 0, 0, 0, 0, time.UTC).Format(monthLayout)
	}
	return months
}

// rankZones returns the zones whose name begins with what was typed, the likely ones first,
// then those in which a later part does: people know their city.
func rankZones(likely []string, typed string) []string {
	var whole, part []string
	for _, zone := range slices.Concat(likely, asleep.ZoneNames()) {
		_, place, _ := strings.Cut(zone, "/")
		city := place[strings.LastIndexByte(place, '/')+1:]
		switch {
		case hasPrefix(zone, typed):
			whole = append(whole, zone)
		case hasPrefix(place, typed) || hasPrefix(city, typed):
			part = append(part, zone)
		}
	}
	return append(whole, part...)
}
