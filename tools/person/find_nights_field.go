package person

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/condition"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// oneNight is a night with what the fields of find_nights need beside it.
type oneNight struct {
	*analytics.Night
	before *analytics.Night // of the date before; nil: nothing was recorded
	index  *float64         // the source's own score
	source string           // tracker; "" without sleep
	long   *int             // awakenings over five minutes; nil: not known, or not read
	tags   []string         // nil: not read
	notes  []string         // of tags
	shown  *time.Location   // zone of shown clock times
}

// nightsOf returns the nights of a window, ascending, which was asked for with the date before
// it.
func (q *query) nightsOf(w *nights.Window) []*oneNight {
	list := make([]*oneNight, len(w.Nights))
	yesterday := w.Within(nights.Days{From: w.From.AddDays(-1), To: w.To})
	for i := range w.Nights {
		n := &w.Nights[i]
		list[i] = &oneNight{Night: n, before: yesterday.Night(n.Date.AddDays(-1)), source: w.TrackerOf(n), long: n.LongAwakenings(), shown: q.place(n.Zone())}
		if len(n.Main) == 1 {
			r, _ := w.Recording(n.Main[0].ID)
			list[i].index = r.SleepIndex
		}
	}
	return list
}

// slept reports whether the night's durations count.
func (n *oneNight) slept() bool {
	return len(n.Main) > 0 && (n.Excluded == "" || n.Excluded == analytics.Short)
}

// timed reports whether its clock times count in means. Each of them is known even where it
// does not.
func (n *oneNight) timed() bool { return len(n.Main) > 0 && n.Excluded == "" }

func (n *oneNight) napped() time.Duration { return n.Asleep24() - n.Asleep() }

// dayFrom and dayTo are the hours between which the middle of a sleep by day lies.
const dayFrom, dayTo = 9, 21

// byDay reports whether the main sleep was by day.
func (n *oneNight) byDay() bool {
	hour := analytics.Midpoint(n.Onset(), n.Wake()).In(n.Zone()).Hour()
	return hour >= dayFrom && hour < dayTo
}

// The kinds of a night.
const (
	kindSplit   = "split" // a main sleep of several recordings
	kindNoSleep = "none"  // recorded, without usable sleep
)

func (n *oneNight) kind() string {
	switch {
	case !n.slept() && len(n.Naps) > 0:
		return kindNap
	case !n.slept():
		return kindNoSleep
	case len(n.Main) > 1:
		return kindSplit
	}
	return kindMain
}

// nightField is a field of a night: what conditions ask, rows show and groups average.
type nightField struct {
	condition.Field[*oneNight]
	instant func(*oneNight) time.Time // of a clock time
	into    func(*nightRow) any       // where a row has it
}

// show writes the field into a row, where it has a value.
func (f *nightField) show(r *nightRow, n *oneNight) {
	if f.instant != nil {
		if n.slept() {
			*f.into(r).(*string) = tool.ClockOf(f.instant(n), n.shown)
		}
		return
	}
	if f.Text != nil {
		*f.into(r).(*string), _ = f.Text(n)
		return
	}
	if f.Set != nil {
		*f.into(r).(*[]string), _ = f.Set(n)
		return
	}
	v, ok := f.Number(n)
	switch into := f.into(r).(type) {
	case **float64:
		if ok {
			*into = &v
		}
	case **bool:
		if ok {
			*into = new(v != 0)
		}
	}
}

// averaged returns the value that counts in means: for clock times in minutes, where they are
// shown.
func (f *nightField) averaged(n *oneNight) (value float64, ok bool) {
	switch {
	case f.instant == nil:
		return f.Number(n)
	case !n.timed():
		return 0, false
	}
	return analytics.ClockOf(f.instant(n), n.shown) / tool.SecondsPerMinute, true
}

// averages reports whether groups can have a mean of the field.
func (f *nightField) averages() bool { return f.Kind == condition.Number || f.Kind == condition.Clock }

