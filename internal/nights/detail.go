package nights

import (
	"context"
	"math"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Epoch is the time that one code of a hypnogram stands for.
const Epoch = 30 * time.Second

// A Detail is one recording in full.
type Detail struct {
	ID         string
	State      State
	Start      time.Time
	End        *time.Time // nil while it is running
	Zone       *time.Location
	ZoneKnown  bool
	Date       civil.Date // local date of the end; without sleep, of the night for which it was made
	SleepIndex *float64   // the service's own score; nil: none
	OwnScore   *float64   // another tracker's own, comparable with no other; nil: none
	Tracker    string     // what recorded it
	LostShare  *float64   // of the recording, 0 to 1; nil: not reported

	// Measured holds the source's numbers; nil: there are none.
	Measured *analytics.Session
	// Codes are the stages as the source writes them, one for each [Epoch] from Start on,
	// 0 wake, 1 light, 2 deep, 3 REM, anything else unknown; nil: not reported.
	Codes []int
	// SnoringCodes are 1 where there was snoring, 0 where not; nil: not reported.
	SnoringCodes []int
	// TwoStages reports that only sleep and wake are told apart, and light stands for all
	// sleep. Without numbers this is assumed until deep or REM sleep is seen.
	TwoStages bool
}

// Detail reads one recording in full.
func (p *Person) Detail(ctx context.Context, id string) (*Detail, error) {
	s, err := p.library.source.Session(ctx, p.ID, id)
	if err != nil {
		return nil, err
	}
	listed := p.pending(p.newest, s.Recording)
	d := &Detail{
		ID: s.ID, State: stateOf(s), Start: s.Start, End: s.End, Zone: listed.Zone, Date: listed.Date,
		OwnScore: scoreOf(s.Origin), Tracker: trackerOf(s.Origin), LostShare: s.MissingDataRatio, Codes: s.SleepStages, SnoringCodes: s.SnoringStages,
		TwoStages: !slices.ContainsFunc(s.SleepStages, func(code int) bool { return code > int(analytics.Light) }),
	}
	_, d.ZoneKnown = asleep.Zone(s.CreatedTimezone)
	if s.Stat != nil {
		one := measured(&asleep.SleptSession{ID: s.ID, Start: s.Start, End: s.Ended(), Origin: s.Origin, Stat: *s.Stat}, d.Zone, p.Now)
		d.SleepIndex, d.TwoStages = s.Stat.SleepIndex, s.Stat.TimeInLight == nil
		if s.Stat.TimeInSleep != nil {
			d.Measured, d.Date = &one, civil.DateOf(s.Ended().In(d.Zone))
		}
	}
	return d, nil
}

// StateOf finds out why a finished recording is in no history, for which it has to be
// read.
func (p *Person) StateOf(ctx context.Context, one Pending) (State, error) {
	if one.State != Complete {
		return one.State, nil
	}
	d, err := p.Detail(ctx, one.ID)
	switch {
	case err != nil && p.Offline != nil: // it is said that the source cannot be asked
		return one.State, nil
	case err != nil:
		return "", err
	}
	return d.State, nil
}

// Stages returns the codes as stages of package analytics.
func (d *Detail) Stages() []analytics.Stage {
	stages := make([]analytics.Stage, len(d.Codes))
	for i, c := range d.Codes {
		stages[i] = analytics.Unknown
		if c >= int(analytics.Wake) && c <= int(analytics.REM) {
			stages[i] = analytics.Stage(c)
		}
	}
	return stages
}

// Snoring returns the time with snoring; nil when it is not reported.
func (d *Detail) Snoring() *time.Duration {
	if len(d.SnoringCodes) == 0 {
		return nil
	}
	n := 0
	for _, code := range d.SnoringCodes {
		if code == 1 {
			n++
		}
	}
	return new(time.Duration(n) * Epoch)
}

// Alone returns the night that this recording makes without any other; nil when it has
// no usable sleep.
func (d *Detail) Alone() *analytics.Night {
	if d.Measured == nil {
		return nil
	}
	nights := analytics.Assemble([]analytics.Session{*d.Measured}).Nights
	if len(nights) == 0 {
		return nil
	}
	return &nights[0]
}

// Join makes one recording out of those of a split night, which come in order. It has no
// id and no score, and the time between them is unknown. Its numbers are the night's.
func Join(parts []*Detail) *Detail {
	whole := *parts[0]
	if len(parts) == 1 {
		return &whole
	}
	whole.ID, whole.SleepIndex, whole.OwnScore, whole.Measured = "", nil, nil, nil
	for _, next := range parts[1:] {
		later := next.Start.Sub(whole.Start)
		whole.Codes = joinCodes(whole.Codes, next.Codes, later)
		whole.SnoringCodes = joinCodes(whole.SnoringCodes, next.SnoringCodes, later)
		whole.LostShare = larger(whole.LostShare, next.LostShare)
		whole.End, whole.Zone, whole.ZoneKnown, whole.Date = next.End, next.Zone, next.ZoneKnown, next.Date
		whole.TwoStages = whole.TwoStages || next.TwoStages
	}
	return &whole
}

// joinCodes appends the codes of a recording that began later by the given time to those
// of an earlier one; nil when either is unknown.
func joinCodes(codes, next []int, later time.Duration) []int {
	if len(codes) == 0 || len(next) == 0 {
		return nil
	}
	between := int(math.Round(later.Seconds()/Epoch.Seconds())) - len(codes)
	return slices.Concat(codes, slices.Repeat([]int{int(analytics.Unknown)}, max(0, between)), next)
}

func larger(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	return new(max(*a, *b))
}
