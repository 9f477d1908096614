package importers

import (
	"bytes"
	"context"
	"strings"
	"time"
)

// Sleep Cycle writes times of a clock without a zone, and beside them the time in bed that
// went by, which is right where the clock was changed. The older table has no time asleep.
var sleepCycle = format{
	tracker: "sleep_cycle", title: "Sleep Cycle",
	is: func(_ string, head []byte) bool {
		line, _, _ := bytes.Cut(bytes.ToLower(head), []byte("\n"))
		return bytes.HasPrefix(line, []byte("start")) && bytes.Contains(line, []byte("sleep quality")) && bytes.Contains(line, []byte("time in bed"))
	},
	read: readSleepCycle,
}

func readSleepCycle(ctx context.Context, s *sink, files []file) error {
	for _, f := range files {
		if err := s.localTable(ctx, f, layout{loose: true}, s.addSleepCycle); err != nil {
			return err
		}
	}
	return nil
}

func (s *sink) addSleepCycle(f file, r row) {
	from, ok1 := wallOf(r.text("start"), time.DateTime)
	to, ok2 := wallOf(r.text("end"), time.DateTime)
	quality, percent := strings.CutSuffix(r.text("sleep quality"), "%")
	score, ok3 := numberOf(quality)
	switch {
	case !ok1 || !ok2:
		s.refuse(f, r.where(), unreadable, "Start or End")
		return
	case !r.table.has("time in bed (seconds)") && (!percent || !ok3):
		s.refuse(f, r.where(), unreadable, "Sleep quality")
		return
	}
	one := record{file: f, where: r.where(), zone: s.zone.String()}
	if ok3 {
		one.score = &score
	}
	bed, ok := s.sleepCycleTimes(&one, r)
	if !ok {
		return
	}
	if bed == nil && one.asleep != nil {
		s.note(f, r.where(), contradicts, "its time in bed")
	}
	s.place(&one, from, to, bed)
	s.add(one)
}

// sleepCycleTimes reads the durations. 0 stands for what was not measured.
func (s *sink) sleepCycleTimes(one *record, r row) (bed *time.Duration, ok bool) {
	if text := r.text("time in bed"); text != "" {
		length, ok := hoursOf(text)
		if !ok {
			s.refuse(one.file, one.where, unreadable, "Time in bed")
		}
		return positive(&length), ok
	}
	var inBed, slept, before, snored, shallow, slow, dream *float64
	if !s.numbers(r, map[string]**float64{
		"time in bed (seconds)": &inBed, "time asleep (seconds)": &slept, "time before sleep (seconds)": &before, "snore time": &snored, "snore time (seconds)": &snored,
		"light (seconds)": &shallow, "deep (seconds)": &slow, "dream (seconds)": &dream,
	}) {
		return nil, false
	}
	one.asleep, one.latency = positive(lasting(slept, time.Second)), positive(lasting(before, time.Second))
	if noise := lasting(snored, time.Second); noise != nil && (!r.table.has("did snore") || strings.EqualFold(r.text("did snore"), "true") == (*noise > 0)) {
		one.snoring = noise
	}
	if l, d, m := lasting(shallow, time.Second), lasting(slow, time.Second), lasting(dream, time.Second); zero(l)+zero(d)+zero(m) > 0 {
		one.light, one.deep, one.rem = l, d, m
	}
	return positive(lasting(inBed, time.Second)), true
}
