package person

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// nightPart is one recording of a night that has several.
type nightPart struct {
	SessionID string  `json:"session_id"`
	Start     string  `json:"start"`
	End       string  `json:"end"`
	InBed     float64 `json:"in_bed_minutes"`
	Asleep    float64 `json:"asleep_minutes"`
}

// describeNight writes the answer about a whole night, whose main sleep may be in
// several recordings.
func (q *Question) describeNight(ctx context.Context, r *record, night *analytics.Night, detail string) (out getSessionOut, err error) {
	whole, err := q.Deps.Client.Session(ctx, q.User.ID(), night.Main[0].ID)
	if err != nil {
		return out, err
	}
	whole = new(*whole) // the client's own must not be changed
	awakenings := longAwakenings(whole)
	for _, part := range night.Main[1:] {
		s, err := q.Deps.Client.Session(ctx, q.User.ID(), part.ID)
		if err != nil {
			return out, err
		}
		awakenings += longAwakenings(s)
		join(whole, s)
	}
	out = q.tell(r, night, whole, detail)
	if out.Awakenings != nil {
		out.Awakenings = &awakenings
	}
	return out, nil
}

// longAwakenings counts those within one recording: like the minutes awake, getting
// up between two of them is none of it.
func longAwakenings(s *asleep.Session) int {
	return analytics.StatsOf(epoch, stagesOf(s.SleepStages)).AwakeningsOver5Min
}

// join makes whole, whose recording ended before that of next began, one session with
// it. Durations add up, what lies between counts in none of them, and its stages are
// unknown. It has no id, and no score of the service's.
func join(whole, next *asleep.Session) {
	whole.SleepStages = joinStages(whole.SleepStages, next.SleepStages, next.Start.Sub(whole.Start))
	whole.SnoringStages = joinStages(whole.SnoringStages, next.SnoringStages, next.Start.Sub(whole.Start))
	whole.ID, whole.End, whole.CreatedTimezone = "", next.End, next.CreatedTimezone
	whole.MissingDataRatio = larger(whole.MissingDataRatio, next.MissingDataRatio)
	if whole.Stat == nil || next.Stat == nil {
		whole.Stat, whole.SleepStages = nil, nil // with the gap in it, the hypnogram is no substitute
		return
	}
	a, b := whole.Stat, next.Stat
	whole.Stat = &asleep.Stat{
		SleepTime: a.SleepTime, SleepLatency: a.SleepLatency,
		WakeTime: b.WakeTime, WakeupLatency: b.WakeupLatency,
		TimeInBed: added(a.TimeInBed, b.TimeInBed), TimeInSleep: added(a.TimeInSleep, b.TimeInSleep), TimeInWake: added(a.TimeInWake, b.TimeInWake),
		TimeInLight: added(a.TimeInLight, b.TimeInLight), TimeInDeep: added(a.TimeInDeep, b.TimeInDeep), TimeInREM: added(a.TimeInREM, b.TimeInREM),
		TimeInSnoring: added(a.TimeInSnoring, b.TimeInSnoring), LongestWASO: larger(a.LongestWASO, b.LongestWASO),
	}
}

// joinStages puts the codes of a recording that began so much later behind those of
// an earlier one; nil when either is not known.
func joinStages(codes, next []int, later time.Duration) []int {
	if len(codes) == 0 || len(next) == 0 {
		return nil
	}
	between := int(math.Round(later.Seconds()/epoch.Seconds())) - len(codes)
	return slices.Concat(codes, slices.Repeat([]int{int(analytics.Unknown)}, max(0, between)), next)
}

func added(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	return new(*a + *b)
}

func larger(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	return new(max(*a, *b))
}

// splitNight says that the night has several recordings: of the whole night which
// they are, of one of them how long the whole night was.
func (out *getSessionOut) splitNight(n *analytics.Night) {
	recordings := tool.Count(len(n.Main), "recording")
	if out.SessionID == "" {
		for _, s := range n.Main {
			out.Parts = append(out.Parts, nightPart{
				SessionID: s.ID, Start: tool.Instant(s.Start, n.Zone()), End: tool.Instant(s.End, n.Zone()), InBed: *tool.MinutesOf(s.InBed), Asleep: *tool.MinutesOf(s.Asleep),
			})
		}
		tool.Lacks(&out.Caveats, "split_night", "session_id", "sleep_index")
		out.Warn("split_night", "This night has %s; their durations are added up, and the time between them counts in none.", recordings)
		return
	}
	out.Warn("split_night", "This is one of %s of the night of %s, in which %s of sleep were recorded; give night instead of session_id for all of it.",
		recordings, n.Date, tool.HoursText(n.Asleep().Hours()))
}
