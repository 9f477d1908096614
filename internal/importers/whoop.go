package importers

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"
)

// WHOOP writes sleeps.csv twice: the app's export has times of a clock and one offset for
// a whole cycle, which may be that of the day before; the one that the law makes it give has instants and
// milliseconds. Both have totals of the stages and no times of them.
var whoop = format{
	tracker: "whoop", title: "WHOOP",
	is: func(_ string, head []byte) bool {
		line, _, _ := bytes.Cut(head, []byte("\n"))
		line = bytes.ToLower(line)
		return bytes.Contains(line, []byte("cycle timezone")) && bytes.Contains(line, []byte("sleep onset")) ||
			bytes.Contains(line, []byte("during")) && bytes.Contains(line, []byte("timezone_offset")) && bytes.Contains(line, []byte("is_nap"))
	},
	read: readWhoop,
}

func readWhoop(ctx context.Context, s *sink, files []file) error {
	var sleeps, cycles []file
	for _, f := range files {
		head, err := f.head(ctx)
		if err != nil {
			return err
		}
		if line, _, _ := bytes.Cut(head, []byte("\n")); bytes.Contains(bytes.ToLower(line), []byte("nap")) {
			sleeps = append(sleeps, f)
		} else {
			cycles = append(cycles, f) // they tell the same main sleeps, and no naps
		}
	}
	if len(sleeps) == 0 {
		sleeps, cycles = cycles, nil
	}
	for _, f := range cycles {
		s.passOver(f)
	}
	for _, f := range sleeps {
		if err := s.readWhoopTable(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *sink) readWhoopTable(ctx context.Context, f file) error {
	t, err := s.openTable(ctx, f, layout{})
	if err != nil {
		return err
	}
	defer t.Close()
	add := s.addWhoopByLaw
	if t.has("cycle timezone") {
		add = s.addWhoop
	}
	for r, err := range s.whole(t) {
		if err != nil {
			return err
		}
		add(f, r)
	}
	return nil
}

func (s *sink) addWhoop(f file, r row) {
	if r.text("sleep onset") == "" && r.text("wake onset") == "" {
		s.refuse(f, r.where(), noTimes, "")
		return
	}
	offset, ok := offsetOf(r.text("cycle timezone"))
	if !ok || !strings.HasPrefix(r.text("cycle timezone"), "UTC") {
		s.refuse(f, r.where(), unreadable, "Cycle timezone")
		return
	}
	from, ok1 := wallOf(r.text("sleep onset"), time.DateTime)
	to, ok2 := wallOf(r.text("wake onset"), time.DateTime)
	if !ok1 || !ok2 {
		s.refuse(f, r.where(), unreadable, "Sleep onset or Wake onset")
		return
	}
	var slept, shallow, slow, dream, awoke, bed, score *float64
	if !s.numbers(r, map[string]**float64{
		"asleep duration (min)": &slept, "light sleep duration (min)": &shallow, "deep (sws) duration (min)": &slow,
		"rem duration (min)": &dream, "awake duration (min)": &awoke, "in bed duration (min)": &bed, "sleep performance %": &score,
	}) {
		return
	}
	east := time.Duration(offset) * time.Second
	one := record{
		file: f, where: r.where(), start: time.Time(from).Add(-east), end: time.Time(to).Add(-east), offsets: &offsets{start: offset, lags: true}, score: score,
		asleep: lasting(slept, time.Minute), light: lasting(shallow, time.Minute), deep: lasting(slow, time.Minute), rem: lasting(dream, time.Minute), waso: lasting(awoke, time.Minute),
		nap: whoopNap(r.text("nap")),
	}
	if bed := lasting(bed, time.Minute); bed != nil && (*bed-one.end.Sub(one.start)).Abs() > 45*time.Minute {
		s.note(f, r.where(), contradicts, "In bed duration")
	}
	s.addWhoopRecord(one)
}

// addWhoopRecord takes a sleep. Its stages add up to its sleep but for rounding. Its time
// awake may include some from before the onset or after the awakening, up to half an hour: it
// is then not that of the night.
func (s *sink) addWhoopRecord(one record) {
	if one.sleepTime() == nil {
		s.refuse(one.file, one.where, noNumbers, "")
		return
	}
	if one.light != nil && one.deep != nil && one.rem != nil {
		stages := *one.light + *one.deep + *one.rem
		if (stages - zero(one.asleep)).Abs() > 3*time.Minute {
			s.note(one.file, one.where, contradicts, "the sum of its stages")
			one.light, one.deep, one.rem = nil, nil, nil
		} else {
			one.asleep = &stages
		}
	}
	if span := one.end.Sub(one.start) + slack; one.sum() > span && zero(one.sleepTime()) <= span {
		s.note(one.file, one.where, contradicts, "its time awake")
		one.waso = nil
	}
	s.add(one)
}

func whoopNap(text string) *bool {
	if text == "" {
		return nil
	}
	return new(strings.EqualFold(text, "true") || strings.EqualFold(text, "nap"))
}

func (s *sink) addWhoopByLaw(f file, r row) {
	offset, ok := offsetOf(r.text("timezone_offset"))
	var during []string
	list := strings.NewReplacer("'", `"`, "(", "[", ")", "]").Replace(r.text("during"))
	if err := json.Unmarshal([]byte(list), &during); err != nil || len(during) != 2 || !ok {
		s.refuse(f, r.where(), unreadable, "during or timezone_offset")
		return
	}
	start, _, ok1 := stampOf(during[0])
	end, _, ok2 := stampOf(during[1])
	if !ok1 || !ok2 {
		s.refuse(f, r.where(), unreadable, "during")
		return
	}
	var slept, shallow, slow, dream, awoke *float64
	if !s.numbers(r, map[string]**float64{
		"quality_duration": &slept, "light_sleep_duration": &shallow, "slow_wave_sleep_duration": &slow, "rem_sleep_duration": &dream, "wake_duration": &awoke,
	}) {
		return
	}
	s.addWhoopRecord(record{
		file: f, where: r.where(), start: start, end: end, offsets: &offsets{start: offset, lags: true}, nap: whoopNap(r.text("is_nap")),
		asleep: lasting(slept, time.Millisecond), light: lasting(shallow, time.Millisecond), deep: lasting(slow, time.Millisecond),
		rem: lasting(dream, time.Millisecond), waso: lasting(awoke, time.Millisecond),
	})
}
