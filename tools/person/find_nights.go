package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/condition"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type findNightsIn struct {
	About
	yearRange
	Where  string   `json:"where,omitempty" jsonschema:"minLength=1,maxLength=1000" jsonschema_description:"asleep_minutes < 360 and bedtime > \"23:30\". Or night, weekday (Sat: to Sat), weekend, month, wake_time, efficiency_percent, nap, nap_before, day_sleep, \"alcohol\" in tags, awakenings_over_5_minutes, and _minutes of in_bed, latency, awake, longest_awake, snoring, nap."`
	By     string   `json:"by,omitempty" jsonschema:"enum=weekday,enum=weekend,enum=week,enum=month,enum=zone,enum=source,enum=tag,enum=day_sleep,enum=run" jsonschema_description:"run: longest, current."`
	Order  string   `json:"order,omitempty" jsonschema:"minLength=1" jsonschema_description:"Field; -field: largest first."`
	Limit  int      `json:"limit,omitempty" jsonschema:"minimum=1,maximum=1000" jsonschema_description:"Default 10."`
	Fields []string `json:"fields,omitempty" jsonschema:"maxItems=30" jsonschema_description:"Shown."`
	Format string   `json:"format,omitempty" jsonschema:"enum=csv" jsonschema_description:"As text."`
	tool.Charted
}

const byRun = "run" // the value of by for which groups are runs

// yearRange is a [Range] of a year unless it says something else.
type yearRange struct {
	From string `json:"from,omitempty" jsonschema:"format=date" jsonschema_description:"First date."`
	To   string `json:"to,omitempty" jsonschema:"format=date" jsonschema_description:"Last."`
	Days *int   `json:"days,omitempty" jsonschema:"minimum=1,maximum=3660" jsonschema_description:"Default 365."`
}

const daysInYear = 365

func (r yearRange) asked() Range {
	if r.Days == nil && r.From == "" {
		r.Days = new(daysInYear)
	}
	return Range(r)
}

// askYear prepares a question about nights of a range, with the head of its answer.
func askYear(ctx context.Context, d *tool.Deps, a About, r yearRange, head *tool.Head) (*query, *nights.Window, error) {
	q, err := ask(ctx, d, a, r.To)
	if err != nil {
		return nil, nil, err
	}
	days, err := r.asked().resolve(q.Today)
	if err != nil {
		return nil, nil, err
	}
	w, err := q.Window(ctx, days, 1) // nap_before is about the date before
	if err != nil {
		return nil, nil, err
	}
	*head = q.head(w)
	q.warnStale(head, w)
	return q, w, nil
}

type findNightsOut struct {
	tool.Head
	Matched   int              `json:"matched" jsonschema_description:"Nights that meet the condition."`
	LookedAt  int              `json:"looked_at" jsonschema_description:"Nights of which that is known."`
	Lacking   map[string]int   `json:"lacking,omitempty" jsonschema_description:"Nights of which it is not, by the field without a value."`
	Untracked int              `json:"untracked" jsonschema_description:"Dates without a recording."`
	Rows      []nightRow       `json:"rows,omitempty"`
	Groups    []nightGroup     `json:"groups,omitempty"`
	Differs   []weekdayDiffers `json:"differs,omitempty" jsonschema_description:"Days of the week against the other six, beyond chance."`
	Runs      []nightRun       `json:"runs,omitempty" jsonschema_description:"Longest first."`
	Present   *nightRun        `json:"present_run,omitempty"`
	More      bool             `json:"more,omitempty"`
	CSV       string           `json:"csv,omitempty"`

	drawn foundDrawing
}

// FindNights is the tool find_nights.
var FindNights = tool.Define(tool.Spec{
	Name:        "find_nights",
	Title:       "Find, count and group nights",
	Description: "Count, list or group nights that meet a condition. Use compare_periods for differences.",
	Toolset:     tool.ToolsetSleep,
	Access:      tool.Reads,
}, findNights)

