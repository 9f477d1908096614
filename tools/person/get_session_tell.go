package person

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// mostLost is the part of a recording that may be lost without a warning.
const mostLost = 0.3

// around returns a night with those that it is compared with and those next to it.
func (q *query) around(ctx context.Context, date civil.Date) (*nights.Window, error) {
	return q.Window(ctx, nights.Days{From: date.AddDays(-1), To: date.AddDays(1)}, analytics.BaselineDays)
}

// describe writes the answer about one session; night is nil if it belongs to none.
func (q *query) describe(ctx context.Context, w *nights.Window, night *analytics.Night, id, detail string) (out getSessionOut, err error) {
	d, err := q.Detail(ctx, id)
	if err != nil {
		return out, err
	}
	return q.tell(w, night, d, detail), nil
}

// tell writes the answer about d, a recording or a whole night.
func (q *query) tell(w *nights.Window, night *analytics.Night, d *nights.Detail, detail string) (out getSessionOut) {
	if night == nil && w.Sparse {
		night = d.Alone()
	}
	if night == nil && (d.State == nights.TooShort || d.State == nights.Damaged) && w.Night(d.Date) == nil && d.Date.Before(q.Today) {
		night = &analytics.Night{Date: d.Date, Excluded: analytics.Reason(d.State)}
	}
	date := d.Date
	if night != nil {
		date = night.Date
		out.Kind = kindOfSession(night, d.ID)
	}
	zone := q.place(d.Zone)
	tonight := date.After(q.Today)
	if tonight {
		date = q.Today
	}
	out.Head = q.headOfNight(w, date, night, d.ZoneKnown, zone)
	out.SessionID, out.State = d.ID, string(d.State)
	out.Start = tool.Instant(d.Start, zone)
	if d.End != nil {
		out.End = tool.Instant(*d.End, zone)
		if !tonight {
			out.Night, out.AgeDays = date.String(), new(q.Today.DaysSince(date))
		}
	}
	out.MissingData = d.LostShare
	out.days = daysOfWeek(d)
	if clockOfInstant(out.Start) != tool.ClockOf(d.Start, d.Zone) {
		out.clock = fmt.Sprintf(" (clock of %s)", zone)
	}
	out.goesOn = night != nil && len(night.Main) > 0 && w.GoesOn(night.Date)
	out.numbers(night, d, zone)
	if w.Overlapped(d.ID) {
		out.Warn("left_out", "Averages leave this recording out: %s.", reasonTexts[analytics.Overlap])
	}
	if d.LostShare != nil && *d.LostShare > mostLost && out.Asleep != nil {
		out.Warn("missing_data", "%.0f %% of this recording was lost, so that its numbers are uncertain.", *d.LostShare/tool.Percent)
	}
	out.Summary = out.summary()
	if night != nil && out.Kind != kindNap {
		if len(night.Main) > 1 {
			out.splitNight(night, zone)
		}
		if out.Nap = napMinutes(night); out.Nap != nil {
			out.Summary += fmt.Sprintf(" Naps that day, counted separately: %s.", tool.HoursText(*out.Nap/60))
		}
		if out.goesOn {
			tool.Lacks(&out.Caveats, nothingBecause[w.Unfinished.State], "unusual")
			out.Summary = tool.Sentences(out.Summary, q.unfinishedText(w))
		} else {
			out.unusual(q, w, night)
		}
	}
	out.stages(d, zone, detail)
	out.drawn = d
	return out
}

// headOfNight begins the answer about one night, or about a recording that belongs to
// none.
func (q *query) headOfNight(w *nights.Window, date civil.Date, night *analytics.Night, zoneKnown bool, zone *time.Location) tool.Head {
	var one []analytics.Night
	if night != nil {
		one = []analytics.Night{*night}
	}
	h := q.begin(nights.Days{From: date, To: date}, one, zoneKnown)
	q.putSources(&h, w.Within(nights.Days{From: date, To: date}))
	h.Timezone, h.AsOf = zone.String(), tool.Instant(w.AsOf, zone)
	warnGaps(&h, one)
	return h
}

