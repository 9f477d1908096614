package nights

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// ServiceAverages returns the source's own averages over the slept recordings of some
// dates, naps included, for a sparse history. A range of more than 100 days is requested
// in parts, which are weighted by their number of recordings.
func (p *Person) ServiceAverages(ctx context.Context, d Days) (analytics.Averages, error) {
	var parts []part
	recordings := 0
	for from := d.From; !from.After(d.To); from = from.AddDays(asleep.MaxDays) {
		to := from.AddDays(asleep.MaxDays - 1)
		if to.After(d.To) {
			to = d.To
		}
		stats, err := p.library.source.AverageStats(ctx, p.ID, from, to, p.Zone.String())
		if err != nil {
			return analytics.Averages{}, err
		}
		if stats.Averages != nil && len(stats.Slept) > 0 {
			parts = append(parts, part{stats.Averages, len(stats.Slept)})
			recordings += len(stats.Slept)
		}
	}
	return weigh(parts, recordings), nil
}

// part is the service's averages of up to 100 days, and the number of sessions they are
// based on.
type part struct {
	*asleep.Averages
	sessions int
}

func weigh(parts []part, sessions int) analytics.Averages {
	mean := func(of func(*asleep.Averages) *float64) analytics.Estimate { return weighMean(parts, of) }
	clock := func(of func(*asleep.Averages) *asleep.ClockTime) analytics.Estimate { return weighClock(parts, of) }
	a := analytics.Averages{
		Nights:  sessions,
		Bedtime: clock(func(a *asleep.Averages) *asleep.ClockTime { return a.StartTime }),
		Onset:   clock(func(a *asleep.Averages) *asleep.ClockTime { return a.SleepTime }),
		Wake:    clock(func(a *asleep.Averages) *asleep.ClockTime { return a.WakeTime }),
		Asleep:  mean(func(a *asleep.Averages) *float64 { return a.TimeInSleep }),
		InBed:   mean(func(a *asleep.Averages) *float64 { return a.TimeInBed }),
		Latency: mean(func(a *asleep.Averages) *float64 { return a.SleepLatency }),
		Awake:   mean(func(a *asleep.Averages) *float64 { return a.TimeInWake }),
		Snoring: mean(func(a *asleep.Averages) *float64 { return a.TimeInSnoring }),

		Awakenings:  mean(func(a *asleep.Averages) *float64 { return a.WASOCount }),
		AfterWaking: mean(func(a *asleep.Averages) *float64 { return a.WakeupLatency }),
		Light:       mean(func(a *asleep.Averages) *float64 { return a.TimeInLight }),
		Deep:        mean(func(a *asleep.Averages) *float64 { return a.TimeInDeep }),
		REM:         mean(func(a *asleep.Averages) *float64 { return a.TimeInREM }),
	}
	a.Efficiency = quotient(a.Asleep, a.InBed)
	a.LightShare, a.DeepShare, a.REMShare = quotient(a.Light, a.Asleep), quotient(a.Deep, a.Asleep), quotient(a.REM, a.Asleep)
	return a
}

func weighMean(parts []part, of func(*asleep.Averages) *float64) analytics.Estimate {
	sum, n := 0.0, 0
	for _, p := range parts {
		if x := of(p.Averages); x != nil {
			sum += *x * float64(p.sessions)
			n += p.sessions
		}
	}
	if n == 0 {
		return analytics.Estimate{Missing: analytics.NotMeasured}
	}
	return analytics.Estimate{Value: new(sum / float64(n)), N: n}
}

func weighClock(parts []part, of func(*asleep.Averages) *asleep.ClockTime) analytics.Estimate {
	var times []float64
	for _, p := range parts {
		if t := of(p.Averages); t != nil {
			for range p.sessions {
				times = append(times, float64(*t))
			}
		}
	}
	return analytics.ClockMean(times)
}

func quotient(part, whole analytics.Estimate) analytics.Estimate {
	if part.Value == nil || whole.Value == nil || *whole.Value <= 0 {
		return analytics.Estimate{Missing: analytics.NotMeasured}
	}
	return analytics.Estimate{Value: new(*part.Value / *whole.Value), N: part.N}
}
