package tools

import (
	"fmt"
	"slices"
)

// quietDays are the periods that somebody who is told aggregates only may ask about,
// ascending. Where the people are the same in two periods that differ by a night, so
// is what that night changed, and whoever alone has nights so far back is found.
var quietDays = []int{7, 14, 30, 90, 180, 365}

// quietTwice are those that a period before them is compared with.
var quietTwice = quietDays[:len(quietDays)-1]

// checkDays refuses all but some periods to who is told aggregates only.
func (g *group) checkDays(days int, allowed []int) error {
	if !g.discreet || slices.Contains(allowed, days) {
		return nil
	}
	words := make([]string, len(allowed))
	for i, d := range allowed {
		words[i] = fmt.Sprint(d)
	}
	return mistake(`"days" must be one of %s for a caller who is told about groups only, received %d: `+
		`periods of nearly the same nights would tell about single people. For example {"days":30}.`, inWords(words), days)
}
