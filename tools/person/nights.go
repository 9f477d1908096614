package person

import (
	"context"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// margin is how many days more are read on both sides: zones move a night by up
// to one date, and its recording begins on the date before.
const Margin = 2

// read fetches the nights of p and dates them.
func (q *Question) read(ctx context.Context, p nights.Days) (*record, error) {
	found, err := q.Deps.Client.Nights(ctx, q.User.ID(), p.From.AddDays(-Margin), p.To.AddDays(Margin))
	if err != nil {
		return nil, err
	}
	return q.Record(p, found), nil
}

// inContext fetches the nights of p and those that they are held against. What is a nap
// depends on when somebody usually sleeps: whatever is asked about a period must know
// of the same nights, or two tools would tell it differently.
func (q *Question) inContext(ctx context.Context, p nights.Days) (long, r *record, err error) {
	long, err = q.read(ctx, nights.Days{From: p.From.AddDays(-analytics.BaselineDays), To: p.To})
	if err != nil {
		return nil, nil, err
	}
	return long, long.Within(p), nil
}

// withBaseline is inContext, and begins the answer about p.
func (q *Question) withBaseline(ctx context.Context, h *tool.Head, p nights.Days) (long, r *record, err error) {
	if long, r, err = q.inContext(ctx, p); err != nil {
		return nil, nil, err
	}
	*h = q.head(p, r)
	return long, r, q.freshness(ctx, h, r)
}

// record dates the nights of p among what was found.
func (q *Question) Record(p nights.Days, found *asleep.Nights) *record {
	r := &record{
		Days:   p,
		slept:  make(map[string]asleep.SleptSession, len(found.Slept)),
		never:  found.NeverSlept,
		asOf:   found.AsOf,
		sparse: found.Sparse,
		placed: make(map[string]*time.Location, len(found.Slept)),
	}
	sessions := make([]analytics.Session, 0, len(found.Slept)+len(found.NeverSlept))
	for _, s := range found.Slept {
		r.slept[s.ID] = s
		r.placed[s.ID] = q.place(s.CreatedTimezone)
		one := sessionOf(s, r.placed[s.ID])
		if s.TimeInSleep == nil && one.Onset.IsZero() {
			one.Onset = s.Start // it holds sleep, of which nothing is told; no onset would mean it holds none
		}
		if !found.Sparse {
			sessions = append(sessions, one)
		}
	}
	for _, s := range found.NeverSlept {
		sessions = append(sessions, analytics.Session{
			ID: s.ID, Zone: q.Local, Start: s.Start, End: s.End, InBed: s.End.Sub(s.Start),
		})
	}
	whole := analytics.Assemble(sessions).Between(p.From, p.To)
	r.Nights, r.dropped = whole.Nights, whole.Dropped
	r.countOddities(q, found.Slept)
	return r
}

// place is the zone in which a session's clock times are read.
func (q *Question) place(created string) *time.Location {
	if q.zone != nil {
		return q.zone
	}
	if z, ok := asleep.Zone(created); ok {
		return z
	}
	return q.Local
}

func (r *record) countOddities(q *Question, slept []asleep.SleptSession) {
	for _, s := range slept {
		if !r.Contains(civil.DateOf(s.End.In(r.placed[s.ID]))) {
			continue
		}
		if s.SleepEfficiency != nil && *s.SleepEfficiency > 1 {
			r.over1++
		}
		if _, ok := asleep.Zone(s.CreatedTimezone); !ok && q.zone == nil && !r.sparse {
			r.noZone++
		}
	}
}

// sessionOf gives a slept session the vocabulary and units of analytics.
func sessionOf(s asleep.SleptSession, zone *time.Location) analytics.Session {
	out := analytics.Session{
		ID:          s.ID,
		Zone:        zone,
		Start:       s.Start,
		End:         s.End,
		InBed:       s.End.Sub(s.Start),
		Light:       optionalDuration(s.TimeInLight),
		Deep:        optionalDuration(s.TimeInDeep),
		REM:         optionalDuration(s.TimeInREM),
		Snoring:     optionalDuration(s.TimeInSnoring),
		Latency:     optionalDuration(s.SleepLatency),
		LongestWake: optionalDuration(s.LongestWASO),
	}
	if s.TimeInBed != nil {
		out.InBed = seconds(*s.TimeInBed)
	}
	if s.TimeInSleep != nil {
		out.Asleep = seconds(*s.TimeInSleep)
	}
	if s.SleepTime != nil {
		out.Onset = *s.SleepTime
	} else if out.Latency != nil {
		out.Onset = s.Start.Add(*out.Latency)
	}
	if s.WakeTime != nil {
		out.Wake = *s.WakeTime
	} else if s.WakeupLatency != nil {
		out.Wake = s.End.Add(-seconds(*s.WakeupLatency))
	}
	switch {
	case s.TimeInWake != nil:
		out.Awake = seconds(*s.TimeInWake)
	case !out.Onset.IsZero() && !out.Wake.IsZero():
		out.Awake = out.Wake.Sub(out.Onset) - out.Asleep
	}
	return out
}

// seconds converts the service's numbers; what no recording can last is cut to
// something that the checks of analytics refuse.
func seconds(s float64) time.Duration {
	const most = 1e8
	return time.Duration(min(max(s, -most), most) * float64(time.Second))
}

func optionalDuration(s *float64) *time.Duration {
	if s == nil {
		return nil
	}
	return new(seconds(*s))
}
