package asleep

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// SleptSession is a session in which sleep was found, with its metrics. In deployments
// that leave the metrics out, End is zero, Stat is empty and HasMetrics returns false.
// If only this session's metrics cannot be read, Stat is empty too, but End is set;
// other sessions are not affected.
type SleptSession struct {
	ID              string
	CreatedTimezone string // IANA zone of the device, "" if unknown
	Start           time.Time
	End             time.Time // zero: unknown
	Completed       time.Time // end of the analysis; zero: unknown
	Origin          *Origin   // nil: recorded with the service
	Stat
}

// HasMetrics reports whether the session has its metrics, that is at least time in bed
// and time asleep.
func (s SleptSession) HasMetrics() bool { return s.TimeInBed != nil && s.TimeInSleep != nil }

// Unreadable reports whether the session came with metrics that could not be read.
func (s SleptSession) Unreadable() bool {
	return s.TimeInBed == nil && s.TimeInSleep == nil && !s.End.IsZero()
}

// NeverSleptSession is a session in which no sleep was found.
type NeverSleptSession struct {
	ID        string
	Start     time.Time
	End       time.Time // zero: unknown
	Completed time.Time // end of the analysis; zero: unknown
	Origin    *Origin   // nil: recorded with the service
}

// ClockTime is a time of day in seconds after midnight, 0 to 86399.
type ClockTime int

// Averages are the service's own means over the slept sessions of a range; nil means
// not measured. Clock times are means of clock times, which need not agree with the
// mean durations. Durations are in seconds, ratios range from 0 to 1, and counts may be
// fractional.
type Averages struct {
	StartTime *ClockTime `json:"start_time"`
	EndTime   *ClockTime `json:"end_time"`
	SleepTime *ClockTime `json:"sleep_time"` // mean sleep onset
	WakeTime  *ClockTime `json:"wake_time"`  // mean final awakening

	SleepLatency      *float64 `json:"sleep_latency"`
	WakeupLatency     *float64 `json:"wakeup_latency"`
	TimeInBed         *float64 `json:"time_in_bed"`
	TimeInSleepPeriod *float64 `json:"time_in_sleep_period"`
	TimeInSleep       *float64 `json:"time_in_sleep"`
	TimeInWake        *float64 `json:"time_in_wake"`
	TimeInLight       *float64 `json:"time_in_light"`
	TimeInDeep        *float64 `json:"time_in_deep"`
	TimeInREM         *float64 `json:"time_in_rem"`

	TimeInStableBreath   *float64 `json:"time_in_stable_breath"`
	TimeInUnstableBreath *float64 `json:"time_in_unstable_breath"`
	TimeInSnoring        *float64 `json:"time_in_snoring"`
	TimeInNoSnoring      *float64 `json:"time_in_no_snoring"`

	SleepEfficiency *float64 `json:"sleep_efficiency"`
	SleepRatio      *float64 `json:"sleep_ratio"`
	WakeRatio       *float64 `json:"wake_ratio"`
	LightRatio      *float64 `json:"light_ratio"`
	DeepRatio       *float64 `json:"deep_ratio"`
	REMRatio        *float64 `json:"rem_ratio"`

	StableBreathRatio   *float64 `json:"stable_breath_ratio"`
	UnstableBreathRatio *float64 `json:"unstable_breath_ratio"`
	SnoringRatio        *float64 `json:"snoring_ratio"`
	NoSnoringRatio      *float64 `json:"no_snoring_ratio"`

	BreathingIndex  *float64 `json:"breathing_index"`
	WASOCount       *float64 `json:"waso_count"`
	LongestWASO     *float64 `json:"longest_waso"`
	SleepCycleCount *float64 `json:"sleep_cycle_count"`
	SnoringCount    *float64 `json:"snoring_count"`
	SleepIndex      *float64 `json:"sleep_index"` // not documented for averages
}

