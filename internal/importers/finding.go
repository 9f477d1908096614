package importers

import (
	"cmp"
	"fmt"
	"slices"
)

// A Finding is something about records of an export that a reader of the report must know.
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
	endsFirst:     "ends when or before it begins; correct it in the app and export again",
	tooLong:       "lasts 24 hours or more; correct it in the app and export again",
	tooShort:      "lasts less than ten minutes, so it is a test rather than sleep",
	future:        "begins in the future; check the order of the dates and the clock of the device",
	unreadable:    "%s cannot be read; export again, and do not save the file in a spreadsheet program",
	cutRow:        "has fewer cells than there are headings, so the file may be cut off; export again",
	noTimes:       "has no start or no end",
	noNumbers:     "has times but no sleep: the tracker found none, or the device does not measure it",
	notSleep:      "is marked as %s, which is not sleep",
	offWrist:      "is marked as %s: there was nothing to measure",
	duplicate:     "is there more than once; it is counted once",
	conflict:      "is there more than once with different numbers, and nothing says which are newer; the one with more sleep is used",
	overlapped:    "overlaps another one from the same source; the better measured of the two is used",
	united:        "overlaps another one from the same source; the two were merged",
	unknownStage:  "has the unknown stage %s; its time counts as unknown",
	stagesExceed:  "has more sleep and wake than its length allows; export again",
	unknownZone:   "names the time zone %s, which does not exist; set --timezone to the right one",
	zoneGiven:     "names no existing time zone; %s is used",
	zoneFits:      "has an offset but no zone; %s is used, which fits all offsets; --timezone sets another",
	offsetChanged: "has different offsets at its start and end; clock times use the one at its end; --timezone sets the zone that has both",
	offsetLags:    "has an offset that is an hour behind a clock change; the instants are right, and clock times use %s",
	skippedHour:   "begins or ends in the hour that the clock skipped; the time was moved forward by that hour",
	contradicts:   "contradicts itself in %s, which is not used",
	bedOnly:       "has time in bed but no sleep; it is kept as time in bed, and answers count no sleep for it",
	outsideZip:    "has a path that leads out of the zip, and was not opened",
	otherLayout:   "is %s",
	unreadColumns: "has columns that are not read: %s; docs/import.md lists those that are",
}

type findingKey struct {
	reason reason
	about  string
}

// note counts a record that is kept, but that the reader of the report must know about.
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

// mostFindings bounds the report about a file full of varied nonsense.
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
