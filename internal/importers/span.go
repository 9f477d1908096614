package importers

import (
	"container/heap"
	"slices"
	"time"
)

// stage is what a tracker says of a stretch of time.
type stage int8

const (
	inBed stage = iota // nothing else is known
	awake
	asleepAny // which stage is not told
	light
	deep
	rem
)

func (s stage) isSleep() bool { return s >= asleepAny }

// A span is a stretch of time in one stage. Of spans that overlap the one with the higher
// rank counts, of equal ones the later.
type span struct {
	from, to int64 // milliseconds since 1970
	rank     int64
	stage    stage
}

func spanOf(from, to time.Time, s stage) span {
	return span{from: from.UnixMilli(), to: to.UnixMilli(), stage: s}
}

// A timeline is spans in order that do not overlap; between them nothing is known.
type timeline []span

// overlay makes a timeline of spans in any order, in place of the list. Those that do not
// end after they begin are dropped.
func overlay(spans []span) timeline {
	spans = slices.DeleteFunc(spans, func(s span) bool { return s.to <= s.from })
	slices.SortStableFunc(spans, func(a, b span) int {
		if a.from != b.from {
			return int(min(max(a.from-b.from, -1), 1))
		}
		return int(min(max(a.rank-b.rank, -1), 1))
	})
	if !slices.ContainsFunc(spans[min(1, len(spans)):], overlapsBefore(spans)) {
		return joined(spans)
	}
	var line timeline
	var open topmost
	at := int64(0)
	advance := func(until int64) {
		for len(open) > 0 && at < until {
			top := open[0]
			if top.to <= at {
				heap.Pop(&open)
				continue
			}
			to := min(top.to, until)
			line = append(line, span{from: at, to: to, stage: top.stage})
			at = to
		}
	}
	for i, s := range spans {
		advance(s.from)
		at = s.from
		heap.Push(&open, ranked{s, i})
	}
	advance(1<<63 - 1)
	return joined(line)
}

// overlapsBefore returns a function that reports, called for every span but the first,
// whether it begins before all earlier ones have ended.
func overlapsBefore(spans []span) func(span) bool {
	end := int64(0)
	if len(spans) > 0 {
		end = spans[0].to
	}
	return func(s span) bool {
		overlaps := s.from < end
		end = max(end, s.to)
		return overlaps
	}
}

// joined unites neighbours of one stage, in place.
func joined(spans []span) timeline {
	line := spans[:0]
	for _, s := range spans {
		if n := len(line); n > 0 && line[n-1].to == s.from && line[n-1].stage == s.stage {
			line[n-1].to = s.to
			continue
		}
		line = append(line, s)
	}
	return timeline(line)
}

type ranked struct {
	span

	order int
}

// topmost is a heap of the spans that have begun, the one that counts first.
type topmost []ranked

func (h topmost) Len() int { return len(h) }

func (h topmost) Less(i, j int) bool {
	if h[i].rank != h[j].rank {
		return h[i].rank > h[j].rank
	}
	return h[i].order > h[j].order
}

func (h topmost) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

func (h *topmost) Push(x any) { *h = append(*h, x.(ranked)) }

func (h *topmost) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// total returns the time in the stages that a function chooses.
func (l timeline) total(of func(stage) bool) time.Duration {
	sum := int64(0)
	for _, s := range l {
		if of(s.stage) {
			sum += s.to - s.from
		}
	}
	return time.Duration(sum) * time.Millisecond
}

func (l timeline) in(one stage) time.Duration {
	return l.total(func(s stage) bool { return s == one })
}

func (l timeline) asleep() time.Duration { return l.total(stage.isSleep) }

// sleep returns the first and the last moment of sleep; ok is false without any.
func (l timeline) sleep() (onset, wake time.Time, ok bool) {
	is := func(s span) bool { return s.stage.isSleep() }
	first := slices.IndexFunc(l, is)
	if first < 0 {
		return onset, wake, false
	}
	last := first
	for i := range l {
		if is(l[i]) {
			last = i
		}
	}
	return time.UnixMilli(l[first].from).UTC(), time.UnixMilli(l[last].to).UTC(), true
}

// within returns the part of a timeline between two moments.
func (l timeline) within(from, to time.Time) timeline {
	var part timeline
	for _, s := range l {
		s.from, s.to = max(s.from, from.UnixMilli()), min(s.to, to.UnixMilli())
		if s.from < s.to {
			part = append(part, s)
		}
	}
	return part
}

// wakes returns how often and how long at most the sleeper was awake.
func (l timeline) wakes() (count int, longest time.Duration) {
	for _, s := range l {
		if s.stage == awake {
			count++
			longest = max(longest, time.Duration(s.to-s.from)*time.Millisecond)
		}
	}
	return count, longest
}

// longAwakenings counts the runs of wake that are longer than five minutes, between the first
// and the last sleep of codes.
func longAwakenings(codes []int) (count int) {
	const most = int(5 * time.Minute / epoch)
	sleeps := func(c int) bool { return c > codeOf(awake, false) }
	first, end := slices.IndexFunc(codes, sleeps), len(codes)
	for end > 0 && !sleeps(codes[end-1]) {
		end--
	}
	run := 0
	for _, c := range codes[max(0, first):end] {
		if c == codeOf(awake, false) {
			run++
			continue
		}
		if run > most {
			count++
		}
		run = 0
	}
	return count
}

// stagesTold reports whether light, deep or REM sleep is told apart, and mixed whether for
// part of the sleep only.
func (l timeline) stagesTold() (told, mixed bool) {
	staged := l.asleep() - l.in(asleepAny)
	return staged > 0, staged > 0 && l.in(asleepAny) > time.Minute
}

// epoch is the time that one code of a hypnogram stands for.
const epoch = 30 * time.Second

// codes returns the stages as the service writes them, one for each 30 seconds from start
// on, that of the middle of the epoch; nil without sleep. Where a part of the sleep has no stages, all of it
// is written as sleep alone.
func (l timeline) codes(start, end time.Time) []int {
	if l.asleep() == 0 {
		return nil
	}
	_, mixed := l.stagesTold()
	codes := make([]int, int(end.Sub(start)/epoch))
	at := 0
	for i := range codes {
		middle := start.Add(epoch/2 + time.Duration(i)*epoch).UnixMilli()
		for at < len(l) && l[at].to <= middle {
			at++
		}
		codes[i] = -1
		if at < len(l) && l[at].from <= middle {
			codes[i] = codeOf(l[at].stage, mixed)
		}
	}
	return codes
}

func codeOf(s stage, sleepOnly bool) int {
	switch {
	case s == awake:
		return 0
	case s == asleepAny, s == light, s.isSleep() && sleepOnly:
		return 1
	case s == deep:
		return 2
	case s == rem:
		return 3
	}
	return -1
}
