package importers

import (
	"crypto/sha256"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

const (
	longest  = 24 * time.Hour
	shortest = 10 * time.Minute
	slack    = 2 * time.Minute // by which a tracker's sums may differ
)

// A record is one sleep as a file has it. Durations are nil where it has none.
type record struct {
	file  file
	where string

	app, device, algorithm string
	key                    string // the tracker's own id; "": the start is what it is known by

	start, end time.Time
	zone       string // IANA name; "": not told
	offsets    *offsets

	line timeline // empty: the file has no stages with their times

	asleep, light, deep, rem *time.Duration
	waso                     *time.Duration // awake between onset and final awakening
	awakeInBed               *time.Duration // awake between start and end
	latency, rise            *time.Duration // start to onset, final awakening to end
	snoring                  *time.Duration

	score   *float64
	nap     *bool
	date    string
	changed time.Time // when the tracker changed it last; zero: not told
}

// offsets are those of the clock, in seconds east of UTC.
type offsets struct {
	start int
	end   *int // nil: only one is told
	lags  bool // it may be that of the day before
}

// add takes a record, unless it cannot be a sleep.
func (s *sink) add(r record) {
	r.start, r.end = r.start.Truncate(time.Millisecond), r.end.Truncate(time.Millisecond) // as in its timeline
	if why := s.whyNot(&r); why != "" {
		s.refuse(r.file, r.where, why, "")
		return
	}
	if r.asleep != nil && !r.addsUp() {
		s.note(r.file, r.where, contradicts, "the sum of its stages")
		r.light, r.deep, r.rem = nil, nil, nil
	}
	s.records = append(s.records, r)
}

// addsUp reports whether the totals of the stages are those of a sleep: together its length
// where all three are told, and never more.
func (r *record) addsUp() bool {
	stages := zero(r.light) + zero(r.deep) + zero(r.rem)
	all := r.light != nil && r.deep != nil && r.rem != nil
	return stages-*r.asleep <= slack && (!all || *r.asleep-stages <= slack)
}

func (s *sink) whyNot(r *record) reason {
	inBed := r.end.Sub(r.start)
	switch {
	case !plausible(r.start) || !plausible(r.end):
		return noTimes
	case inBed <= 0:
		return endsFirst
	case inBed >= longest:
		return tooLong
	case inBed < shortest:
		return tooShort
	case r.start.After(s.now):
		return future
	case r.line.total(func(stage) bool { return true }) > inBed+slack, r.sum() > inBed+slack:
		return stagesExceed
	}
	return ""
}

// sum returns what the totals of a record add up to.
func (r *record) sum() time.Duration {
	stages := zero(r.light) + zero(r.deep) + zero(r.rem)
	return max(stages, zero(r.asleep)) + max(zero(r.waso), zero(r.awakeInBed))
}

func zero(d *time.Duration) time.Duration {
	if d == nil {
		return 0
	}
	return *d
}

// id returns the id of the record's session: its start, and a hash of what it is known by.
func (r *record) id(tracker string) string {
	key := r.key
	if key == "" {
		key = r.start.UTC().Format(time.RFC3339)
	}
	sum := sha256.Sum256([]byte(tracker + "\x00" + r.app + "\x00" + key))
	return r.start.UTC().Format("20060102150405") + "_" + strconv.FormatUint(binary.BigEndian.Uint64(sum[:]), 36)
}

// session returns the record as a session in a zone.
func (r *record) session(tracker, zone string) asleep.Session {
	end := r.end.UTC()
	out := asleep.Session{
		Recording: asleep.Recording{
			ID: r.id(tracker), State: asleep.Complete, Start: r.start.UTC(), End: &end, CreatedTimezone: zone,
			Origin: &asleep.Origin{Tracker: tracker, App: r.app, Device: r.device, Algorithm: r.algorithm, Score: r.score, Date: r.date, Nap: r.nap},
		},
		SleepStages: r.line.codes(r.start, r.end),
		Stat:        r.stat(),
	}
	if out.Stat.WASOCount != nil {
		out.Origin.LongAwakenings = new(longAwakenings(out.SleepStages))
	}
	return out
}

// stat returns what is measured. Without a time asleep that is the time in bed alone.
func (r *record) stat() *asleep.Stat {
	inBed := r.end.Sub(r.start)
	out := &asleep.Stat{TimeInBed: secondsOf(&inBed), TimeInSnoring: secondsOf(r.snoring)}
	slept := r.sleepTime()
	if slept == nil {
		return out
	}
	onset, wake := r.period(*slept)
	out.SleepTime, out.WakeTime = &onset, &wake
	out.TimeInSleep = secondsOf(slept)
	out.SleepEfficiency = new(min(1, slept.Seconds()/inBed.Seconds()))
	period := wake.Sub(onset)
	out.TimeInSleepPeriod = secondsOf(&period)
	if r.latency != nil && onset.Equal(r.start.Add(*r.latency)) {
		out.SleepLatency = secondsOf(r.latency)
	}
	if r.rise != nil && wake.Equal(r.end.Add(-*r.rise)) {
		out.WakeupLatency = secondsOf(r.rise)
	}
	r.putStages(out, *slept)
	r.putWakes(out, onset, wake, *slept)
	return out
}

// sleepTime returns the time asleep; nil when there is none or it is not told.
func (r *record) sleepTime() *time.Duration {
	slept := r.line.asleep()
	switch {
	case r.asleep != nil:
		slept = *r.asleep
	case r.light != nil || r.deep != nil || r.rem != nil:
		slept = zero(r.light) + zero(r.deep) + zero(r.rem)
	}
	if slept <= 0 {
		return nil
	}
	return &slept
}

// period returns onset and final awakening: as the file tells, else as its stages show,
// else start and end. What leaves no room for the sleep is not believed.
func (r *record) period(slept time.Duration) (onset, wake time.Time) {
	onset, wake = r.start, r.end
	if first, last, ok := r.line.sleep(); ok {
		onset, wake = first, last
	}
	told := onset
	if r.latency != nil {
		told = r.start.Add(*r.latency)
	}
	last := wake
	if r.rise != nil {
		last = r.end.Add(-*r.rise)
	}
	if last.Sub(told) >= slept-slack {
		onset, wake = told, last
	}
	if wake.Sub(onset) < slept-slack {
		onset, wake = r.start, r.end
	}
	return onset.UTC(), wake.UTC()
}

// putStages fills in light, deep and REM sleep. A stage that does not occur is not told,
// because few devices say that they measure it.
func (r *record) putStages(out *asleep.Stat, slept time.Duration) {
	l, d, m := r.light, r.deep, r.rem
	if l == nil && d == nil && m == nil {
		told, mixed := r.line.stagesTold()
		if !told || mixed || (r.line.asleep()-slept).Abs() > slack {
			return
		}
		l, d, m = occurring(r.line.in(light)), occurring(r.line.in(deep)), occurring(r.line.in(rem))
	}
	out.TimeInLight, out.TimeInDeep, out.TimeInREM = secondsOf(l), secondsOf(d), secondsOf(m)
}

func occurring(d time.Duration) *time.Duration {
	if d == 0 {
		return nil
	}
	return &d
}

// putWakes fills in the wake after sleep onset, which only some trackers tell: as the file
// says, or what is left of the time awake in bed, or as the stages show.
func (r *record) putWakes(out *asleep.Stat, onset, wake time.Time, slept time.Duration) {
	inPeriod := r.line.within(onset, wake)
	room := max(0, wake.Sub(onset)-slept)
	switch {
	case r.waso != nil:
		out.TimeInWake = secondsOf(new(min(*r.waso, room)))
	case r.awakeInBed != nil && (r.line.asleep() > 0 || r.latency != nil && r.rise != nil):
		outside := onset.Sub(r.start) + r.end.Sub(wake)
		out.TimeInWake = secondsOf(new(min(max(0, *r.awakeInBed-outside), room)))
	case r.line.tellsWake():
		out.TimeInWake = secondsOf(new(min(inPeriod.in(awake), room)))
	}
	if r.line.tellsWake() && out.TimeInWake != nil {
		count, most := inPeriod.wakes()
		out.WASOCount, out.LongestWASO = new(float64(count)), secondsOf(&most)
	}
}

// tellsWake reports whether a timeline tells wake from what is not known: it has wake, or
// stages without a gap between them.
func (l timeline) tellsWake() bool {
	told, _ := l.stagesTold()
	if !told {
		return l.in(awake) > 0
	}
	onset, wake, _ := l.sleep()
	return l.in(awake) > 0 || wake.Sub(onset)-l.asleep() < time.Minute
}

func secondsOf(d *time.Duration) *float64 {
	if d == nil {
		return nil
	}
	return new(d.Seconds())
}

// lasting returns numbers of seconds, minutes or milliseconds as a duration; nil for none and
// for what no night can have.
func lasting(x *float64, unit time.Duration) *time.Duration {
	if x == nil || *x < 0 || *x*float64(unit) > float64(48*time.Hour) {
		return nil
	}
	return new(time.Duration(*x * float64(unit)))
}
