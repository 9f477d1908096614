package person

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/condition"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type compareNightsIn struct {
	About
	yearRange
	Where   string `json:"where" jsonschema:"minLength=1,maxLength=1000" jsonschema_description:"Condition as in find_nights: nap_before, or night >= \"2026-09-07\" and night <= \"2026-09-20\"."`
	Against string `json:"against,omitempty" jsonschema:"minLength=1,maxLength=1000" jsonschema_description:"Likewise; default: all other nights."`
	tool.Charted
}

type compareNightsOut struct {
	tool.Head
	Group    int               `json:"group_nights" jsonschema_description:"Nights that meet where."`
	Others   int               `json:"other_nights"`
	Differs  []nightsContrast  `json:"differs"`
	Unclear  []unclearContrast `json:"no_clear_difference"`
	Cautions []string          `json:"cautions" jsonschema_description:"Why a difference, or none, may mislead."`

	drawn sidesDrawing
}

// nightsContrast is by how much the nights differ in one measure.
type nightsContrast struct {
	Metric      string   `json:"metric"`
	Group       *float64 `json:"group,omitempty" jsonschema_description:"Mean of the nights that meet where."`
	Others      *float64 `json:"others,omitempty"`
	GroupClock  string   `json:"group_clock,omitempty"`
	OthersClock string   `json:"others_clock,omitempty"`
	GroupNights int      `json:"group_nights,omitempty" jsonschema_description:"Where clearly fewer were measured."`
	OtherNights int      `json:"other_nights,omitempty"`
	Difference  *float64 `json:"difference,omitempty" jsonschema_description:"Group less others, without what the day of the week and slow drift explain."`
	Low         *float64 `json:"low,omitempty" jsonschema_description:"95 % interval, of all measures at once."`
	High        *float64 `json:"high,omitempty"`
	Verdict     string   `json:"verdict" jsonschema:"enum=higher,enum=lower" jsonschema_description:"Of clock times, higher is later."`
}

// unclearContrast is what the difference in one measure may be, in which none is clear.
type unclearContrast struct {
	Metric string  `json:"metric"`
	Low    float64 `json:"low" jsonschema_description:"Interval of the difference, which is estimated halfway."`
	High   float64 `json:"high"`
}

