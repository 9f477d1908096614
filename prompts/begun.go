package prompts

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/quote"
)

// earliest is how far ahead of UTC a day begins, in the first zone where it does.
const earliest = 14 * time.Hour

// Begun refuses a month that has begun nowhere yet: the tools know nothing of its
// nights. The error is a [*Mistake].
func (p Prompt) Begun(given map[string]string, now time.Time) error {
	for _, a := range p.Arguments {
		first, err := time.Parse(monthLayout, given[a.Name])
		if a.Kind != Month || err != nil || !first.After(now.UTC().Add(earliest)) {
			continue
		}
		running := now.Format(monthLayout)
		return mistake(`%q has not begun, received %s. The running month is %s; for example {"%s":"%s"}.`,
			a.Name, quote.Text(given[a.Name]), running, a.Name, running)
	}
	return nil
}