// AverageStats holds the service's averages for a range of at most [MaxDays] days and
// the sessions behind them.
type AverageStats struct {
	Timezone      string     // zone of the dates, and of the clock times in Averages
	From, To      civil.Date // first and last date, both included
	Peculiarities []Peculiarity
	Averages      *Averages           // nil: no slept session
	Slept         []SleptSession      // sorted by start, each id once, never nil
	NeverSlept    []NeverSleptSession // sorted by start, each id once, never nil
}

const averageStats = "GET /data/v1/users/{id}/average-stats"

// AverageStats returns the service's averages, and the sessions behind them, for the
// dates from the first to the last, at most [MaxDays] days. The dates are in timezone,
// an IANA name; "" is UTC. The answer is not cached. A range that is empty, too long or
// has invalid dates is [Invalid] and not sent. If only metrics by night are needed,
// [Client.Nights] is cheaper.
func (c *Client) AverageStats(ctx context.Context, userID string, from, to civil.Date, timezone string) (*AverageStats, error) {
	timezone = cmp.Or(timezone, utc)
	if err := withOp(averageStats, CheckUserID(userID), checkRange(from, to, MaxDays), checkZone(averageStats, timezone)); err != nil {
		return nil, err
	}
	return read(ctx, c, statsCall(userID, from, to, timezone), func(w *wireAverageStats) *AverageStats {
		s := &AverageStats{Timezone: timezone, From: from, To: to, Peculiarities: peculiarities(w.Peculiarities), Averages: w.Averages}
		if p := w.Period; p != nil {
			s.Timezone = cmp.Or(string(p.Timezone), timezone)
			s.From, s.To = civil.Date(*cmp.Or(p.From, (*day)(&from))), civil.Date(*cmp.Or(p.To, (*day)(&to)))
		}
		s.Slept, s.NeverSlept = merge(w.nights())
		return s
	})
}

func statsCall(userID string, from, to civil.Date, timezone string) call {
	return call{
		op: averageStats, id: userID, zone: timezone,
		query: url.Values{"start_date": {from.String()}, "end_date": {to.String()}},
	}
}

// checkRange refuses a range of less than 1 or more than longest days, both ends counted.
func checkRange(from, to civil.Date, longest int) error {
	switch {
	case !from.IsValid() || !to.IsValid():
		return refused(averageStats, "a date does not exist")
	case from.After(to):
		return refused(averageStats, "the first day is after the last")
	case to.DaysSince(from) >= longest:
		return refused(averageStats, "the range is longer than %d days", longest)
	}
	return nil
}

// merge sorts by start and keeps, for each id, the session that was analysed last, because
// a session can be analysed again. It reuses the slices it is given.
func merge(slept []SleptSession, never []NeverSleptSession) ([]SleptSession, []NeverSleptSession) {
	newest := make(map[string]time.Time, len(slept)+len(never))
	see := func(id string, completed time.Time) {
		if t, ok := newest[id]; !ok || completed.After(t) {
			newest[id] = completed
		}
	}
	for i := range slept {
		see(slept[i].ID, slept[i].Completed)
	}
	for i := range never {
		see(never[i].ID, never[i].Completed)
	}
	// Once an id is used it is removed from the map, so that duplicates find nothing.
	superseded := func(id string, completed time.Time) bool {
		t, ok := newest[id]
		if !ok || !completed.Equal(t) {
			return true
		}
		delete(newest, id)
		return false
	}
	slept = slices.DeleteFunc(slept, func(s SleptSession) bool { return superseded(s.ID, s.Completed) })
	never = slices.DeleteFunc(never, func(n NeverSleptSession) bool { return superseded(n.ID, n.Completed) })
	slices.SortFunc(slept, func(a, b SleptSession) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID))
	})
	slices.SortFunc(never, func(a, b NeverSleptSession) int {
		return cmp.Or(a.Start.Compare(b.Start), strings.Compare(a.ID, b.ID))
	})
	return slept, never
}

