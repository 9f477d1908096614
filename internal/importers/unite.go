package importers

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// unique drops records that are there more than once: equal ones, and of different ones
// with one id the one that was changed last, else the one with more sleep.
func (s *sink) unique(tracker string, records []record) []record {
	at := map[string]int{}
	kept := records[:0]
	for _, r := range records {
		id := r.id(tracker)
		if r.key != "" {
			_, id, _ = strings.Cut(id, "_") // the tracker's id stands for one sleep, whenever it began
		}
		i, twice := at[id]
		if !twice {
			at[id] = len(kept)
			kept = append(kept, r)
			continue
		}
		first := &kept[i]
		switch {
		case first.equal(&r):
			s.note(r.file, r.where, duplicate, "")
		case !first.changed.IsZero() && !r.changed.IsZero() && !first.changed.Equal(r.changed):
			s.note(r.file, r.where, duplicate, "")
			if r.changed.After(first.changed) {
				*first = r
			}
		default:
			s.note(r.file, r.where, conflict, "")
			if r.better(first) {
				*first = r
			}
		}
	}
	return kept
}

func (r *record) equal(other *record) bool {
	return r.start.Equal(other.start) && r.end.Equal(other.end) && zero(r.sleepTime()) == zero(other.sleepTime())
}

// better reports whether a record is measured better than another: with stages, then with more sleep.
func (r *record) better(than *record) bool {
	return r.detail() > than.detail() || r.detail() == than.detail() && zero(r.sleepTime()) > zero(than.sleepTime())
}

// detail is how much of the night a record tells.
func (r *record) detail() int {
	told, _ := r.line.stagesTold()
	switch {
	case told:
		return 3
	case r.deep != nil || r.rem != nil:
		return 2
	case r.sleepTime() != nil:
		return 1
	}
	return 0
}

// unite makes one of records of one source that overlap: of the stages of both, or, where
// one has none, of the better alone. Records come back by start.
func (s *sink) unite(records []record) []record {
	slices.SortStableFunc(records, func(a, b record) int {
		return cmp.Or(strings.Compare(a.app, b.app), a.start.Compare(b.start), a.end.Compare(b.end))
	})
	kept := records[:0]
	for _, r := range records {
		n := len(kept) - 1
		if n < 0 || kept[n].app != r.app || kept[n].end.Sub(r.start) <= time.Minute {
			kept = append(kept, r)
			continue
		}
		last := &kept[n]
		whole := max(r.end.UnixMilli(), last.end.UnixMilli()) - last.start.UnixMilli()
		if len(last.line) > 0 && len(r.line) > 0 && time.Duration(whole)*time.Millisecond < longest {
			s.note(r.file, r.where, united, "")
			last.absorb(&r)
			continue
		}
		if r.better(last) {
			r, *last = *last, r
		}
		s.refuse(r.file, r.where, overlapped, "")
	}
	slices.SortStableFunc(kept, func(a, b record) int { return cmp.Or(a.start.Compare(b.start), strings.Compare(a.app, b.app)) })
	return kept
}

// absorb adds what another record of the same source tells, which began no earlier. Totals
// of one alone are no longer true.
func (r *record) absorb(other *record) {
	spans := slices.Concat([]span(r.line), []span(other.line))
	for i := range spans {
		spans[i].rank = 0
		if spans[i].stage.isSleep() {
			spans[i].rank = 1
		}
	}
	r.line = overlay(spans)
	if other.end.After(r.end) {
		r.end, r.rise = other.end, other.rise
		if other.zone != "" {
			r.zone = other.zone
		}
		if other.offsets != nil && r.offsets != nil {
			r.offsets.end = other.offsets.end
		}
	}
	r.asleep, r.light, r.deep, r.rem, r.waso, r.awakeInBed, r.snoring, r.score = nil, nil, nil, nil, nil, nil, nil, nil
}
