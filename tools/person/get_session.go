package person

import (
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type getSessionIn struct {
	About
	SessionID string `json:"session_id,omitempty" jsonschema:"minLength=1,maxLength=64" jsonschema_description:"From list_sessions; default: the newest finished night."`
	Night     string `json:"night,omitempty" jsonschema:"format=date" jsonschema_description:"Date of the night instead, YYYY-MM-DD."`
	Detail    string `json:"detail,omitempty" jsonschema:"enum=summary,enum=stages,enum=epochs,default=summary" jsonschema_description:"stages: segments of one stage; epochs: one character per 30 s."`
}

type getSessionOut struct {
	tool.Head
	SessionID   string   `json:"session_id,omitempty"`
	Night       string   `json:"night,omitempty" jsonschema_description:"Local date of the final awakening of the main sleep."`
	AgeDays     *int     `json:"age_days,omitempty" jsonschema_description:"Days from that date to today."`
	Kind        string   `json:"kind,omitempty" jsonschema:"enum=main,enum=nap,enum=part"`
	State       string   `json:"state,omitempty" jsonschema:"enum=complete,enum=analysing,enum=in_progress,enum=never_slept,enum=too_short,enum=damaged"`
	Start       string   `json:"start,omitempty"`
	End         string   `json:"end,omitempty"`
	FellAsleep  string   `json:"fell_asleep,omitempty"`
	WokeUp      string   `json:"woke_up,omitempty"`
	InBed       *float64 `json:"in_bed_minutes,omitempty"`
	Asleep      *float64 `json:"asleep_minutes,omitempty"`
	Latency     *float64 `json:"latency_minutes,omitempty"`
	Awake       *float64 `json:"awake_minutes,omitempty" jsonschema_description:"Between onset and final awakening."`
	Awakenings  *int     `json:"awakenings_over_5_minutes,omitempty"`
	LongestWake *float64 `json:"longest_awake_minutes,omitempty"`
	Efficiency  *float64 `json:"efficiency_percent,omitempty"`
	Light       *float64 `json:"light_minutes,omitempty"`
	Deep        *float64 `json:"deep_minutes,omitempty"`
	REM         *float64 `json:"rem_minutes,omitempty"`
	Snoring     *float64 `json:"snoring_minutes,omitempty"`
	Nap         *float64 `json:"nap_minutes,omitempty" jsonschema_description:"Asleep in naps of that date, counted apart."`
	SleepIndex  *float64 `json:"sleep_index,omitempty" jsonschema_description:"The Asleep service's own score."`
	MissingData *float64 `json:"missing_data_ratio,omitempty"`
	Computed    string   `json:"computed_from,omitempty" jsonschema:"enum=vendor,enum=hypnogram"`

	Unusual        []unusualValue `json:"unusual,omitzero" jsonschema_description:"Time asleep, efficiency, wake, latency or a clock time far from the 28 nights before; [] when none is."`
	BaselineNights int            `json:"baseline_nights,omitempty"`

	Parts []nightPart `json:"parts,omitempty" jsonschema_description:"Recordings of a split night, when it is asked about as a whole."`

	Segments     []segment `json:"segments,omitempty"`
	Epochs       string    `json:"epochs,omitempty" jsonschema_description:"0 wake, 1 light (sleep without stages), 2 deep, 3 REM, . unknown."`
	EpochSeconds int       `json:"epoch_seconds,omitempty"`
	SnoringMap   string    `json:"snoring,omitempty"`
}

type segment struct {
	Stage   string  `json:"stage"`
	Start   string  `json:"start"`
	Minutes float64 `json:"minutes"`
}

var GetSession = tool.Define(tool.Spec{
	Name:  "get_session",
	Title: "Last night, or one session",
	Description: "One recorded night in full: onset, awakenings, stages, snoring. Without night or session_id it is the newest finished night. " +
		"Use list_sessions to find naps and session ids, weekly_report or average_stats for several nights.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, func(ctx context.Context, d *tool.Deps, in getSessionIn) (out getSessionOut, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	q, err := ask(ctx, d, in.About)
	switch {
	case err != nil:
		return out, err
	case in.SessionID != "":
		return q.session(ctx, in.SessionID, in.Detail)
	case in.Night != "":
		return q.nightOn(ctx, in.Night, in.Detail)
	}
	return q.lastNight(ctx, in.Detail)
})

func (in getSessionIn) check() error {
	if in.SessionID != "" && in.Night != "" {
		return tool.Mistake(`"session_id" and "night" both say which recording is meant, received %s and "%s". Give one of them.`, tool.Shown(in.SessionID), in.Night)
	}
	return tool.CheckSessionID(in.SessionID)
}

// mostLost is the part of a recording that may be lost without a warning.
const mostLost = 0.3

// session answers about the session with that id.
func (q *Question) session(ctx context.Context, id, detail string) (out getSessionOut, err error) {
	s, err := q.Deps.Client.Session(ctx, q.User.ID(), id)
	if err != nil {
		return out, err
	}
	r, err := q.around(ctx, q.dateOf(s.Recording))
	if err != nil {
		return out, err
	}
	return q.tell(r, r.nightOf(id), s, detail), nil
}

// around reads the nights that one night is held against, and those beside it.
func (q *Question) around(ctx context.Context, date civil.Date) (*record, error) {
	return q.read(ctx, nights.Days{From: date.AddDays(-1 - analytics.BaselineDays), To: date.AddDays(1)})
}

// describe writes the answer about one session; night may be nil where it belongs
// to none.
func (q *Question) describe(ctx context.Context, r *record, night *analytics.Night, id, detail string) (out getSessionOut, err error) {
	s, err := q.Deps.Client.Session(ctx, q.User.ID(), id)
	if err != nil {
		return out, err
	}
	return q.tell(r, night, s, detail), nil
}

// tell writes the answer about s, which is a recording or a whole night.
func (q *Question) tell(r *record, night *analytics.Night, s *asleep.Session, detail string) (out getSessionOut) {
	zone := q.place(s.CreatedTimezone)
	if _, known := asleep.Zone(s.CreatedTimezone); known {
		q.unsure = false
	}
	date := q.dateOf(s.Recording)
	if night == nil && r.sparse && s.Stat != nil {
		night = alone(s, zone)
	}
	var dated []analytics.Night
	if night != nil {
		date, dated = night.Date, []analytics.Night{*night}
		out.Kind = kindOfSession(*night, s.ID)
	}
	one := *r
	one.Days, one.Nights, one.dropped, one.over1, one.noZone = nights.Days{From: date, To: date}, dated, nil, 0, 0
	out.Head = q.head(one.Days, &one)
	out.Timezone, out.AsOf = zone.String(), tool.Instant(r.asOf, zone)
	out.SessionID, out.State = s.ID, tool.StateOf(s)
	out.Start = tool.Instant(s.Start, zone)
	if s.End != nil {
		out.End, out.Night, out.AgeDays = tool.Instant(*s.End, zone), date.String(), new(q.today.DaysSince(date))
	}
	out.MissingData = s.MissingDataRatio
	out.numbers(s, zone)
	if r.overlapped(s.ID) {
		out.Warn("left_out", "Averages leave this recording out: %s.", reasonTexts[analytics.Overlap])
	}
	if s.MissingDataRatio != nil && *s.MissingDataRatio > mostLost {
		out.Warn("missing_data", "%.0f %% of this recording was lost, so that its numbers are uncertain.", *s.MissingDataRatio/tool.Percent)
	}
	out.Summary = out.summary()
	if night != nil && len(night.Main) > 1 && out.Kind != kindNap {
		out.splitNight(night)
	}
	if night != nil && out.Kind != kindNap {
		if out.Nap = napMinutes(*night); out.Nap != nil {
			out.Summary += fmt.Sprintf(" Naps of that day, counted apart: %.0f min.", *out.Nap)
		}
	}
	out.unusual(night, r)
	out.stages(s, zone, detail)
	return out
}

// numbers writes what was measured. A session without sleep numbers lacks them
// for one stated reason, unless its stages are there to compute them from.
func (out *getSessionOut) numbers(s *asleep.Session, zone *time.Location) {
	hypnogram := analytics.StatsOf(epoch, stagesOf(s.SleepStages))
	switch {
	case s.Stat != nil && s.Stat.TimeInSleep != nil && out.State != tool.StateNeverSlept:
		out.vendorNumbers(s, zone)
	case out.State == tool.StateNeverSlept, out.State == tool.StateTooShort, out.State == tool.StateDamaged, hypnogram.Epochs == 0:
		tool.Lacks(&out.Caveats, nothingBecause[out.State], "asleep_minutes", "efficiency_percent", "fell_asleep")
		return
	case hypnogram.Epochs-hypnogram.UnknownEpochs < leastScored(hypnogram.Epochs):
		tool.Lacks(&out.Caveats, analytics.MissingData, "asleep_minutes", "efficiency_percent", "fell_asleep")
		return
	case hypnogram.NeverSlept:
		tool.Lacks(&out.Caveats, analytics.NoSleep, "asleep_minutes", "efficiency_percent", "fell_asleep")
		return
	default:
		out.hypnogramNumbers(s, hypnogram, zone)
	}
	if hypnogram.Epochs > 0 {
		out.Awakenings = &hypnogram.AwakeningsOver5Min
	}
	for field, value := range map[string]*float64{
		"latency_minutes": out.Latency, "deep_minutes": out.Deep, "rem_minutes": out.REM, "snoring_minutes": out.Snoring,
	} {
		if value == nil {
			tool.Lacks(&out.Caveats, analytics.NotMeasured, field)
		}
	}
}

func (out *getSessionOut) vendorNumbers(s *asleep.Session, zone *time.Location) {
	n := measured(s, zone)
	out.Computed = "vendor"
	out.FellAsleep, out.WokeUp = optionalInstant(n.Onset, zone), optionalInstant(n.Wake, zone)
	out.InBed, out.Asleep, out.Awake = tool.MinutesOf(n.InBed), tool.MinutesOf(n.Asleep), tool.MinutesOf(n.Awake)
	out.Latency, out.LongestWake = tool.OptionalMinutes(n.Latency), tool.OptionalMinutes(n.LongestWake)
	out.Efficiency = recordingEfficiency(n)
	out.Light, out.Deep, out.REM = tool.OptionalMinutes(n.Light), tool.OptionalMinutes(n.Deep), tool.OptionalMinutes(n.REM)
	out.Snoring, out.SleepIndex = tool.OptionalMinutes(n.Snoring), s.Stat.SleepIndex
	if reason := n.Check(); reason != "" && s.ID != "" {
		out.Warn("left_out", "Averages leave this recording out: %s.", reasonTexts[reason])
	}
}

// measured gives a session that was fetched singly, and has numbers, the
// vocabulary of analytics.
func measured(s *asleep.Session, zone *time.Location) analytics.Session {
	return sessionOf(asleep.SleptSession{ID: s.ID, Start: s.Start, End: s.Ended(), Stat: *s.Stat}, zone)
}

// alone is the night of a session of which no other is known.
func alone(s *asleep.Session, zone *time.Location) *analytics.Night {
	nights := analytics.Assemble([]analytics.Session{measured(s, zone)}).Nights
	if len(nights) == 0 {
		return nil
	}
	return &nights[0]
}

// nothingBecause tells the kinds of nothing apart.
var nothingBecause = map[string]analytics.Reason{
	tool.StateInProgress: "in_progress",
	tool.StateAnalysing:  "being_analysed",
	tool.StateNeverSlept: analytics.NoSleep,
	tool.StateTooShort:   "too_short",
	tool.StateDamaged:    "damaged",
	tool.StateComplete:   analytics.NotMeasured,
}

func (out *getSessionOut) summary() string {
	if out.Asleep == nil {
		text := map[string]string{
			tool.StateInProgress: "This recording is still running.",
			tool.StateAnalysing:  "This recording is still being analysed; its numbers come later.",
			tool.StateNeverSlept: "No sleep was found in this recording.",
			tool.StateTooShort:   "This recording is too short to be analysed.",
			tool.StateDamaged:    "Too much of this recording is missing to analyse it.",
			tool.StateComplete:   "This recording has no sleep numbers.",
		}[out.State]
		return tool.Sentences(text, out.nothingSoFar())
	}
	text := fmt.Sprintf("%s: %s asleep of %s in bed", out.subject(), tool.HoursText(*out.Asleep/60), tool.HoursText(*out.InBed/60))
	if out.Efficiency != nil {
		text += fmt.Sprintf(" (%.1f %%)", *out.Efficiency)
	}
	if out.FellAsleep != "" && out.WokeUp != "" {
		text += fmt.Sprintf(", first asleep at %s, finally awake at %s", out.FellAsleep[11:16], out.WokeUp[11:16])
	}
	return text + "."
}

// subject is what the numbers of the answer are about.
func (out *getSessionOut) subject() string {
	switch {
	case out.State == tool.StateInProgress:
		return "The night so far"
	case out.State == tool.StateAnalysing:
		return "Night of " + out.Night + ", still being analysed"
	case out.Kind == kindNap:
		return "Nap on " + out.Night
	case out.Kind == kindPart:
		return "Part of the night of " + out.Night
	}
	return "Night of " + out.Night
}

func optionalInstant(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return tool.Instant(t, zone)
}

// nightOf is the night a session belongs to, or nil. A recording without usable
// sleep belongs to its date if that has no main sleep.
func (r *record) nightOf(id string) *analytics.Night {
	for i := range r.Nights {
		if kindOfSession(r.Nights[i], id) != "" {
			return &r.Nights[i]
		}
	}
	for _, d := range r.dropped {
		if n := r.night(d.Date); d.ID == id && n != nil && len(n.Main) == 0 {
			return n
		}
	}
	return nil
}