// comparedFields are what nights are compared by.
var comparedFields = []string{
	"asleep_minutes", "efficiency_percent", "latency_minutes", "awake_minutes", "longest_awake_minutes", "snoring_minutes",
	"sleep_onset", "mid_sleep", "wake_time", "deep_percent", "rem_percent",
}

// wakeFields are known only in part of a night that was not recorded through: who got up was
// awake for longer. Such nights are not compared by them.
var wakeFields = []string{analytics.MetricAwake, "longest_awake_minutes", analytics.MetricAwakenings}

// columnOf returns the field's values in the zones of the recordings; nil nights have none.
func columnOf(f *nightField, nights []*oneNight) analytics.Column {
	column := analytics.Column{
		Name: f.Name, Clock: f.Kind == condition.Clock, Stage: strings.HasPrefix(f.Name, "deep") || strings.HasPrefix(f.Name, "rem"),
		Values: slices.Repeat([]float64{math.NaN()}, len(nights)),
	}
	for i, n := range nights {
		if n == nil || slices.Contains(wakeFields, f.Name) && !n.RecordedThrough() {
			continue
		}
		own := *n
		own.shown = n.Zone()
		if v, ok := f.averaged(&own); ok {
			column.Values[i] = v
		}
	}
	return column
}

// minutesField is a duration of a night with sleep; nil is not measured.
func minutesField(name string, of func(*oneNight) *time.Duration, into func(*nightRow) any) nightField {
	return numberField(name, func(n *oneNight) (float64, bool) {
		if d := of(n); n.slept() && d != nil {
			return d.Minutes(), true
		}
		return 0, false
	}, into)
}

// numberField is a number, to one decimal, so that a condition cannot contradict the row.
func numberField(name string, of func(*oneNight) (float64, bool), into func(*nightRow) any) nightField {
	return nightField{Field: condition.Field[*oneNight]{Name: name, Kind: condition.Number, Number: func(n *oneNight) (float64, bool) {
		v, ok := of(n)
		return tool.Rounded(v, 1), ok
	}}, into: into}
}

// metricField is the metric of the same name.
func metricField(name string, into func(*nightRow) any) nightField {
	m := analytics.MetricNamed(name)
	return numberField(name, func(n *oneNight) (float64, bool) { return m.Of(*n.Night) }, into)
}

// The minutes after midnight at which the days begin that clock times are compared on. Nights
// begin around midnight, and end between the evening before and the next.
const (
	beginsAtNoon    = 12 * 60
	beginsAtEvening = 18 * 60
)

// clockField is a clock time where it was recorded, rounded to the minute as it is shown.
func clockField(name string, dayBegins float64, of func(*oneNight) time.Time, into func(*nightRow) any) nightField {
	return nightField{Field: condition.Field[*oneNight]{Name: name, Kind: condition.Clock, DayBegins: dayBegins, Number: func(n *oneNight) (float64, bool) {
		if !n.slept() {
			return 0, false
		}
		at := of(n).Add(time.Minute / 2).In(n.Zone())
		return float64(at.Hour()*60 + at.Minute()), true
	}}, instant: of, into: into}
}

func flagField(name string, of func(*oneNight) (is, known bool), into func(*nightRow) any) nightField {
	return nightField{Field: condition.Field[*oneNight]{Name: name, Kind: condition.Flag, Number: func(n *oneNight) (float64, bool) {
		is, known := of(n)
		if is {
			return 1, known
		}
		return 0, known
	}}, into: into}
}

func textField(name string, kind condition.Kind, words []string, of func(*oneNight) string, into func(*nightRow) any) nightField {
	return nightField{Field: condition.Field[*oneNight]{Name: name, Kind: kind, Words: words, Text: func(n *oneNight) (string, bool) {
		text := of(n)
		return text, text != ""
	}}, into: into}
}