func findNights(ctx context.Context, d *tool.Deps, in findNightsIn) (out findNightsOut, err error) {
	if err := in.asked().contradiction(); err != nil {
		return out, err
	}
	search, err := searchOf(in)
	if err != nil {
		return out, err
	}
	q, w, err := askYear(ctx, d, in.About, in.yearRange, &out.Head)
	if err != nil {
		return out, err
	}
	if w.Sparse {
		tool.Lacks(&out.Caveats, noNightlyNumbers, "rows")
		out.Summary = "This Asleep deployment gives no numbers for single nights, so none can be found by them."
		return out, nil
	}
	all := q.nightsOf(w)
	if search.written() {
		if _, err := q.readTags(ctx, all); err != nil {
			return out, err
		}
	}
	out.Untracked = untracked(w, q.Today)
	decides := slices.Contains(search.where.Fields(), analytics.MetricAwakenings)
	if decides {
		if err := q.readAwakenings(ctx, all); err != nil {
			return out, err
		}
	}
	truth := search.judge(all, &out)
	if !decides && search.uses(analytics.MetricAwakenings) {
		if err := q.readAwakenings(ctx, found(all, truth)); err != nil {
			return out, err
		}
	}
	out.drawn = foundDrawing{q: q, w: w, where: in.Where, by: in.By, fields: search.fields, all: all, truth: truth}
	search.answer(&out, w, q.Today, all, truth)
	return out, nil
}

// search is what is asked of the nights, checked before anything is fetched.
type search struct {
	in         findNightsIn
	where      *condition.Condition[*oneNight]
	order      *nightField // nil: by date, or the natural order of groups
	descending bool
	fields     []*nightField
}

// written reports whether the question is about what the person wrote.
func (s search) written() bool {
	return s.in.By == byTag || s.uses(fieldTags) || s.uses(fieldNotes)
}

// uses reports whether a field is asked about or shown.
func (s search) uses(name string) bool {
	f := nightFieldNamed(name)
	return slices.Contains(s.where.Fields(), name) || s.order == f || slices.Contains(s.fields, f)
}

func searchOf(in findNightsIn) (s search, err error) {
	s.in = in
	if s.where, err = nightCondition("where", in.Where); err != nil {
		return s, err
	}
	if name, descending := strings.CutPrefix(in.Order, "-"); in.Order != "" {
		s.descending = descending
		if s.order = nightFieldNamed(name); s.order == nil || s.order.Kind == condition.Set {
			return s, fieldMistake("order", name, tool.ExampleWith("order", "-asleep_minutes"))
		}
	}
	names := in.Fields
	if names == nil {
		names = s.usual()
	}
	for _, name := range names {
		f := nightFieldNamed(name)
		if f == nil {
			return s, fieldMistake("fields", name, tool.ExampleWith("fields", []string{"night", "asleep_minutes"}))
		}
		if !slices.Contains(s.fields, f) {
			s.fields = append(s.fields, f)
		}
	}
	return s, nil
}

func fieldMistake(argument, name string, example tool.Example) error {
	hint := ""
	if closest := tool.Closest(name, nightLanguage.Names()); closest != "" && closest != name {
		hint = fmt.Sprintf(" Did you mean %s?", closest)
	}
	return tool.Mistake("%s must name fields, received %s.%s For example %s. Fields: %s.",
		tool.Argument(argument), tool.ReceivedText(name), hint, example, fieldNames())
}

// usual are the fields of an answer to a question that names none: those that every answer of
// its kind has, and those that the question is about.
func (s search) usual() []string {
	var names []string
	switch {
	case s.in.By == "weekend" || s.in.By == "zone" || s.in.By == "source" || s.in.By == "day_sleep":
		names = []string{"sleep_onset", "wake_time", "asleep_minutes", "efficiency_percent"}
	case s.in.By != "":
		names = []string{"asleep_minutes", "efficiency_percent"}
	case s.in.Format == "csv":
		return []string{"night", "weekday", "bedtime", "wake_time", "asleep_minutes", "efficiency_percent", "awake_minutes", "snoring_minutes"}
	default:
		names = []string{"night", "weekday", "bedtime", "wake_time", "asleep_minutes"}
	}
	names = append(names, s.where.Fields()...)
	if written(names) {
		names = append(names, fieldNotes)
	}
	if slices.Contains(names, "nap") {
		names = append(names, "nap_minutes")
	}
	if s.order != nil {
		names = append(names, s.order.Name)
	}
	return names
}

