package importers

import (
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// A ZoneError says that nights cannot be dated because neither the file nor [Options.Zone]
// gives their zone.
type ZoneError struct {
	File    string // the first that needs one
	Records int    // how many need one; 0: every one of the file
}

func (e *ZoneError) Error() string {
	of := "its times are"
	if e.Records > 0 {
		of = fmt.Sprintf("%d of its nights are", e.Records)
	}
	return fmt.Sprintf("%s does not say which time zone %s in, and this machine's would be a guess: set yours, for example --timezone Europe/Paris; nothing was imported", shown(e.File), of)
}

// fitting are zones that stand for all that change their clocks as they do. The first that
// fits a file's own changes is taken.
var fitting = []string{
	"Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
	"America/Halifax", "America/Anchorage", "America/St_Johns", "Australia/Sydney", "Australia/Adelaide", "Pacific/Auckland",
	"America/Santiago", "America/Asuncion", "America/Havana", "Asia/Jerusalem", "Asia/Beirut", "Africa/Cairo", "Europe/Chisinau", "Atlantic/Azores",
	"America/Nuuk", "Africa/Casablanca", "Pacific/Chatham", "Australia/Lord_Howe", "Pacific/Norfolk", "Asia/Gaza",
}

// zonesOf gives every record the name of a zone.
func (s *sink) zonesOf(records []record) error {
	home := s.home(records)
	lacking := 0
	var first string
	for i := range records {
		r := &records[i]
		switch {
		case r.zone != "":
		case r.offsets != nil:
			r.zone = s.zoneAt(r, home)
		case s.zone != nil:
			r.zone = s.zone.String()
		default:
			if lacking++; first == "" {
				first = r.file.name
			}
		}
	}
	if lacking > 0 {
		return &ZoneError{File: first, Records: lacking}
	}
	return nil
}

// zoneAt returns the zone of a record that tells offsets.
func (s *sink) zoneAt(r *record, home *time.Location) string {
	o := r.offsets
	if home != nil {
		if o.fit(r, home) {
			if s.zone == nil {
				s.note(r.file, r.where, zoneFits, home.String())
			}
			return home.String()
		}
		if o.lags && o.almostFit(r, home) {
			s.note(r.file, r.where, offsetLags, home.String())
			return home.String()
		}
	}
	last := o.start
	if o.end != nil {
		if last = *o.end; last != o.start {
			s.note(r.file, r.where, offsetChanged, "")
		}
	}
	return asleep.Fixed(last)
}

// home returns the zone that was given; without one the zone that fits the changes of the
// clock in the records, nil when they show none.
func (s *sink) home(records []record) *time.Location {
	if s.zone != nil {
		return s.zone
	}
	seen := map[int]bool{}
	total := 0
	for i := range records {
		if o := records[i].offsets; o != nil {
			o.put(seen)
			total++
		}
	}
	if len(seen) < 2 {
		return nil
	}
	var best *time.Location
	most := total / 2 // travels may not fit; most nights must
	for _, name := range fitting {
		zone, ok := asleep.Zone(name)
		if !ok {
			continue
		}
		fits, clocks := 0, map[int]bool{}
		for i := range records {
			if o := records[i].offsets; o != nil && o.fit(&records[i], zone) {
				fits++
				o.put(clocks)
			}
		}
		if fits > most && len(clocks) > 1 {
			best, most = zone, fits
		}
	}
	return best
}

// put adds the offsets to a set.
func (o *offsets) put(set map[int]bool) {
	set[o.start] = true
	if o.end != nil {
		set[*o.end] = true
	}
}

// fit reports whether the clock of a zone shows the offsets that a record tells.
func (o *offsets) fit(r *record, zone *time.Location) bool {
	_, start := r.start.In(zone).Zone()
	_, end := r.end.In(zone).Zone()
	return start == o.start && (o.end == nil || end == *o.end)
}

// almostFit reports whether it would if the clock had not been changed.
func (o *offsets) almostFit(r *record, zone *time.Location) bool {
	const hour = 3600
	_, start := r.start.In(zone).Zone()
	return max(start-o.start, o.start-start) <= hour
}

// zoneNamed checks a name of a zone in a file. One that does not exist is replaced by the
// zone that was given, and without one the record is refused.
func (s *sink) zoneNamed(f file, where, name string) (string, bool) {
	if _, ok := asleep.Zone(name); ok {
		return name, true
	}
	if s.zone != nil {
		s.note(f, where, zoneGiven, s.zone.String())
		return s.zone.String(), true
	}
	s.refuse(f, where, unknownZone, errtext.Text(name))
	return "", false
}

// zoneOf returns a zone that was found before.
func zoneOf(name string) *time.Location {
	zone, _ := asleep.Zone(name)
	return zone
}

// place finds the instants of two times of a clock. The time in bed, if it is told, is believed where it is
// that between them, or an hour off it because the clock was changed.
func (s *sink) place(one *record, from, to wall, bed *time.Duration) {
	const near = 5 * time.Minute
	shown := time.Time(to).Sub(time.Time(from))
	if bed != nil {
		off := (shown - *bed).Abs()
		if off <= near || (off-time.Hour).Abs() <= near {
			start, skipped := from.startIn(s.zone, *bed, to)
			if skipped {
				s.note(one.file, one.where, skippedHour, "")
			}
			one.start, one.end = start, start.Add(*bed)
			return
		}
	}
	if bed != nil {
		s.note(one.file, one.where, contradicts, "its time in bed")
	}
	var skipped bool
	if one.start, one.end, skipped = interval(from, to, s.zone); skipped {
		s.note(one.file, one.where, skippedHour, "")
	}
}
