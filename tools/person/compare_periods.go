package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type comparePeriodsIn struct {
	About
	FirstFrom  string `json:"first_from" jsonschema:"format=date" jsonschema_description:"First night of the first period, YYYY-MM-DD."`
	FirstTo    string `json:"first_to" jsonschema:"format=date" jsonschema_description:"Last night, inclusive."`
	SecondFrom string `json:"second_from" jsonschema:"format=date" jsonschema_description:"First night of the second period."`
	SecondTo   string `json:"second_to" jsonschema:"format=date" jsonschema_description:"Last night, inclusive."`
	tool.Charted
}

type comparePeriodsOut struct {
	tool.Subject
	tool.Coverage
	First   side           `json:"first"`
	Second  side           `json:"second"`
	Changes []periodChange `json:"changes"`

	drawn contrastDrawing
}

// side is one of the two periods that are compared.
type side struct {
	Period   tool.Period `json:"period"`
	Nights   tool.Nights `json:"nights"`
	Averages Averages    `json:"averages,omitzero"`
}

// periodChange is what differs from the first to the second period. Spread is
// the standard deviation from night to night.
type periodChange struct {
	Metric       string    `json:"metric"`
	First        *float64  `json:"first,omitempty"`
	Second       *float64  `json:"second,omitempty"`
	FirstClock   string    `json:"first_clock,omitempty"`
	SecondClock  string    `json:"second_clock,omitempty"`
	Difference   *float64  `json:"difference,omitempty" jsonschema_description:"Minutes later for clock times."`
	Interval     []float64 `json:"interval,omitempty"`
	Detectable   *float64  `json:"detectable,omitempty"`
	FirstSpread  *float64  `json:"first_spread,omitempty"`
	SecondSpread *float64  `json:"second_spread,omitempty"`
	FirstNights  int       `json:"first_nights"`
	SecondNights int       `json:"second_nights"`
	Verdict      string    `json:"verdict" jsonschema:"enum=higher,enum=lower,enum=no_clear_difference,enum=not_enough_nights"`
}