// judge tells for each night whether it fulfils the condition, and counts.
func (s search) judge(all []*oneNight, out *findNightsOut) []condition.Truth {
	truth := make([]condition.Truth, len(all))
	for i, n := range all {
		switch truth[i] = s.where.Of(n); truth[i] {
		case condition.True:
			out.Matched++
			out.LookedAt++
		case condition.False:
			out.LookedAt++
		case condition.Unknown:
			for _, name := range s.where.Fields() {
				if lacks(nightFieldNamed(name), n) {
					if out.Lacking == nil {
						out.Lacking = map[string]int{}
					}
					out.Lacking[name]++
				}
			}
		}
	}
	return truth
}

func lacks(f *nightField, n *oneNight) bool {
	if f.Set != nil {
		_, ok := f.Set(n)
		return !ok
	}
	if f.Text != nil {
		_, ok := f.Text(n)
		return !ok
	}
	_, ok := f.Number(n)
	return !ok
}

// untracked counts the dates without a recording. Today's may still come.
func untracked(w *nights.Window, today civil.Date) int {
	dates := map[civil.Date]bool{}
	for i := range w.Nights {
		dates[w.Nights[i].Date] = true
	}
	count := w.Len() - len(dates)
	if w.Contains(today) && !dates[today] {
		count--
	}
	return count
}

// answer writes what was asked for: runs, groups or rows.
func (s search) answer(out *findNightsOut, w *nights.Window, today civil.Date, all []*oneNight, truth []condition.Truth) {
	switch {
	case s.in.By == byRun:
		runs := runsOf(w.Days, today, all, truth)
		if n := len(runs); n > 0 && runs[n-1].Ended == "" {
			out.Present = &runs[n-1]
		}
		out.Runs = longestFirst(runs)
		out.cut(len(out.Runs), s.limit(3), func(n int) { out.Runs = out.Runs[:n] })
		out.Summary = strings.TrimSpace(out.counts(w, s) + " " + out.runsText())
	case s.in.By != "":
		out.Groups = s.groups(all, truth)
		out.drawn.groups = out.Groups
		out.cut(len(out.Groups), s.limit(31), func(n int) { out.Groups = out.Groups[:n] })
		if s.in.Format == "csv" {
			out.CSV, out.Groups = csvText(groupTable(out.Groups, s.fields)), nil
		}
		out.Summary = out.counts(w, s) + s.awakenings(found(all, truth))
		if s.in.By == byWeekday {
			said := ""
			out.Differs, said = differingWeekdays(found(all, truth), s.independent())
			out.Summary += said
		}
	default:
		s.rows(out, all, truth)
		out.Summary = out.counts(w, s) + s.awakenings(found(all, truth))
	}
}

// limit is the one that was asked for, else the usual one.
func (s search) limit(usual int) int { return cmp.Or(s.in.Limit, usual) }

// cut keeps at most a number of things, and says when there are more.
func (out *findNightsOut) cut(have, most int, keep func(int)) {
	if have > most {
		keep(most)
		out.More = true
	}
}

// independent are the fields that the condition is not about: it decides the others.
func (s search) independent() []*nightField {
	return slices.DeleteFunc(slices.Clone(s.fields), func(f *nightField) bool { return slices.Contains(s.where.Fields(), f.Name) })
}

// found returns the nights that meet the condition.
func found(all []*oneNight, truth []condition.Truth) (list []*oneNight) {
	for i, n := range all {
		if truth[i] == condition.True {
			list = append(list, n)
		}
	}
	return list
}

func (s search) rows(out *findNightsOut, all []*oneNight, truth []condition.Truth) {
	found := found(all, truth)
	usual := 10
	if s.in.Format == "csv" {
		usual = maxDays
	} else {
		slices.Reverse(found)
	}
	if s.order != nil {
		slices.SortStableFunc(found, func(a, b *oneNight) int { return s.compare(a, b) })
	}
	out.cut(len(found), s.limit(usual), func(n int) { found = found[:n] })
	rows := make([]nightRow, len(found))
	for i, n := range found {
		for _, f := range s.fields {
			f.show(&rows[i], n)
		}
	}
	out.cut(len(rows), tool.Fitting(rows, tool.RowBytes), func(n int) { rows = rows[:n] })
	if s.in.Format == "csv" {
		out.CSV = s.table(rows)
		return
	}
	out.Rows = rows
}

