package person

import (
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/internal/importers"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// putSources says where the nights of a window come from.
func (q *query) putSources(h *tool.Head, w *nights.Window) {
	h.DataSource, h.Sources = tool.SourcesOf(w.Sources(), q.deps.DataSource)
	if len(w.Sources()) == 0 && q.OnlyImported(w) {
		h.DataSource = "import"
	}
}

// warnSources says where the nights of a window change their source, and how many
// recordings were left out because another source of the night was chosen.
func warnSources(h *tool.Head, w *nights.Window) {
	if n := w.Otherwise(); n > 0 {
		h.Warn("other_sources", "%s of other sources left out: one source a night counts.", tool.Count(n, "recording"))
	}
	all := w.Stretches()
	if len(all) < 2 {
		return
	}
	h.Warn("source_change", "%s. They measure differently, so a difference may be the device's; figures of stages are of one source only.", stretchesText(all))
}

func stretchesText(all []nights.Stretch) string {
	if len(all) > mostStays {
		names := map[string]bool{}
		var list []string
		for _, s := range all {
			if title := titleOf(s.Tracker); !names[title] {
				names[title] = true
				list = append(list, title)
			}
		}
		return fmt.Sprintf("Nights were measured alternately by %s (%s)", tool.InWords(list), tool.Count(len(all)-1, "change"))
	}
	texts := make([]string, len(all))
	for i, s := range all {
		who := titleOf(s.Tracker)
		if i > 0 {
			who = otherTitle(all[i-1], s)
		}
		texts[i] = fmt.Sprintf("%s from %s", who, s.From)
	}
	return "Nights were measured by " + tool.InWords(texts)
}

// titleOf returns the name of a tracker for people.
func titleOf(tracker string) string {
	if tracker == nights.Service {
		return "Asleep"
	}
	return importers.TitleOf(tracker)
}

// warnOtherSource warns when two periods were each measured by another source: what
// differs within one of them has its own warning.
func warnOtherSource(c *tool.Caveats, first, second *nights.Window) {
	before, after := first.Stretches(), second.Stretches()
	if len(before) != 1 || len(after) != 1 || before[0].Same(after[0]) {
		return
	}
	c.Warn("source_change", "The first period was measured by %s, the second by %s. They measure differently, so a difference may be the device's; stages are not compared.",
		titleOf(before[0].Tracker), otherTitle(before[0], after[0]))
}

// otherTitle names what measured the later of two stretches.
func otherTitle(before, after nights.Stretch) string {
	if before.Tracker == after.Tracker {
		return titleOf(after.Tracker) + " with another app, device or algorithm"
	}
	return titleOf(after.Tracker)
}
