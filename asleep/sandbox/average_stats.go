package sandbox

import (
	"math"
	"net/http"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

// averageStats answers GET /data/v1/users/{id}/average-stats.
func (s *Server) averageStats(r *http.Request) (answer, error) {
	zone, err := zoneOf(r)
	if err != nil {
		return answer{}, err
	}
	start, end, err := period(r)
	if err != nil {
		return answer{}, err
	}
	u := s.user(r.PathValue("id"))
	if u == nil {
		return answer{}, noDataUser(r.PathValue("id"))
	}
	slept, never := split(u.sessions, start, end, zone, s.options.Now())
	return ok(map[string]any{
		"period":               map[string]any{"timezone": zone.String(), "start_date": start, "end_date": end},
		"peculiarities":        []string{"NO_BREATHING_STABILITY"},
		"average_stats":        averageOf(slept, zone),
		"never_slept_sessions": nightsOf(never, zone, s.options.Sparse, identityOf),
		"slept_sessions":       nightsOf(slept, zone, s.options.Sparse, metricsOf),
	}), nil
}

// period reads the two dates, both of them required.
func period(r *http.Request) (start, end civil.Date, err error) {
	dates := make([]civil.Date, 2)
	for i, field := range []string{"start_date", "end_date"} {
		date, err := dateQuery(r, field)
		if err != nil {
			return start, end, err
		}
		if date == nil {
			return start, end, invalidQuery(field, "field required")
		}
		dates[i] = *date
	}
	start, end = dates[0], dates[1]
	switch {
	case end.Before(start):
		return start, end, invalidQuery("end_date", "is before start_date")
	case daysOf(start, end) > 100:
		return start, end, errPeriod
	}
	return start, end, nil
}

// split returns the analysed sessions that start in the period, those with
// sleep and those without. The others are in neither list.
func split(all []*session, start, end civil.Date, zone *time.Location, now time.Time) (slept, never []*session) {
	for _, a := range all {
		date := a.date(zone)
		switch {
		case date.Before(start) || date.After(end) || !a.analysed(now):
		case a.figures().slept:
			slept = append(slept, a)
		default:
			never = append(never, a)
		}
	}
	return slept, never
}

// nightIdentity is all that is given about a session without sleep.
type nightIdentity struct {
	ID            string `json:"id"`
	StartTime     any    `json:"start_time"`
	EndTime       any    `json:"end_time"`
	CompletedTime any    `json:"completed_time"`
}

type nightMetrics struct {
	nightIdentity
	CreatedTimezone string `json:"created_timezone"`
	stat
}

func identityOf(a *session, zone *time.Location) nightIdentity {
	return nightIdentity{a.ID, instant(a.Start, zone), instant(a.End, zone), instant(a.Completed, zone)}
}

func metricsOf(a *session, zone *time.Location) nightMetrics {
	return nightMetrics{identityOf(a, zone), a.Zone, a.stat(zone)}
}

// nightsOf lists sessions, newest first.
func nightsOf[T any](sessions []*session, zone *time.Location, sparse bool, write func(*session, *time.Location) T) []any {
	list := []any{}
	for _, a := range slices.Backward(sessions) {
		if sparse {
			list = append(list, map[string]any{"session_id": a.ID, "session_start_time": instant(a.Start, zone)})
			continue
		}
		list = append(list, write(a, zone))
	}
	return list
}

// averageOf returns the block of averages over slept sessions, nil without any. Times of
// day are averaged on their own and need not agree with durations; ratios are those of
// the averaged durations.
func averageOf(slept []*session, zone *time.Location) map[string]any {
	if len(slept) == 0 {
		return nil
	}
	a := average{slept, zone, map[string]any{}}
	a.clocks()
	a.means()
	a.ratios()
	for _, field := range []string{
		"time_in_stable_breath", "time_in_unstable_breath", "stable_breath_ratio",
		"unstable_breath_ratio", "breathing_index", "unstable_breath_count",
	} {
		a.out[field] = nil
	}
	return a.out
}

type average struct {
	slept []*session
	zone  *time.Location
	out   map[string]any
}

func (a average) clocks() {
	for field, at := range map[string]func(*session) time.Time{
		"start_time": func(s *session) time.Time { return s.Start },
		"end_time":   func(s *session) time.Time { return s.End },
		"sleep_time": func(s *session) time.Time { return s.Start.Add(time.Duration(s.figures().onset) * epoch) },
		"wake_time":  func(s *session) time.Time { return s.Start.Add(time.Duration(s.figures().last+1) * epoch) },
	} {
		a.out[field] = meanClock(a.slept, a.zone, at)
	}
}

// meanClock returns the mean direction of the times of day on a circle.
func meanClock(slept []*session, zone *time.Location, at func(*session) time.Time) string {
	const day = 24 * 60 * 60
	x, y := 0.0, 0.0
	for _, s := range slept {
		clock := civil.TimeOf(at(s).In(zone))
		sin, cos := math.Sincos(2 * math.Pi * float64(clock.Hour*3600+clock.Minute*60+clock.Second) / day)
		x, y = x+cos, y+sin
	}
	mean := int(math.Round(math.Atan2(y, x)/(2*math.Pi)*day)+day) % day
	return civil.Time{Hour: mean / 3600, Minute: mean / 60 % 60, Second: mean % 60}.String()
}

func (a average) means() {
	durations := map[string]func(figures) *int{
		"sleep_latency":        func(f figures) *int { return f.SleepLatency },
		"wakeup_latency":       func(f figures) *int { return f.WakeupLatency },
		"time_in_bed":          func(f figures) *int { return f.TimeInBed },
		"time_in_sleep_period": func(f figures) *int { return f.TimeInSleepPeriod },
		"time_in_sleep":        func(f figures) *int { return f.TimeInSleep },
		"time_in_wake":         func(f figures) *int { return f.TimeInWake },
		"time_in_light":        func(f figures) *int { return f.TimeInLight },
		"time_in_deep":         func(f figures) *int { return f.TimeInDeep },
		"time_in_rem":          func(f figures) *int { return f.TimeInREM },
		"time_in_snoring":      func(f figures) *int { return f.TimeInSnoring },
		"time_in_no_snoring":   func(f figures) *int { return f.TimeInNoSnoring },
		"longest_waso":         func(f figures) *int { return f.LongestWASO },
	}
	counts := map[string]func(figures) *int{
		"waso_count":        func(f figures) *int { return f.WASOCount },
		"sleep_cycle_count": func(f figures) *int { return f.SleepCycleCount },
		"snoring_count":     func(f figures) *int { return f.SnoringCount },
	}
	for field, of := range durations {
		a.set(field, mean(a.slept, of), math.RoundToEven)
	}
	for field, of := range counts {
		a.set(field, mean(a.slept, of), meanCount)
	}
}

func (a average) set(field string, value *float64, rounded func(float64) float64) {
	a.out[field] = nil
	if value != nil {
		a.out[field] = rounded(*value)
	}
}

// ratios divides averaged durations. Snoring has its own denominator, as it is only
// measured on some of the nights.
func (a average) ratios() {
	inBed := func(f figures) *int { return f.TimeInBed }
	period := func(f figures) *int { return f.TimeInSleepPeriod }
	for field, q := range map[string]struct{ part, whole func(figures) *int }{
		"sleep_efficiency": {func(f figures) *int { return f.TimeInSleep }, inBed},
		"sleep_ratio":      {func(f figures) *int { return f.TimeInSleep }, period},
		"wake_ratio":       {func(f figures) *int { return f.TimeInWake }, period},
		"light_ratio":      {func(f figures) *int { return f.TimeInLight }, period},
		"deep_ratio":       {func(f figures) *int { return f.TimeInDeep }, period},
		"rem_ratio":        {func(f figures) *int { return f.TimeInREM }, period},
		"snoring_ratio":    {func(f figures) *int { return f.TimeInSnoring }, whereSnoring(period)},
		"no_snoring_ratio": {func(f figures) *int { return f.TimeInNoSnoring }, whereSnoring(period)},
	} {
		part, whole := mean(a.slept, q.part), mean(a.slept, q.whole)
		if part != nil && whole != nil && *whole > 0 {
			*part /= *whole
		}
		a.set(field, part, func(x float64) float64 { return round(x, 3) })
	}
}

func whereSnoring(of func(figures) *int) func(figures) *int {
	return func(f figures) *int {
		if f.TimeInSnoring == nil {
			return nil
		}
		return of(f)
	}
}

// mean averages over the sessions that have the figure, nil if none has.
func mean(slept []*session, of func(figures) *int) *float64 {
	sum, n := 0, 0
	for _, s := range slept {
		if v := of(s.figures()); v != nil {
			sum += *v
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return new(float64(sum) / float64(n))
}
