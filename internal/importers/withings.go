package importers

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Withings writes a table of sleeps, whose heading is partly in the language of the
// account, and tables of what each minute was. Times have their own offsets.
var withings = format{
	tracker: "withings", title: "Withings",
	is: func(name string, head []byte) bool {
		return isWithingsSummary(head) || isWithingsMinutes(name, head)
	},
	read: readWithings,
}

// isWithingsSummary looks at where columns stand: from, to, and four durations in seconds.
func isWithingsSummary(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	cells, err := csv.NewReader(bytes.NewReader(line)).Read()
	return err == nil && len(cells) >= 7 && !strings.Contains(cells[0]+cells[1], "(") &&
		!slices.ContainsFunc(cells[2:6], func(c string) bool { return !strings.HasSuffix(strings.TrimSpace(c), "(s)") })
}

func isWithingsMinutes(name string, head []byte) bool {
	return strings.Contains(name, "sleep-state") && bytes.HasPrefix(head, []byte("start,duration,value"))
}

// withingsGap is how far apart minutes of one sleep may be where there is no table of sleeps.
const withingsGap = time.Hour

func readWithings(ctx context.Context, s *sink, files []file) error {
	var summaries, raw []file
	for _, f := range files {
		head, err := f.head(ctx)
		if err != nil {
			return err
		}
		if isWithingsSummary(head) {
			summaries = append(summaries, f)
		} else {
			raw = append(raw, f)
		}
	}
	var minutes []withingsMinutes
	for _, f := range raw {
		read, err := s.withingsMinutes(ctx, f)
		if err != nil {
			return err
		}
		minutes = append(minutes, read...)
	}
	line := withingsLine(minutes)
	for _, f := range summaries {
		if err := s.withingsSummary(ctx, f, line); err != nil {
			return err
		}
	}
	s.withingsSleeps(minutes, slices.Clone(s.records))
	return nil
}

// withingsMinutes is one row of a table of minutes.
type withingsMinutes struct {
	file   file
	where  string
	at     time.Time
	end    time.Time
	offset int
	spans  []span
}

func (s *sink) withingsMinutes(ctx context.Context, f file) (all []withingsMinutes, err error) {
	t, err := s.openTable(ctx, f, layout{comma: ','})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	for r, err := range t.all() {
		if err != nil {
			return nil, err
		}
		start, offset, ok := stampOf(r.text("start"))
		var lengths []float64
		var states []int
		err1, err2 := json.Unmarshal([]byte(r.text("duration")), &lengths), json.Unmarshal([]byte(r.text("value")), &states)
		switch {
		case !ok || err1 != nil || err2 != nil:
			s.refuse(f, r.where(), unreadable, "start, duration or value")
			continue
		case len(lengths) != len(states):
			s.refuse(f, r.where(), contradicts, "the lengths of its lists")
			continue
		}
		one := withingsMinutes{file: f, where: r.where(), at: start, offset: offset}
		one.spans, one.end = s.withingsStates(f, r.where(), start, lengths, states)
		all = append(all, one)
	}
	return all, nil
}

var withingsStages = []stage{awake, light, deep, rem}

func (s *sink) withingsStates(f file, where string, at time.Time, lengths []float64, states []int) (spans []span, end time.Time) {
	for i, length := range lengths {
		if length <= 0 || length > longest.Seconds() {
			s.note(f, where, contradicts, "a length")
			break
		}
		what := inBed
		if states[i] >= 0 && states[i] < len(withingsStages) {
			what = withingsStages[states[i]]
		} else {
			s.note(f, where, unknownStage, strconv.Itoa(states[i]))
		}
		next := at.Add(time.Duration(length * float64(time.Second)))
		spans = append(spans, spanOf(at, next, what))
		at = next
	}
	return joined(spans), at
}

// withingsLine puts all minutes in order. Rows come in any order and more than once.
func withingsLine(minutes []withingsMinutes) timeline {
	var spans []span
	for _, one := range minutes {
		for _, sp := range one.spans {
			if sp.stage.isSleep() {
				sp.rank = 1
			}
			spans = append(spans, sp)
		}
	}
	return overlay(spans)
}

