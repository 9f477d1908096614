package cohort

import (
	"fmt"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// discreetDays are the lengths of the periods that somebody who is told aggregates only
// may ask about, ascending. If any length would do, they could ask about one night
// more and subtract: where the same people stand behind both answers, what is left is
// that one night, and with it whoever alone recorded it.
var discreetDays = []int{7, 14, 30, 90, 180, 365}

// discreetDaysTwice are those of periods that are compared with the one before them.
var discreetDaysTwice = discreetDays[:len(discreetDays)-1]

// checkDays refuses all but some periods to who is told aggregates only.
func (g *group) checkDays(days int, allowed []int) error {
	if !g.discreet || slices.Contains(allowed, days) {
		return nil
	}
	words := make([]string, len(allowed))
	for i, d := range allowed {
		words[i] = fmt.Sprint(d)
	}
	return tool.Mistake(`"days" must be one of %s for a caller who is told about groups only, received %d: `+
		`periods of nearly the same nights would tell about single people. For example {"days":30}.`, tool.InWords(words), days)
}