// UnmarshalJSON reads "hh:mm:ss".
func (t *ClockTime) UnmarshalJSON(b []byte) error {
	v, err := text(b, func(s string) (ClockTime, error) {
		at, err := civil.ParseTime(s)
		return ClockTime(at.Hour*3600 + at.Minute*60 + at.Second), err
	})
	*t = v
	return err
}

// wireNights is the part of average-stats that [Client.Nights] needs: what is not read
// cannot make it fail.
type wireNights struct {
	Period *struct {
		Timezone zoneName `json:"timezone"`
		From     *day     `json:"start_date"`
		To       *day     `json:"end_date"`
	} `json:"period"`
	Slept      list[wireSlept]    `json:"slept_sessions"`
	NeverSlept list[wireIdentity] `json:"never_slept_sessions"`
}

type wireAverageStats struct {
	wireNights
	Peculiarities list[word] `json:"peculiarities"`
	Averages      *Averages  `json:"average_stats"`
}

type wireSlept struct {
	wireIdentity
	wireStat
	CreatedTimezone zoneName `json:"created_timezone"`
}

// wireStat reads the instants of a [Stat] in all their forms, and bounds its string.
type wireStat struct {
	Stat
	SleepTime        *instant      `json:"sleep_time"`
	WakeTime         *instant      `json:"wake_time"`
	BreathingPattern *short        `json:"breathing_pattern"`
	SleepCycleTime   list[instant] `json:"sleep_cycle_time"`
}

func (w *wireStat) stat() Stat {
	s := w.Stat
	s.SleepTime, s.WakeTime = (*time.Time)(w.SleepTime), (*time.Time)(w.WakeTime)
	s.BreathingPattern, s.SleepIndex = (*string)(w.BreathingPattern), within(s.SleepIndex, 0, 100)
	if len(w.SleepCycleTime) > 0 {
		s.SleepCycleTime = make([]time.Time, len(w.SleepCycleTime))
	}
	for i, t := range w.SleepCycleTime {
		s.SleepCycleTime[i] = time.Time(t)
	}
	return s
}

// mend reads the sessions of a body one by one, where they could not be read together.
func (w *wireNights) mend(body []byte) bool {
	var envelope struct {
		Result struct {
			wireNights
			Slept list[jsontext.Value] `json:"slept_sessions"`
		} `json:"result"`
	}
	if json.Unmarshal(body, &envelope, lenient) != nil {
		return false
	}
	*w = envelope.Result.wireNights
	var ok bool
	w.Slept, ok = oneByOne(envelope.Result.Slept, func(s *wireSlept) *wireIdentity { return &s.wireIdentity })
	return ok
}

// mend mends nothing: the service's averages are over all sessions.
func (w *wireAverageStats) mend([]byte) bool { return false }

func (w *wireNights) check() error {
	if w.Period == nil && w.Slept == nil {
		return errors.New("slept_sessions is missing")
	}
	return nil
}

func (w *wireNights) nights() ([]SleptSession, []NeverSleptSession) {
	slept := make([]SleptSession, len(w.Slept))
	for i := range w.Slept {
		s := &w.Slept[i]
		slept[i] = SleptSession{
			ID: s.id(), CreatedTimezone: string(s.CreatedTimezone), Start: s.start(),
			End: moment(s.EndTime, s.SessionEnd), Completed: moment(s.CompleteTime, s.CompletedTime), Stat: s.stat(),
		}
	}
	never := make([]NeverSleptSession, len(w.NeverSlept))
	for i := range w.NeverSlept {
		n := &w.NeverSlept[i]
		never[i] = NeverSleptSession{
			ID: n.id(), Start: n.start(),
			End: moment(n.EndTime, n.SessionEnd), Completed: moment(n.CompleteTime, n.CompletedTime),
		}
		if checkTimes(never[i].ID, never[i].Start, &never[i].End) != nil {
			never[i].End = time.Time{}
		}
	}
	return slept, never
}