func (s search) table(rows []nightRow) string {
	header := make([]string, len(s.fields))
	lines := make([][]string, len(rows))
	for j, f := range s.fields {
		header[j] = f.Name
		for i := range rows {
			lines[i] = append(lines[i], cell(f.into(&rows[i])))
		}
	}
	return csvText(header, lines)
}

// compare orders nights by a field; those without a value come last.
func (s search) compare(a, b *oneNight) int {
	c := 0
	switch lackA, lackB := lacks(s.order, a), lacks(s.order, b); {
	case lackA != lackB && lackA:
		return 1
	case lackA != lackB:
		return -1
	case s.order.Text != nil:
		one, _ := s.order.Text(a)
		other, _ := s.order.Text(b)
		c = strings.Compare(one, other)
	default:
		one, _ := s.order.Number(a)
		other, _ := s.order.Number(b)
		c = cmp.Compare(s.order.OnDay(one), s.order.OnDay(other))
	}
	if s.descending {
		return -c
	}
	return c
}

func (s search) groups(all []*oneNight, truth []condition.Truth) []nightGroup {
	groups := grouped(s.in.By, all, truth, s.in.Where != "")
	for i := range groups {
		groups[i].describe(s.fields)
	}
	if s.order == nil || !s.order.averages() {
		return groups
	}
	mean := func(g nightGroup) (float64, bool) {
		m := analytics.SampleOf(valuesOf(s.order, g.nights), s.order.Kind == condition.Clock).Mean
		if m == nil {
			return 0, false
		}
		return s.order.OnDay(*m), true
	}
	slices.SortStableFunc(groups, func(a, b nightGroup) int {
		x, ok := mean(a)
		y, ok2 := mean(b)
		switch {
		case ok != ok2 && !ok:
			return 1
		case ok != ok2:
			return -1
		case s.descending:
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	})
	return groups
}

// counts says how many nights meet the condition, of how many, and which are not known.
func (out *findNightsOut) counts(w *nights.Window, s search) string {
	if len(w.Nights) == 0 {
		return nothing(&out.Head, w)
	}
	text := fmt.Sprintf("%s to %s: ", out.Period.From, out.Period.To)
	if s.in.Where == "" {
		text += tool.Count(out.Matched, "night")
	} else {
		text += fmt.Sprintf("%d of %s meet the condition", out.Matched, tool.Count(out.LookedAt, "night"))
	}
	unknown := len(w.Nights) - out.LookedAt
	switch {
	case out.LookedAt == 0:
		text = fmt.Sprintf("%s to %s: whether the condition is met is not known of any of %s", out.Period.From, out.Period.To, tool.Count(unknown, "night"))
	case unknown > 0:
		text += fmt.Sprintf("; for %d more it is not known", unknown)
	}
	if out.Untracked > 0 {
		text += fmt.Sprintf("; %s without a recording", tool.Count(out.Untracked, "date"))
		if first := w.Nights[0].Date; first.After(w.From) {
			text += fmt.Sprintf(" (the first recorded night is %s)", first)
		}
	}
	return text + "."
}

func (out *findNightsOut) runsText() string {
	if len(out.Runs) == 0 {
		return ""
	}
	longest := out.Runs[0]
	text := fmt.Sprintf("The longest run has %s, %s to %s", tool.Count(longest.Nights, "night"), longest.From, longest.To)
	switch {
	case out.Present == nil:
		text += "; there is no current one"
	case *out.Present == longest:
		text += ", and continues"
	default:
		text += fmt.Sprintf("; the current one has %s since %s", tool.Count(out.Present.Nights, "night"), out.Present.From)
	}
	return text + ". A date without a recording ends a run."
}

// awakenings says how many awakenings over five minutes some nights have together; "" if that is not
// asked or not known of any.
func (s search) awakenings(found []*oneNight) string {
	counts := valuesOf(nightFieldNamed(analytics.MetricAwakenings), found)
	if len(counts) == 0 || !s.uses(analytics.MetricAwakenings) {
		return ""
	}
	text := fmt.Sprintf(" %s over five minutes in all", tool.Count(int(sum(counts)), "awakening"))
	if len(counts) < len(found) {
		text += fmt.Sprintf(", in %s of which that is known", tool.Count(len(counts), "night"))
	}
	return text + "."
}