// numbers writes what was measured. A session without sleep numbers lacks them for one
// stated reason, unless they can be computed from its stages.
func (out *getSessionOut) numbers(night *analytics.Night, d *nights.Detail, zone *time.Location) {
	hypnogram := analytics.StatsOf(nights.Epoch, d.Stages())
	whole := d.ID == ""
	switch {
	case d.State != nights.NeverSlept && (whole || d.Measured != nil):
		out.measured(night, d, zone)
	case d.State == nights.NeverSlept, d.State == nights.TooShort, d.State == nights.Damaged, hypnogram.Epochs == 0:
		tool.Lacks(&out.Caveats, nothingBecause[d.State], "asleep_minutes", "efficiency_percent", "fell_asleep")
		return
	case hypnogram.Epochs-hypnogram.UnknownEpochs < leastScored(hypnogram.Epochs):
		tool.Lacks(&out.Caveats, analytics.MissingData, "asleep_minutes", "efficiency_percent", "fell_asleep")
		return
	case hypnogram.NeverSlept:
		tool.Lacks(&out.Caveats, analytics.NoSleep, "asleep_minutes", "efficiency_percent", "fell_asleep")
		return
	default:
		out.hypnogramNumbers(d, hypnogram, zone)
	}
	if hypnogram.Epochs > 0 {
		out.Awakenings = &hypnogram.AwakeningsOver5Min
	}
	if out.Computed == "vendor" {
		out.leaveOutLost(lostEdges(d))
	}
	for field, value := range map[string]*float64{
		"latency_minutes": out.Latency, "awake_minutes": out.Awake, "light_minutes": out.Light, "deep_minutes": out.Deep, "rem_minutes": out.REM, "snoring_minutes": out.Snoring,
	} {
		if value == nil && out.Missing[field] == "" {
			tool.Lacks(&out.Caveats, analytics.NotMeasured, field)
		}
	}
}

// measured writes the numbers of a whole night, or of one recording by itself.
func (out *getSessionOut) measured(night *analytics.Night, d *nights.Detail, zone *time.Location) {
	n := night
	if d.ID != "" {
		n = &analytics.Night{Main: []analytics.Session{*d.Measured}}
		if reason := d.Measured.Check(); reason != "" {
			out.Warn("left_out", "Averages leave this recording out: %s.", reasonTexts[reason])
			if reason == analytics.Inconsistent { // then no number among them can be trusted
				tool.Lacks(&out.Caveats, reason, "asleep_minutes", "efficiency_percent", "fell_asleep")
				return
			}
		}
	}
	out.Computed = "vendor"
	out.FellAsleep, out.WokeUp = optionalInstant(n.Onset(), zone), optionalInstant(n.Wake(), zone)
	out.InBed, out.Asleep = tool.MinutesOf(n.InBed()), tool.MinutesOf(n.Asleep())
	if n.AwakeMeasured() {
		out.Awake = tool.MinutesOf(n.Awake())
	}
	out.Latency, out.LongestWake = tool.OptionalMinutes(n.Latency()), tool.OptionalMinutes(n.LongestWake())
	out.Efficiency = efficiencyOf(*n)
	if within := n.Unrecorded(); within.Minutes() >= leastLost {
		out.lostWithin = within
	}
	if after := n.AfterWaking(); after > 0 || n.Source() == "" { // few trackers tell when somebody got up
		out.AfterWaking = tool.MinutesOf(after)
	}
	if gap := n.OutOfBed(); gap > 0 {
		out.OutOfBed = tool.MinutesOf(gap)
	}
	out.Light, out.Deep, out.REM = tool.OptionalMinutes(n.Light()), tool.OptionalMinutes(n.Deep()), tool.OptionalMinutes(n.REM())
	out.Snoring, out.SleepIndex = tool.OptionalMinutes(n.Snoring()), d.SleepIndex
	if d.OwnScore != nil {
		out.OwnScore = &rating{d.Tracker, *d.OwnScore}
	}
}

// leaveOutLost takes back the numbers that the service gives as if what was lost had been
// measured: there was sleep before it or after it, or there was not.
func (out *getSessionOut) leaveOutLost(lost edges) {
	if out.lost = lost; !lost.any() {
		return
	}
	out.Efficiency = nil
	fields := []string{"efficiency_percent"}
	if lost.start > 0 {
		out.FellAsleep, out.Latency = "", nil
		fields = append(fields, "fell_asleep", "latency_minutes")
	}
	if lost.end > 0 {
		out.WokeUp, out.AfterWaking = "", nil
		fields = append(fields, "woke_up", "after_waking_minutes")
	}
	tool.Lacks(&out.Caveats, analytics.MissingData, fields...)
}

