package importers

import (
	"bytes"
	"context"
	"strings"
	"time"
)

// fitbitHeading returns the number of lines above the heading of the table of sleeps in an
// export of Fitbit's web site, which may have other tables above and below it; -1: there is none.
func fitbitHeading(head []byte) int {
	n := 0
	for line := range bytes.Lines(head) {
		line = bytes.ToLower(line)
		if bytes.Contains(line, []byte("start time")) && bytes.Contains(line, []byte("end time")) && bytes.Contains(line, []byte("minutes asleep")) {
			return n
		}
		n++
	}
	return -1
}

// openFitbitWeb opens the table of sleeps.
func (s *sink) openFitbitWeb(ctx context.Context, f file) (*table, error) {
	head, err := f.head(ctx)
	if err != nil {
		return nil, err
	}
	return s.openTable(ctx, f, layout{skip: fitbitHeading(head)})
}

// fitbitWeb reads an export of the web site.
func (s *sink) fitbitWeb(ctx context.Context, f file) error {
	if s.zone == nil {
		return &ZoneError{File: f.name}
	}
	order, err := s.fitbitWebOrder(ctx, f)
	if err != nil {
		return err
	}
	t, err := s.openFitbitWeb(ctx, f)
	if err != nil {
		return err
	}
	defer t.Close()
	for r, err := range t.all() {
		switch {
		case err != nil:
			return err
		case isTitle(r):
			return nil
		case r.cut():
			s.refuse(f, r.where(), cutRow, "")
		default:
			s.addFitbitWeb(f, r, order)
		}
	}
	return nil
}

// isTitle reports whether a row is the title of the next table, and not a date that was cut off behind.
func isTitle(r row) bool {
	return len(r.cells) == 1 && !strings.ContainsAny(r.cells[0][:1], "0123456789")
}

// fitbitWebOrder finds the order of its dates, which depends on the country of the account.
func (s *sink) fitbitWebOrder(ctx context.Context, f file) (string, error) {
	if s.DateOrder != "" {
		return s.DateOrder, nil
	}
	t, err := s.quiet().openFitbitWeb(ctx, f)
	if err != nil {
		return "", err
	}
	defer t.Close()
	var seen ordering
	for r, err := range t.all() {
		if err != nil {
			return "", err
		}
		if isTitle(r) {
			break
		}
		for _, name := range []string{"start time", "end time"} {
			if err := seen.see(r, r.text(name)); err != nil {
				return "", err
			}
		}
	}
	return seen.found()
}

func (s *sink) addFitbitWeb(f file, r row, order string) {
	from, ok1 := momentOf(r.text("start time"), order)
	to, ok2 := momentOf(r.text("end time"), order)
	if !ok1 || !ok2 {
		s.refuse(f, r.where(), unreadable, "Start Time or End Time")
		return
	}
	one := record{file: f, where: r.where(), zone: s.zone.String(), date: time.Time(to).Format(time.DateOnly)}
	var awoke, shallow, slow, dream *time.Duration
	for name, into := range map[string]**time.Duration{
		"minutes asleep": &one.asleep, "minutes awake": &awoke, "minutes light sleep": &shallow, "minutes deep sleep": &slow, "minutes rem sleep": &dream,
	} {
		var ok bool
		if *into, ok = wholeMinutes(r.text(name)); !ok {
			s.refuse(f, r.where(), unreadable, name)
			return
		}
	}
	if zero(one.asleep) == 0 {
		s.refuse(f, r.where(), noNumbers, "")
		return
	}
	if zero(shallow)+zero(slow)+zero(dream) > 0 { // 0 of each stands for a night without stages
		one.light, one.deep, one.rem = shallow, slow, dream
	}
	elapsed := zero(one.asleep) + zero(awoke)
	s.place(&one, from, to, &elapsed)
	s.add(one)
}

// wholeMinutes reads a number with separators of thousands; nil for none.
func wholeMinutes(text string) (*time.Duration, bool) {
	text = strings.NewReplacer(",", "", ".", "", "\u00a0", "", " ", "").Replace(text)
	if text == "" || strings.EqualFold(text, "n/a") {
		return nil, true
	}
	n, ok := numberOf(text)
	d := lasting(&n, time.Minute)
	return d, ok && d != nil
}