// ComparePeriods is the tool compare_periods.
var ComparePeriods = tool.Define(tool.Spec{
	Name:  "compare_periods",
	Title: "Compare two periods",
	Description: "Compare two ranges of nights, with a verdict for each measure on whether the second differs by more than nights vary anyway. " +
		"Use weekly_report for a week against the usual, monthly_trends for months.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, comparePeriods)

func comparePeriods(ctx context.Context, d *tool.Deps, in comparePeriodsIn) (out comparePeriodsOut, err error) {
	periods := []chosen{
		{"first_from", "first_to", nights.Days{From: *tool.ParseDate(in.FirstFrom), To: *tool.ParseDate(in.FirstTo)}},
		{"second_from", "second_to", nights.Days{From: *tool.ParseDate(in.SecondFrom), To: *tool.ParseDate(in.SecondTo)}},
	}
	for _, p := range periods {
		if err := fits(p.Days, p.fromName, p.toName); err != nil {
			return out, err
		}
	}
	q, err := ask(ctx, d, in.About, in.FirstTo, in.SecondTo)
	if err != nil {
		return out, err
	}
	var sides [2]*nights.Window
	for i, p := range periods {
		if err := check(p.Days, p.fromName, p.toName, q.Today); err != nil {
			return out, err
		}
		if sides[i], err = q.Window(ctx, p.Days, 0); err != nil {
			return out, err
		}
	}
	return out, q.compare(ctx, &out, sides[0], sides[1])
}

// chosen is a period with the names of its arguments.
type chosen struct {
	fromName, toName string
	nights.Days
}

func (q *query) compare(ctx context.Context, out *comparePeriodsOut, first, second *nights.Window) error {
	out.Changes = []periodChange{}
	head1, err := q.side(ctx, &out.First, first)
	if err != nil {
		return err
	}
	head2, err := q.side(ctx, &out.Second, second)
	if err != nil {
		return err
	}
	out.Subject = head1.Subject
	if second.To.After(first.To) {
		out.Subject = head2.Subject
	}
	out.DataSource, out.Sources = head1.DataSource, head1.Sources
	if head1.DataSource != head2.DataSource || len(head1.Sources)+len(head2.Sources) > 0 {
		out.DataSource, out.Sources = tool.SourcesOf(nights.AddSources(first.Sources(), second.Sources()), q.deps.DataSource)
	}
	warnOtherSource(&out.Caveats, first, second)
	before, after := outside(second.Nights, first.Days)
	out.Nights = countNights(first.Nights, before, after)
	mergeCoverage(&out.Coverage, "first", head1.Coverage, head2.Coverage)
	mergeCoverage(&out.Coverage, "second", head2.Coverage, head1.Coverage)
	if z1, z2 := first.Stays(), second.Stays(); q.shown == nil && len(z1) == 1 && len(z2) == 1 && z1[0].Zone.String() != z2[0].Zone.String() {
		out.Warn("zone_change", "The first period was recorded in %s, the second in %s; clock times are local to each.", z1[0].Zone, z2[0].Zone)
	}
	if first.Contains(second.From) || second.Contains(first.From) {
		out.Warn("overlap", "The periods share nights, which hides part of any difference.")
	}
	if first.Sparse || second.Sparse {
		tool.Lacks(&out.Caveats, noNightlyNumbers, "changes")
		out.Summary = "The averages of both periods are given; without numbers for single nights no difference can be judged."
		return nil
	}
	warnTimes(&out.Caveats, first, second)
	if first.Newest() == nil && second.Newest() == nil {
		out.Missing = nil // the one reason is enough
		tool.Lacks(&out.Caveats, analytics.NoData, "changes")
		out.Summary = "There is no usable sleep in either period."
		return nil
	}
	changes := q.changes(first.Nights, second.Nights, leastNights(first.Len()), leastNights(second.Len()))
	out.drawn = contrastDrawing{first, second, changes}
	out.Changes = make([]periodChange, 0, len(changes))
	for _, c := range changes {
		out.Changes = append(out.Changes, periodChangeOf(c))
	}
	out.Summary = compareSummary(first, second, changes)
	return nil
}

// side writes one period, and returns the head of an answer about it alone.
func (q *query) side(ctx context.Context, into *side, w *nights.Window) (tool.Head, error) {
	h := q.headOfPeriod(w)
	means, err := q.means(ctx, w)
	if err != nil {
		return h, err
	}
	*into = side{Period: h.Period, Nights: h.Nights}
	into.Averages, _ = averagesOf(&h, means)
	return h, nil
}

// mergeCoverage adds the caveats of one period under its name. Those that the other
// period has in the same words are given once.
func mergeCoverage(b *tool.Coverage, name string, one, other tool.Coverage) {
	for _, w := range one.Warnings {
		switch {
		case slices.Contains(b.Warnings, w):
		case slices.Contains(other.Warnings, w):
			b.Warnings = append(b.Warnings, w)
		default:
			b.Warn(w.Code, "Of the %s period: %s", name, w.Text)
		}
	}
	for field, reason := range one.Missing {
		if isAverage(field) {
			tool.Lacks(&b.Caveats, analytics.Reason(reason), name+"."+field)
		}
	}
	for field, nights := range one.Fewer {
		if isAverage(field) {
			b.RestsOn(name+"."+field, nights)
		}
	}
}

// isAverage reports whether a period of this answer has a field.
func isAverage(field string) bool { return field == "averages" || strings.HasPrefix(field, "avg_") }

// outside returns the nights dated before p and those dated after it.
func outside(nights []analytics.Night, p nights.Days) (before, after []analytics.Night) {
	from, to := 0, len(nights)
	for from < to && nights[from].Date.Before(p.From) {
		from++
	}
	for to > from && nights[to-1].Date.After(p.To) {
		to--
	}
	return nights[:from], nights[to:]
}

func periodChangeOf(c analytics.Change) periodChange {
	out := periodChange{
		Metric: c.Metric.Name, Verdict: string(c.Verdict),
		Difference: oneDecimal(c.Difference), Interval: intervalOf(c), Detectable: oneDecimal(c.Detectable),
		FirstSpread: oneDecimal(c.First.SD), SecondSpread: oneDecimal(c.Second.SD),
		FirstNights: c.First.N, SecondNights: c.Second.N,
	}
	out.First, out.FirstClock = sampleValue(c.Metric, c.First.Mean)
	out.Second, out.SecondClock = sampleValue(c.Metric, c.Second.Mean)
	return out
}

const firstPeriod = "the first period"

func compareSummary(first, second *nights.Window, changes []analytics.Change) string {
	periods := fmt.Sprintf("%s to %s against %s to %s: ", second.From, second.To, first.From, first.To)
	if text := cmp.Or(changesText(changes, "in "+firstPeriod), nothingDiffers(changes, firstPeriod)); text != "" {
		return periods + text
	}
	return periods + fmt.Sprintf("not enough nights to judge a difference: %s in the first period, %d in the second.",
		tool.Count(len(first.Nights), "night"), len(second.Nights))
}