func (out *getSessionOut) summary() string {
	if out.Asleep == nil {
		text := map[nights.State]string{
			nights.InProgress: "This recording is still running.",
			nights.Analysing:  "This recording is still being analysed; its numbers come later.",
			nights.NeverSlept: "No sleep was found in this recording.",
			nights.TooShort:   "This recording is too short to be analysed.",
			nights.Damaged:    "Too much of this recording is missing to analyse it.",
			nights.Complete:   "This recording has no sleep numbers.",
		}[nights.State(out.State)]
		return tool.Sentences(text, out.nothingSoFar())
	}
	atLeast := ""
	if out.lost.any() || out.lostWithin > 0 {
		atLeast = "at least "
	}
	text := fmt.Sprintf("%s: %s%s asleep of %s in bed", out.subject(), atLeast, tool.HoursText(*out.Asleep/60), tool.HoursText(*out.InBed/60))
	if out.Efficiency != nil && out.lostWithin == 0 {
		text += fmt.Sprintf(" (%.1f %%)", *out.Efficiency)
	}
	var when []string
	if out.FellAsleep != "" {
		when = append(when, "first asleep at "+clockOfInstant(out.FellAsleep))
	}
	if out.WokeUp != "" {
		awake := "finally awake at "
		if out.goesOn {
			awake = "awake at "
		}
		when = append(when, awake+clockOfInstant(out.WokeUp))
	}
	if len(when) > 0 {
		text += ", " + strings.Join(when, ", ") + out.clock
	}
	if out.OutOfBed != nil && *out.OutOfBed >= leastBetween {
		text += fmt.Sprintf(", with %s between two recordings", tool.HoursText(*out.OutOfBed/60))
	}
	if out.AfterWaking != nil && *out.AfterWaking >= leastBetween {
		text += fmt.Sprintf(", then %s in bed awake", tool.HoursText(*out.AfterWaking/60))
	}
	return tool.Sentences(text+".", out.lost.words(), withinWords(out.lostWithin))
}

// clockOfInstant writes the local time of an instant of this answer.
func clockOfInstant(text string) string {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic("tools: an instant of an answer: " + err.Error())
	}
	return tool.ClockOf(t, t.Location())
}

// beforeMidnight is how long before its beginning the weekday of a night is taken: then one
// that begins after midnight is the day before's, and a sleep by day is its own day's.
const beforeMidnight = 6 * time.Hour

// daysOfWeek names the day on which a night began and that on which it ended, where it was
// recorded, like its date.
func daysOfWeek(d *nights.Detail) string {
	if d.End == nil {
		return ""
	}
	first, last := d.Start.Add(-beforeMidnight).In(d.Zone).Weekday(), d.End.In(d.Zone).Weekday()
	if first == last {
		return " (" + first.String() + ")"
	}
	return fmt.Sprintf(" (%s to %s)", first, last)
}

// subject returns what the numbers of the answer are about.
func (out *getSessionOut) subject() string {
	switch {
	case nights.State(out.State) == nights.InProgress:
		return "The night so far"
	case nights.State(out.State) == nights.Analysing:
		return "Night of " + out.Night + out.days + ", still being analysed"
	case out.Kind == kindNap:
		return "Nap on " + out.Night + out.days
	case out.Kind == kindPart:
		return "Part of the night of " + out.Night + out.days
	}
	return "Night of " + out.Night + out.days
}

// describeNight writes the answer about a whole night, whose main sleep may be in
// several recordings.
func (q *query) describeNight(ctx context.Context, w *nights.Window, night *analytics.Night, detail string) (out getSessionOut, err error) {
	parts, err := q.inFull(ctx, night)
	if err != nil {
		return out, err
	}
	out = q.tell(w, night, nights.Join(parts), detail)
	if out.Awakenings != nil {
		out.Awakenings = longAwakenings(parts)
	}
	return out, nil
}