func setField(name string, of func(*oneNight) []string, into func(*nightRow) any) nightField {
	return nightField{Field: condition.Field[*oneNight]{Name: name, Kind: condition.Set, Set: func(n *oneNight) ([]string, bool) {
		texts := of(n)
		return texts, texts != nil
	}}, into: into}
}

// weekdays are short names in the order of a week.
var weekdays = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

func weekdayOfNight(n *oneNight) string { return weekdayOf(n.Date) }

func atWeekend(n *oneNight) bool { return slices.Contains(weekdays[5:], weekdayOf(n.Date)) }

func measured(of func(analytics.Night) time.Duration) func(*oneNight) *time.Duration {
	return func(n *oneNight) *time.Duration { return new(of(*n.Night)) }
}

// The fields that a person writes with tag_nights.
const (
	fieldTags  = "tags"
	fieldNotes = "notes"
)

// nightFields are the fields in the order in which rows show them.
var nightFields = []nightField{
	textField("night", condition.Date, nil, func(n *oneNight) string { return n.Date.String() }, func(r *nightRow) any { return &r.Night }),
	textField("weekday", condition.Text, weekdays, weekdayOfNight, func(r *nightRow) any { return &r.Weekday }),
	clockField("bedtime", beginsAtNoon, func(n *oneNight) time.Time { return n.Bedtime() }, func(r *nightRow) any { return &r.Bedtime }),
	clockField(analytics.MetricOnset, beginsAtNoon, func(n *oneNight) time.Time { return n.Onset() }, func(r *nightRow) any { return &r.Onset }),
	clockField("mid_sleep", beginsAtNoon, func(n *oneNight) time.Time { return analytics.Midpoint(n.Onset(), n.Wake()) }, func(r *nightRow) any { return &r.MidSleep }),
	clockField(analytics.MetricWake, beginsAtEvening, func(n *oneNight) time.Time { return n.Wake() }, func(r *nightRow) any { return &r.WakeTime }),
	metricField(analytics.MetricAsleep, func(r *nightRow) any { return &r.Asleep }),
	minutesField("in_bed_minutes", measured(analytics.Night.InBed), func(r *nightRow) any { return &r.InBed }),
	metricField(analytics.MetricEfficiency, func(r *nightRow) any { return &r.Efficiency }),
	metricField(analytics.MetricLatency, func(r *nightRow) any { return &r.Latency }),
	minutesField(analytics.MetricAwake, func(n *oneNight) *time.Duration {
		if !n.AwakeMeasured() {
			return nil
		}
		return new(n.Awake())
	}, func(r *nightRow) any { return &r.Awake }),
	minutesField("longest_awake_minutes", func(n *oneNight) *time.Duration { return n.LongestWake() }, func(r *nightRow) any { return &r.LongestWake }),
	numberField(analytics.MetricAwakenings, func(n *oneNight) (float64, bool) {
		if n.long == nil {
			return 0, false
		}
		return float64(*n.long), true
	}, func(r *nightRow) any { return &r.LongAwakenings }),
	minutesField("snoring_minutes", func(n *oneNight) *time.Duration { return n.Snoring() }, func(r *nightRow) any { return &r.Snoring }),
	minutesField("light_minutes", func(n *oneNight) *time.Duration { return n.Light() }, func(r *nightRow) any { return &r.Light }),
	minutesField("deep_minutes", func(n *oneNight) *time.Duration { return n.Deep() }, func(r *nightRow) any { return &r.Deep }),
	minutesField("rem_minutes", func(n *oneNight) *time.Duration { return n.REM() }, func(r *nightRow) any { return &r.REM }),
	metricField(analytics.MetricDeep, func(r *nightRow) any { return &r.DeepPercent }),
	metricField(analytics.MetricREM, func(r *nightRow) any { return &r.REMPercent }),
	numberField("sleep_index", func(n *oneNight) (float64, bool) {
		if n.index == nil {
			return 0, false
		}
		return *n.index, true
	}, func(r *nightRow) any { return &r.SleepIndex }),
	flagField("nap", func(n *oneNight) (bool, bool) { return len(n.Naps) > 0, true }, func(r *nightRow) any { return &r.Nap }),
	numberField("nap_minutes", func(n *oneNight) (float64, bool) { return n.napped().Minutes(), true }, func(r *nightRow) any { return &r.NapMinutes }),
	flagField("nap_before", func(n *oneNight) (bool, bool) {
		return n.before != nil && len(n.before.Naps) > 0, n.before != nil
	}, func(r *nightRow) any { return &r.NapBefore }),
	flagField("day_sleep", func(n *oneNight) (bool, bool) { return n.slept() && n.byDay(), n.slept() }, func(r *nightRow) any { return &r.DaySleep }),
	flagField("weekend", func(n *oneNight) (bool, bool) { return atWeekend(n), true }, func(r *nightRow) any { return &r.Weekend }),
	numberField("month", func(n *oneNight) (float64, bool) { return float64(n.Date.Month), true }, func(r *nightRow) any { return &r.Month }),
	textField("kind", condition.Text, []string{kindMain, kindSplit, kindNap, kindNoSleep}, func(n *oneNight) string { return n.kind() }, func(r *nightRow) any { return &r.Kind }),
	textField("zone", condition.Text, nil, func(n *oneNight) string { return n.Zone().String() }, func(r *nightRow) any { return &r.Zone }),
	textField("source", condition.Text, nil, func(n *oneNight) string { return n.source }, func(r *nightRow) any { return &r.Source }),
	setField(fieldTags, func(n *oneNight) []string { return n.tags }, func(r *nightRow) any { return &r.Tags }),
	setField(fieldNotes, func(n *oneNight) []string { return n.notes }, func(r *nightRow) any { return &r.Notes }),
}

