package importers

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// A format is how one tracker writes its exports.
type format struct {
	tracker string // as in [asleep.Origin]
	title   string
	// is reports whether a file that begins with head belongs to it.
	is func(name string, head []byte) bool
	// read reads all of its files.
	read func(ctx context.Context, s *sink, files []file) error
}

// formats are tried in this order; the plain table, which knows no vendor, is last.
var formats = []format{
	appleHealth, oura, fitbit, garmin, whoop, withings, sleepAsAndroid, sleepCycle, samsungHealth, plain,
}

// Titles returns the names of the formats, such as "Apple Health".
func Titles() []string {
	var list []string
	for _, one := range formats {
		list = append(list, one.title)
	}
	return list
}

// Trackers returns the names of the formats in [asleep.Origin], such as "apple_health".
func Trackers() []string {
	var list []string
	for _, one := range formats {
		list = append(list, one.tracker)
	}
	return list
}

// TitleOf returns the name of a tracker for people.
func TitleOf(tracker string) string {
	for _, one := range formats {
		if one.tracker == tracker {
			return one.title
		}
	}
	return tracker
}

// An Export is what one tracker has in an input.
type Export struct {
	Tracker string
	Title   string
	Files   []string
	Bytes   int64 // unpacked

	format format
	files  []file
}

// Options are how an export is read.
type Options struct {
	Zone *time.Location // of records without one; nil: not known
	Now  time.Time      // what begins later is refused
	// DateOrder is that of dates such as 03/04/2026 in plain tables: "dmy", "mdy"; "": as
	// the file shows.
	DateOrder string
	// DateIs is the day that the only date of a row in a plain table names: "wake", "bed"; "": not known.
	DateIs string
	// Progress is called with the number of bytes read since its last call; nil: nobody asks.
	Progress func(n int64)
}

// A Result is what was read of one export.
type Result struct {
	Sessions []asleep.Session // by start; each id once
	Findings []Finding
}

// sink collects the records of one export.
type sink struct {
	Options

	zone     *time.Location
	now      time.Time
	progress func(int64)
	findings map[findingKey]*Finding
	records  []record
}

// quiet is the sink of a first reading of a file, which counts no progress.
func (s *sink) quiet() *sink {
	first := *s
	first.progress = nil
	return &first
}

// passOver counts a file as read.
func (s *sink) passOver(f file) {
	if s.progress != nil {
		s.progress(f.size)
	}
}

var errNothing = fmt.Errorf("it has no nights in a known format: %s, or a plain table as described in docs/import.md", strings.Join([]string{
	"Apple Health (export.zip)", "Oura", "Fitbit (Google Takeout)", "Garmin", "WHOOP", "Withings", "Sleep as Android", "Sleep Cycle", "Samsung Health",
}, ", "))

// Detect finds the exports in an input by the beginnings of its files.
func (in *Input) Detect(ctx context.Context) ([]Export, error) {
	found := make([]Export, len(formats))
	in.other, in.tables = Skipped{}, Skipped{}
	for _, f := range in.files {
		if !f.named && !slices.ContainsFunc([]string{".xml", ".csv", ".json", ".txt", ".tsv"}, func(ext string) bool {
			return strings.HasSuffix(strings.ToLower(f.name), ext)
		}) {
			in.other.add(f.name)
			continue
		}
		head, err := f.head(ctx)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(formats, func(one format) bool { return one.is(f.name, head) })
		switch {
		case i < 0:
			in.other.add(f.name)
			continue
		case formats[i].tracker == plain.tracker && !f.named && !isOwn(head):
			in.tables.add(f.name) // any table with two known columns looks like one
			continue
		}
		e := &found[i]
		e.files, e.Files, e.Bytes = append(e.files, f), append(e.Files, f.name), e.Bytes+f.size
	}
	var list []Export
	for i, e := range found {
		if len(e.files) > 0 {
			e.Tracker, e.Title, e.format = formats[i].tracker, formats[i].title, formats[i]
			list = append(list, e)
		}
	}
	if len(list) == 0 {
		return nil, errNothing
	}
	return list, nil
}

// Nights reads the nights of an export. After an error there are none.
func (e Export) Nights(ctx context.Context, o Options) (*Result, error) {
	s := &sink{Options: o, zone: o.Zone, now: o.Now, progress: o.Progress, findings: map[findingKey]*Finding{}}
	if err := e.format.read(ctx, s, e.files); err != nil {
		return nil, err
	}
	records := s.unite(s.unique(e.Tracker, s.records))
	if err := s.zonesOf(records); err != nil {
		return nil, err
	}
	result := &Result{}
	for i := range records {
		r := &records[i]
		if r.sleepTime() == nil {
			s.note(r.file, r.where, bedOnly, "")
		}
		result.Sessions = append(result.Sessions, r.session(e.Tracker, r.zone))
	}
	result.Findings = s.listed()
	return result, nil
}