// CompareNights is the tool compare_nights.
var CompareNights = tool.Define(tool.Spec{
	Name:  "compare_nights",
	Title: "Compare nights by a condition",
	Description: "Whether sleep differs between nights that meet a condition and the others: naps, early bedtimes, weekends, dates. " +
		"Use compare_periods for two ranges, find_nights to count.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, compareNights)

func compareNights(ctx context.Context, d *tool.Deps, in compareNightsIn) (out compareNightsOut, err error) {
	out.Differs, out.Unclear, out.Cautions = []nightsContrast{}, []unclearContrast{}, []string{}
	if err := in.asked().contradiction(); err != nil {
		return out, err
	}
	where, err := nightCondition("where", in.Where)
	if err != nil {
		return out, err
	}
	against, err := nightCondition("against", in.Against)
	if err != nil {
		return out, err
	}
	out.drawn.where, out.drawn.against = in.Where, in.Against
	q, w, err := askYear(ctx, d, in.About, in.yearRange, &out.Head)
	if err != nil {
		return out, err
	}
	if w.Sparse {
		tool.Lacks(&out.Caveats, noNightlyNumbers, "differs", "no_clear_difference")
		out.Summary = "Without numbers for single nights no difference can be judged."
		return out, nil
	}
	decides := append(where.Fields(), against.Fields()...)
	all := q.nightsOf(w)
	var firstTag civil.Date
	if written(decides) {
		if firstTag, err = q.readTags(ctx, all); err != nil {
			return out, err
		}
	}
	if slices.Contains(decides, analytics.MetricAwakenings) {
		if err = q.readAwakenings(ctx, all); err != nil {
			return out, err
		}
	}
	sides := sidesOf(all, where, against)
	for _, is := range sides.group {
		if is {
			out.Group++
		} else {
			out.Others++
		}
	}
	sides.compare(&out, decides)
	if first := firstTag.String(); firstTag.IsValid() && first > out.Period.From && len(out.Cautions) > 0 {
		out.Cautions = append(out.Cautions, fmt.Sprintf("Untagged nights count as nights without the tag, and the first tag is from %s: set from to leave out earlier nights.", first))
	}
	return out, nil
}

// nightSides are the nights of both sides, ascending.
type nightSides struct {
	nights  []*oneNight
	group   []bool
	unknown int // nights with sleep that are on neither side, because it is not known on which
}

// sidesOf divides nights. One that fulfils both conditions is in the group; one of which it is
// not known is on neither side.
func sidesOf(all []*oneNight, where, against *condition.Condition[*oneNight]) (s nightSides) {
	for _, n := range all {
		is, other := where.Of(n), against.Of(n)
		switch {
		case !n.slept():
			continue
		case is == condition.Unknown, is == condition.False && other == condition.Unknown:
			s.unknown++
			continue
		case is == condition.False && other == condition.False:
			continue
		}
		s.nights, s.group = append(s.nights, n), append(s.group, is == condition.True)
	}
	return s
}

// compare writes the differences in all fields but those that decide who is in the group.
func (s nightSides) compare(out *compareNightsOut, decides []string) {
	dates := make([]civil.Date, len(s.nights))
	for i, n := range s.nights {
		dates[i] = n.Date
	}
	var columns []analytics.Column
	var fields []*nightField
	for _, name := range comparedFields {
		if slices.Contains(decides, name) {
			continue
		}
		f := nightFieldNamed(name)
		columns, fields = append(columns, columnOf(f, s.nights)), append(fields, f)
	}
	c := analytics.CompareGroups(dates, s.group, columns)
	out.drawn.group, out.drawn.columns, out.drawn.fields, out.drawn.contrasts = s.group, columns, fields, c.Contrasts
	isAdjusted := false
	for i, r := range c.Contrasts {
		isAdjusted = isAdjusted || adjusted(r, columns[i].Clock)
		switch {
		case r.Verdict == analytics.TooFewNights && r.Group.N+r.Others.N == 0:
			tool.Lacks(&out.Caveats, analytics.NotMeasured, r.Name)
		case r.Verdict == analytics.TooFewNights:
			tool.Lacks(&out.Caveats, r.Missing, r.Name)
		case r.Verdict.Differs():
			out.Differs = append(out.Differs, s.contrast(r, columns[i].Clock, out))
		default:
			out.Unclear = append(out.Unclear, unclearContrast{r.Name, tool.Rounded(*r.Low, 1), tool.Rounded(*r.High, 1)})
			if out.fewer(r) {
				out.RestsOn(r.Name, r.Group.N+r.Others.N)
			}
		}
	}
	if len(out.Differs)+len(out.Unclear) == 0 {
		why := analytics.FewNights
		if len(s.nights) == 0 {
			why = analytics.NoData
		}
		out.Missing = nil // one reason will do
		tool.Lacks(&out.Caveats, why, "differs")
		out.Summary = fmt.Sprintf("%s to %s: nights that meet the condition: %d, others: %d; at least 5 on both sides are needed to compare them.",
			out.Period.From, out.Period.To, out.Group, out.Others)
		out.Cautions = append(out.Cautions, s.leftOut()...)
		return
	}
	out.Cautions = s.cautions(out, c, decides)
	if isAdjusted {
		explained := "slow drift explains"
		if c.Weekdays {
			explained = "the day of the week and slow drift explain"
		}
		out.Cautions = append(out.Cautions, fmt.Sprintf("A difference leaves out what %s, so it is not that of the two means.", explained))
	}
	out.Summary = out.contrastText(c)
}

func (s nightSides) contrast(r analytics.Contrast, isClock bool, out *compareNightsOut) nightsContrast {
	c := nightsContrast{
		Metric: r.Name, Verdict: string(r.Verdict),
		Difference: oneDecimal(r.Difference), Low: oneDecimal(r.Low), High: oneDecimal(r.High),
	}
	if isClock {
		c.GroupClock, c.OthersClock = tool.ClockText(*r.Group.Mean*tool.SecondsPerMinute), tool.ClockText(*r.Others.Mean*tool.SecondsPerMinute)
	} else {
		c.Group, c.Others = oneDecimal(r.Group.Mean), oneDecimal(r.Others.Mean)
	}
	if out.fewer(r) {
		c.GroupNights, c.OtherNights = r.Group.N, r.Others.N
	}
	return c
}

// adjusted reports whether a difference is clearly another than that of the means.
func adjusted(r analytics.Contrast, isClock bool) bool {
	const clearly = 0.1
	if r.Difference == nil {
		return false
	}
	means := *r.Group.Mean - *r.Others.Mean
	if isClock {
		means = analytics.ClockDifference(*r.Group.Mean*tool.SecondsPerMinute, *r.Others.Mean*tool.SecondsPerMinute) / tool.SecondsPerMinute
	}
	return math.Abs(means-*r.Difference) > max(1, clearly*math.Abs(means))
}

// fewer reports whether a measure has clearly fewer nights than the sides.
func (out *compareNightsOut) fewer(r analytics.Contrast) bool {
	const most = 0.95
	return float64(r.Group.N) < most*float64(out.Group) || float64(r.Others.N) < most*float64(out.Others)
}

// cautions say why the answer may mislead.
func (s nightSides) cautions(out *compareNightsOut, c analytics.Comparison, decides []string) []string {
	list := []string{"These nights were not chosen at random: something else they share may be the reason."}
	list = append(list, s.leftOut()...)
	if min(out.Group, out.Others) < 14 {
		list = append(list, fmt.Sprintf("Only %s on one side.", tool.Count(min(out.Group, out.Others), "night")))
	}
	if c.Stretches {
		list = append(list, "Each side is one stretch of dates: a drift or anything else that changed between them cannot be ruled out.")
	}
	if !c.Weekdays && !slices.Contains(decides, "weekend") && !slices.Contains(decides, "weekday") {
		list = append(list, "The day of the week could not be taken into account.")
	}
	return list
}

// leftOut says how many nights are on neither side because it is not known on which.
func (s nightSides) leftOut() []string {
	switch s.unknown {
	case 0:
		return nil
	case 1:
		return []string{"1 night left out: it is not known whether it meets the condition."}
	}
	return []string{fmt.Sprintf("%d nights left out: it is not known whether they meet the condition.", s.unknown)}
}

func (out *compareNightsOut) contrastText(c analytics.Comparison) string {
	var told, same, unseen []string
	for _, r := range c.Contrasts {
		words := metricWords[r.Name]
		switch r.Verdict {
		case analytics.Higher, analytics.Lower:
			told = append(told, words.differs(*r.Difference))
		case analytics.NoClearDifference:
			if len(same) < 2 {
				same, unseen = append(same, words.name), append(unseen, words.spoken(math.Ceil(*r.Detectable)))
			}
		}
	}
	text := fmt.Sprintf("%s to %s, %s that meet the condition compared with %d others: ", out.Period.From, out.Period.To, tool.Count(out.Group, "night"), out.Others)
	if len(told) > 0 {
		text += tool.InWords(told) + ". "
	}
	if len(same) == 0 {
		return strings.TrimSpace(text)
	}
	no := "No"
	if len(told) == 0 {
		no = "no"
	}
	return text + fmt.Sprintf("%s clear difference in %s: one under %s would probably go unnoticed.", no, strings.Join(same, " or "), strings.Join(unseen, " or "))
}