// nightLanguage is the language of conditions about nights.
var nightLanguage = condition.New(func() []condition.Field[*oneNight] {
	list := make([]condition.Field[*oneNight], len(nightFields))
	for i := range nightFields {
		list[i] = nightFields[i].Field
	}
	return list
}())

// nightFieldNamed returns a field, or nil.
func nightFieldNamed(name string) *nightField {
	for i := range nightFields {
		if nightFields[i].Name == name {
			return &nightFields[i]
		}
	}
	return nil
}

// nightCondition compiles the condition of an argument. Without a text every night fulfils it.
func nightCondition(argument, text string) (*condition.Condition[*oneNight], error) {
	if strings.TrimSpace(text) == "" {
		text = "true"
	}
	c, err := nightLanguage.Compile(text)
	if err == nil {
		return c, nil
	}
	return nil, conditionMistake(argument, err)
}

// fieldNames lists the fields, those with a unit in short.
func fieldNames() string {
	var names, minutes, percent []string
	for _, name := range nightLanguage.Names() {
		if short, ok := strings.CutSuffix(name, "_minutes"); ok {
			minutes = append(minutes, short)
		} else if short, ok := strings.CutSuffix(name, "_percent"); ok {
			percent = append(percent, short)
		} else {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ") + "; _percent of " + strings.Join(percent, ", ") + "; _minutes of " + strings.Join(minutes, ", ")
}

// conditionMistake says where a condition is wrong, what fields there are, and what would be
// right.
func conditionMistake(argument string, err error) error {
	e, ok := errors.AsType[*condition.Error](err)
	if !ok {
		return err
	}
	at := ""
	if e.Column > 0 {
		at = fmt.Sprintf(" at character %d", e.Column)
	}
	received := tool.ReceivedText(e.Part)
	hint := ""
	if closest := tool.Closest(e.Part, nightLanguage.Names()); closest != "" && nightLanguage.Field(e.Part) == nil {
		hint = fmt.Sprintf(" Did you mean %s?", closest)
	}
	return tool.Mistake("%s is wrong%s, received %s: %s.%s For example %s. Fields: %s.",
		tool.Argument(argument), at, received, e.Problem, hint, tool.ExampleWith(argument, e.Example), fieldNames())
}
