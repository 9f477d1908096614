package importers

import (
	"bytes"
	"context"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Sleep as Android writes a heading before every record, and sometimes a line of noise
// after it. A record is known by the instant of its start; From and To are the same on the
// clock, and ignored, because in the hour that the clock shows twice they mislead.
var sleepAsAndroid = format{
	tracker: "sleep_as_android", title: "Sleep as Android",
	is:   func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte("Id,Tz,From")) },
	read: readSleepAsAndroid,
}

func readSleepAsAndroid(ctx context.Context, s *sink, files []file) error {
	for _, f := range files {
		if err := s.readSleepAsAndroid(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

func (s *sink) readSleepAsAndroid(ctx context.Context, f file) error {
	t, err := s.openTable(ctx, f, layout{comma: ','})
	if err != nil {
		return err
	}
	defer t.Close()
	var short *record // of a row with fewer cells than its heading, which only at the end of a file is a cut one
	for r, err := range t.all() {
		if err != nil {
			return err
		}
		if short != nil {
			s.add(*short)
			short = nil
		}
		switch r.cells[0] {
		case "Id":
			t.setHeading(r.cells)
		case "": // noise
		default:
			one, ok := s.sleepAsAndroid(f, r)
			switch {
			case ok && r.cut():
				short = &one
			case ok:
				s.add(one)
			}
		}
	}
	if short != nil {
		s.refuse(f, short.where, cutRow, "")
	}
	return nil
}

func (s *sink) sleepAsAndroid(f file, r row) (one record, ok bool) {
	id, err := strconv.ParseInt(r.text("id"), 10, 64)
	var hours, adjust, rating *float64
	if err != nil || id < 0 || id > 1<<43 {
		s.refuse(f, r.where(), unreadable, "Id")
		return one, false
	}
	if !s.numbers(r, map[string]**float64{"hours": &hours, "lenadjust": &adjust, "rating": &rating}) {
		return one, false
	}
	switch {
	case hours == nil || *hours <= 0:
		s.refuse(f, r.where(), noTimes, "")
		return one, false
	case *hours >= longest.Hours():
		s.refuse(f, r.where(), tooLong, "")
		return one, false
	}
	zone, ok := s.zoneNamed(f, r.where(), r.text("tz"))
	if !ok {
		return one, false
	}
	length := time.Duration(*hours * float64(time.Hour)).Round(time.Second)
	start := time.UnixMilli(id).UTC()
	one = record{
		file: f, where: r.where(), key: strconv.FormatInt(id, 10), start: start, end: start.Add(length), zone: zone,
		score: rated(rating), line: androidLine(r).within(start, start.Add(length)),
	}
	if one.line.asleep() == 0 {
		one.line = nil
		if adjust != nil && *adjust < 0 && -*adjust < length.Minutes() {
			length += time.Duration(*adjust * float64(time.Minute))
		}
		one.asleep = &length // what the app calls asleep
	}
	return one, true
}

// rated returns a rating in stars; nil for 0, which stands for none.
func rated(stars *float64) *float64 {
	if stars == nil || *stars <= 0 {
		return nil
	}
	return stars
}

var androidEvent = regexp.MustCompile(`^(LIGHT|DEEP|REM|AWAKE)_(START|END)-(\d{12,13})$`)

// androidLine reads the pairs of events that stages are.
func androidLine(r row) timeline {
	stages := map[string]stage{"LIGHT": light, "DEEP": deep, "REM": rem, "AWAKE": awake}
	open := map[string]int64{}
	var spans []span
	for i, cell := range r.cells {
		if i <= r.table.columns["comment"] || !strings.Contains(cell, "_") {
			continue
		}
		event := androidEvent.FindStringSubmatch(cell)
		if event == nil {
			continue
		}
		at, err := strconv.ParseInt(event[3], 10, 64)
		if err != nil {
			continue
		}
		name := event[1]
		if event[2] == "START" {
			open[name] = at
		} else if from, ok := open[name]; ok {
			delete(open, name)
			spans = append(spans, span{from: from, to: at, stage: stages[name]})
		}
	}
	return overlay(spans)
}