// withingsSummary reads the table of sleeps, by the places of its columns.
func (s *sink) withingsSummary(ctx context.Context, f file, line timeline) error {
	t, err := s.openTable(ctx, f, layout{comma: ','})
	if err != nil {
		return err
	}
	defer t.Close()
	for place, name := range []string{"\x00from", "\x00to", "\x00light", "\x00deep", "\x00rem", "\x00awake"} {
		t.columns[name] = place
	}
	for place, name := range map[int]string{7: "\x00latency", 8: "\x00rise", 9: "\x00snoring"} {
		if place < len(t.heading) && strings.HasSuffix(t.heading[place], "(s)") {
			t.columns[name] = place
		}
	}
	var all []record
	var dreamt, snored time.Duration
	for r, err := range s.whole(t) {
		if err != nil {
			return err
		}
		start, before, ok1 := stampOf(r.text("\x00from"))
		end, after, ok2 := stampOf(r.text("\x00to"))
		if !ok1 || !ok2 {
			s.refuse(f, r.where(), unreadable, "the first or the second cell")
			continue
		}
		var shallow, slow, dream, awoke, latency, rise, snoring *float64
		if !s.numbers(r, map[string]**float64{
			"\x00light": &shallow, "\x00deep": &slow, "\x00rem": &dream, "\x00awake": &awoke, "\x00latency": &latency, "\x00rise": &rise, "\x00snoring": &snoring,
		}) {
			continue
		}
		one := record{
			file: f, where: r.where(), start: start, end: end, offsets: &offsets{start: before, end: &after}, line: line.between(start, end),
			light: lasting(shallow, time.Second), deep: lasting(slow, time.Second), rem: lasting(dream, time.Second), awakeInBed: lasting(awoke, time.Second),
			latency: lasting(latency, time.Second), rise: lasting(rise, time.Second), snoring: lasting(snoring, time.Second),
		}
		if one.sleepTime() == nil {
			s.refuse(f, r.where(), noNumbers, "")
			continue
		}
		dreamt, snored = dreamt+zero(one.rem), snored+zero(one.snoring)
		all = append(all, one)
	}
	for _, one := range all {
		if dreamt == 0 { // 0 in all nights stands for what the device does not measure
			one.rem = nil
		}
		if snored == 0 {
			one.snoring = nil
		}
		s.add(one)
	}
	return nil
}

// between is [timeline.within] for one sleep of many: it looks only at what lies near.
func (l timeline) between(from, to time.Time) timeline {
	first, _ := slices.BinarySearchFunc(l, from.UnixMilli(), func(s span, at int64) int { return int(min(max(s.to-at, -1), 1)) })
	end := first
	for end < len(l) && l[end].from < to.UnixMilli() {
		end++
	}
	return l[first:end].within(from, to)
}

// withingsSleeps makes sleeps of minutes alone: of those that are near each other, from
// the first to the last. What overlaps a sleep of a table is part of that.
func (s *sink) withingsSleeps(minutes []withingsMinutes, told []record) {
	slices.SortStableFunc(minutes, func(a, b withingsMinutes) int { return a.at.Compare(b.at) })
	for first := 0; first < len(minutes); {
		end, until := first+1, minutes[first].end
		for end < len(minutes) && minutes[end].at.Sub(until) <= withingsGap {
			if minutes[end].at.Equal(minutes[end-1].at) {
				s.note(minutes[end].file, minutes[end].where, duplicate, "")
			}
			if minutes[end].end.After(until) {
				until = minutes[end].end
			}
			end++
		}
		r := record{
			file: minutes[first].file, where: minutes[first].where, start: minutes[first].at, end: until,
			offsets: &offsets{start: minutes[first].offset}, line: withingsLine(minutes[first:end]),
		}
		if last := minutes[end-1].offset; end-1 > first {
			r.offsets.end = &last
		}
		switch {
		case slices.ContainsFunc(told, func(t record) bool { return t.start.Before(r.end) && r.start.Before(t.end) }):
		case r.line.asleep() == 0:
			s.refuse(r.file, r.where, noNumbers, "")
		default:
			s.add(r)
		}
		first = end
	}
}
