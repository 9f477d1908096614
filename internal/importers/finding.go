package importers

import (
	"cmp"
	"fmt"
	"slices"
)

// A Finding is something about records of an export that the reader of the report must
// know.
type Finding struct {
	Code    string // such as "future"
	Text    string // what it is, and what to do
	LeftOut bool   // the records are not among the nights
	File    string // of the first
	Record  string // of the first, such as "line 12"
	Count   int
}

// reason is a code of a finding.
type reason string

// The reasons of findings.
const (
	endsFirst     reason = "ends_before_it_begins"
	tooLong       reason = "too_long"
	tooShort      reason = "too_short"
	future        reason = "future"
	unreadable    reason = "unreadable"
	cutRow        reason = "cut_row"
	noTimes       reason = "no_times"
	noNumbers     reason = "no_numbers"
	notSleep      reason = "not_sleep"
	offWrist      reason = "not_worn"
	duplicate     reason = "duplicate"
	conflict      reason = "conflict"
	overlapped    reason = "overlap"
	united        reason = "united"
	unknownStage  reason = "unknown_stage"
	stagesExceed  reason = "stages_exceed"
	unknownZone   reason = "unknown_zone"
	zoneGiven     reason = "zone_given"
	zoneFits      reason = "zone_fits"
	offsetChanged reason = "offset_changed"
	offsetLags    reason = "offset_lags"
	skippedHour   reason = "skipped_hour"
	contradicts   reason = "contradicts_itself"
	bedOnly       reason = "time_in_bed_only"
	outsideZip    reason = "path_leads_out"
	otherLayout   reason = "other_layout"
	unreadColumns reason = "columns"
)

// texts say what each reason means and what to do; %s is what the finding is about.
var texts = map[reason]string{
	endsFirst:     "ends before it begins or when it begins; correct it in the app and export again",
	tooLong:       "lasts 24 hours or more; correct it in the app and export again",
	tooShort:      "lasts under ten minutes: a test, not a sleep",
	future:        "begins in the future; check the date order and the clock of the device",
	unreadable:    "%s cannot be read; export again, and do not save the file with a spreadsheet",
	cutRow:        "has fewer cells than the heading has names: the file may be cut; export again",
	noTimes:       "has no start or no end",
	noNumbers:     "has times but no sleep: the tracker found none, or the device measures none",
	notSleep:      "is marked as %s, which is not sleep",
	offWrist:      "is marked as %s: there was nothing to measure",
	duplicate:     "is there more than once and counts once",
	conflict:      "is there with different numbers and nothing says which are newer; the one with more sleep counts",
	overlapped:    "overlaps another of the same source; the better measured of the two counts",
	united:        "overlaps another of the same source; the two became one",
	unknownStage:  "has the stage %s, which is not known here; its time counts as unknown",
	stagesExceed:  "has more sleep and wake than it is long; export again",
	unknownZone:   "names the time zone %s, which does not exist; --timezone says in which it is to be read",
	zoneGiven:     "names no time zone that exists and is read in %s",
	zoneFits:      "has an offset and no zone; the clock is that of %s, which fits all of them; --timezone names another",
	offsetChanged: "has another offset at its end than at its start; clock times are those of its end; --timezone names the zone that has both",
	offsetLags:    "has an offset that is an hour behind a change of the clock; the instants are right, and the clock is that of %s",
	skippedHour:   "begins or ends in the hour that the clock skipped; it was moved to where the clock would have been",
	contradicts:   "contradicts itself in %s; that is not used",
	bedOnly:       "tells time in bed and no sleep; it is kept as time in bed, and answers count no sleep for it",
	outsideZip:    "has a path that leads out of the zip and was not opened",
	otherLayout:   "is %s",
	unreadColumns: "has columns that are not read: %s; docs/import.md has the names of those that are",
}

type findingKey struct {
	reason reason
	about  string
}

// note counts a record that is kept and about which something must be known.
func (s *sink) note(f file, where string, why reason, about string) {
	s.count(f, where, why, about, false)
}

// refuse counts a record that is left out.
func (s *sink) refuse(f file, where string, why reason, about string) {
	s.count(f, where, why, about, true)
}

func (s *sink) count(f file, where string, why reason, about string, out bool) {
	if len(s.findings) > mostFindings {
		about = ""
	}
	key := findingKey{why, about}
	if s.findings[key] == nil {
		text := texts[why]
		if about == "" {
			about = "a field"
		}
		if slices.Contains([]byte(text), '%') {
			text = fmt.Sprintf(text, about)
		}
		s.findings[key] = &Finding{Code: string(why), Text: text, LeftOut: out, File: f.name, Record: where}
	}
	s.findings[key].Count++
}

// mostFindings bounds what a file full of different nonsense can make of a report.
const mostFindings = 200

// listed returns the findings, those that left records out first, the most frequent first.
func (s *sink) listed() []Finding {
	list := make([]Finding, 0, len(s.findings))
	for _, one := range s.findings {
		list = append(list, *one)
	}
	slices.SortFunc(list, func(a, b Finding) int {
		if a.LeftOut != b.LeftOut {
			if a.LeftOut {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Text, b.Text))
	})
	return list
}
