package importers

import (
	"bytes"
	"context"
	"strings"
	"time"
)

// isGarminWeb looks for the table of nights that the web site exports. The name of its first column, which is that
// of the date, says for how long it is.
func isGarminWeb(head []byte) bool {
	line, _, _ := bytes.Cut(bytes.ToLower(head), []byte("\n"))
	return bytes.HasPrefix(bytes.TrimLeft(line, `"`), []byte("sleep score")) &&
		bytes.Contains(line, []byte("duration")) && bytes.Contains(line, []byte("bedtime")) && bytes.Contains(line, []byte("wake time"))
}

// garminWeb reads the table: a row a night, with the date of the morning and two times of a clock.
func (s *sink) garminWeb(ctx context.Context, f file) error {
	return s.localTable(ctx, f, layout{}, s.addGarminWeb)
}

func (s *sink) addGarminWeb(f file, r row) {
	const none = "--"
	if r.text("duration") == none || r.text("bedtime") == none || r.text("wake time") == none {
		s.refuse(f, r.where(), noNumbers, "")
		return
	}
	day, ok1 := dayOf(strings.TrimSpace(r.cells[0]), s.DateOrder)
	bed, ok2 := clockOf(r.text("bedtime"))
	up, ok3 := clockOf(r.text("wake time"))
	slept, err := time.ParseDuration(strings.NewReplacer(" ", "", "min", "m").Replace(r.text("duration")))
	if !ok1 || !ok2 || !ok3 || err != nil || slept <= 0 {
		s.refuse(f, r.where(), unreadable, "a date, a time or the duration")
		return
	}
	from := day.Add(bed)
	if bed >= up {
		from = from.AddDate(0, 0, -1)
	}
	one := record{file: f, where: r.where(), zone: s.zone.String(), date: day.Format(time.DateOnly), nap: new(false), asleep: &slept}
	if score, bad := r.number("score"); !bad {
		one.score = score
	}
	s.place(&one, wall(from), wall(day.Add(up)), nil)
	s.add(one)
}
