package cohort

import (
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// head begins the answer.
func (g *group) head(got *gathered) GroupHead {
	h := GroupHead{AsOf: tool.Instant(got.oldest, g.local), Period: tool.PeriodOf(got.period)}
	h.DataSource, h.Sources = tool.SourcesOf(got.sources, g.deps.DataSource)
	if g.repeated > 0 {
		h.Warn("repeated", "%s left out: each person counts once.", tool.Count(g.repeated, "repeated id"))
	}
	if got.outdated {
		h.Warn("stale", "The kept data of this group were last updated for %s; the period ends there.", got.period.To)
	}
	if got.offline {
		h.Warn("offline", "The Asleep service could not be asked about everybody; the oldest data used were read at %s.", h.AsOf)
	}
	if got.unread {
		tool.WarnUnread(&h.Caveats)
	}
	return h
}

// figures writes the figures of those who were read.
func (got *gathered) figures(h *GroupHead) (out Cohort) {
	c := got.cohort
	out.Size, out.Eligible, out.TotalSessions = new(got.read), &c.People, new(got.sessions)
	out.Excluded, out.Failures, out.Kept = got.excluded, got.failures, got.kept
	if c.People == 0 {
		tool.Lacks(&h.Caveats, analytics.FewNights, "avg_score", "avg_sleep_hours", "avg_efficiency")
		return out
	}
	u := fine
	out.AvgScore, out.AvgSleepHours, out.AvgEfficiency = told(c.Score.Mean, u.score), told(c.Asleep.Mean, u.hours), told(c.Efficiency.Mean, u.efficiency)
	out.MedianScore = told(c.Score.Median, u.score)
	out.Quartiles = &quartiles{quartilesIn(u.score, c.Score), quartilesIn(u.hours, c.Asleep), quartilesIn(u.efficiency, c.Efficiency)}
	if c.Score.SD.Value != nil {
		out.Spread = &groupSpread{*told(c.Score.SD, u.score), *told(c.Asleep.SD, u.hours), *told(c.Efficiency.SD, u.efficiency)}
	} else {
		tool.Lacks(&h.Caveats, "few_people", "spread")
	}
	out.ShortOfSleep = new(tool.Rounded(100*float64(c.ShortOfSleep)/float64(c.People), u.score.Decimals))
	return out
}

// told returns an estimate as it is written, nil for none.
func told(e analytics.Estimate, u disclosure.Unit) *float64 {
	if e.Value == nil {
		return nil
	}
	return new(u.Of(*e.Value))
}

func quartilesIn(u disclosure.Unit, d analytics.Distribution) []float64 {
	return []float64{*told(d.LowerQuartile, u), *told(d.Median, u), *told(d.UpperQuartile, u)}
}

// units is how finely a group's figures are given.
type units struct{ score, hours, efficiency disclosure.Unit }

var (
	// fine is for callers who may see each person: nearly as finely as a person's.
	fine = units{
		disclosure.Unit{Size: 1, Decimals: 1},
		disclosure.Unit{Size: tool.SecondsPerHour, Decimals: 2},
		disclosure.Unit{Size: tool.Percent, Decimals: 1},
	}
	coarse = units{disclosure.Points, disclosure.Hours, disclosure.Percent}
)

// sleep writes hours of sleep for a sentence, no more finely than they are given.
func (u units) sleep(hours float64) string {
	if u.hours.Decimals < 2 {
		return fmt.Sprintf("%.1f hours", hours)
	}
	return tool.HoursText(hours)
}

// describe returns the summary of the figures that are there.
func (c Cohort) describe(who string, p tool.Period, u units) string {
	unread := ""
	if c.Size != nil {
		unread = c.unread()
	}
	if c.AvgScore == nil {
		return tool.Sentences(fmt.Sprintf("%s: nobody has seven nights or more from %s to %s, so there are no averages.", who, p.From, p.To), unread)
	}
	size, short := "", ""
	if c.Eligible != nil && c.Size != nil {
		size = fmt.Sprintf(" (%d of %s)", *c.Eligible, persons(*c.Size))
	}
	if c.ShortOfSleep != nil {
		short = fmt.Sprintf("%g %% of them sleep under 7 hours in 24, naps included.", *c.ShortOfSleep)
	}
	return tool.Sentences(fmt.Sprintf("%s, those with seven nights or more from %s to %s%s: %s asleep a night on average, %g %% of the time in bed, sleep score %g.",
		who, p.From, p.To, size, u.sleep(*c.AvgSleepHours), *c.AvgEfficiency, *c.AvgScore), short, unread)
}

// unread says how many people could not be read; "" for nobody.
func (c Cohort) unread() string {
	n := 0
	for _, f := range c.Failures {
		n += f.Count
	}
	if n == 0 {
		return ""
	}
	return persons(n) + " could not be read; failures says why."
}

func persons(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// cutRows returns as many of the first rows of so many people as may be shown, and warns
// about what is cut.
func cutRows[T any](h *GroupHead, rows []T, most, people int) []T {
	fit := tool.Fitting(rows[:min(most, len(rows))], tool.RowBytes)
	if fit < people {
		h.Warn("truncated", "Rows of %d of %d people are shown; the figures are over all. Ask cohort_analysis about others with user_ids.", fit, people)
	}
	return rows[:fit]
}
