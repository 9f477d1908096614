package importers

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// plain is a table that anybody can write: a row a sleep, with the columns of plainColumns.
var plain = format{tracker: "csv", title: "Plain CSV", is: isPlain, read: readPlain}

// plainColumns are the names of each column: first the documented one, then what people
// and programs call it, in a few languages.
var plainColumns = map[string][]string{
	"bed_start": {"bed_start", "start_utc", "bed", "bedtime", "bed_time", "start", "start_time", "in_bed_at", "went to bed", "fell asleep", "eingeschlafen", "zu bett", "schlafbeginn", "von", "coucher", "endormissement", "début", "inicio", "hora de acostarse", "inizio"},
	"bed_end":   {"bed_end", "end_utc", "wake_time", "waketime", "wake", "end", "end_time", "until", "got up", "woke up", "aufgewacht", "aufgestanden", "schlafende", "bis", "lever", "réveil", "fin", "hora de levantarse", "fine"},
	"wake_date": {"wake_date", "night"},
	"bed_date":  {"bed_date"},
	"date":      {"date", "datum", "tag", "jour", "fecha", "día", "data"},
	"zone":      {"zone", "timezone", "time_zone", "tz"},
	"asleep":    {"asleep", "sleep", "time_asleep", "minutes_asleep", "schlafdauer"},
	"length":    {"duration", "dauer", "durée", "duración", "durata"}, // taken as the time asleep where nothing else is told
	"light":     {"light", "core"},
	"deep":      {"deep"},
	"rem":       {"rem"},
	"awake":     {"awake", "waso"},
	"latency":   {"latency", "sleep_latency"},
	"snoring":   {"snoring"},
	"nap":       {"nap", "is_nap", "kind"},
	"source":    {"source", "app"},
	"device":    {"device"},
	"id":        {"id", "session_id"},
	"score":     {"score", "own_score"},
}

// plainUnits are how a heading ends that names its unit.
var plainUnits = []struct {
	end  string
	unit time.Duration
}{
	{"_minutes", time.Minute}, {" (min)", time.Minute}, {"_min", time.Minute}, {"_hours", time.Hour}, {" (h)", time.Hour}, {"_h", time.Hour}, {"_seconds", time.Second}, {" (s)", time.Second},
}

// A plainTable is a table whose columns were understood.
type plainTable struct {
	*table

	names  map[string]string        // of the columns, by what they are
	units  map[string]time.Duration // of durations; 0: not named
	unread []string                 // columns that mean nothing here
	order  string
	dates  string
}

// plainColumn returns what a column is.
func plainColumn(heading string) (what string, unit time.Duration) {
	bare := heading
	for _, u := range plainUnits {
		if cut, ok := strings.CutSuffix(heading, u.end); ok {
			bare, unit = cut, u.unit
			break
		}
	}
	spaced := func(name string) string { return strings.ReplaceAll(name, "_", " ") }
	for what, names := range plainColumns {
		if slices.ContainsFunc(names, func(name string) bool {
			return spaced(name) == spaced(heading) || unit > 0 && spaced(name) == spaced(bare)
		}) {
			return what, unit
		}
	}
	return "", 0
}

func isPlain(_ string, head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	r := csv.NewReader(bytes.NewReader(line))
	r.Comma, r.LazyQuotes = commaOf(head), true
	cells, err := r.Read()
	if err != nil {
		return false
	}
	found := map[string]bool{}
	for _, cell := range cells {
		what, _ := plainColumn(columnName(cell))
		found[what] = true
	}
	return found["bed_start"] && found["bed_end"] || found["date"] && found["bed_start"] || found["bed_start"] && (found["asleep"] || found["length"])
}

// isOwn reports whether a table has the documented names, so that it is one even among
// others.
func isOwn(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return bytes.Contains(line, []byte("bed_start")) && bytes.Contains(line, []byte("bed_end"))
}

func readPlain(ctx context.Context, s *sink, files []file) error {
	for _, f := range files {
		order, err := s.plainOrder(ctx, f)
		if err != nil {
			return err
		}
		p, err := s.openPlain(ctx, f)
		if err != nil {
			return err
		}
		p.order = order
		if len(p.unread) > 0 {
			s.note(f, "line 1", unreadColumns, errtext.Text(strings.Join(p.unread, ", ")))
		}
		err = s.readPlainRows(p)
		p.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sink) openPlain(ctx context.Context, f file) (*plainTable, error) {
	t, err := s.openTable(ctx, f, layout{})
	if err != nil {
		return nil, err
	}
	p := &plainTable{table: t, names: map[string]string{}, units: map[string]time.Duration{}}
	for _, name := range t.heading {
		what, unit := plainColumn(name)
		if _, twice := p.names[what]; what != "" && !twice {
			p.names[what], p.units[what] = name, unit
		} else if name != "" {
			p.unread = append(p.unread, name)
		}
	}
	switch length := p.names["length"]; {
	case length == "":
	case p.names["asleep"] == "":
		p.names["asleep"], p.units["asleep"] = length, p.units["length"]
	default:
		p.unread = append(p.unread, length)
	}
	switch {
	case p.names["wake_date"] != "":
		p.dates = "wake"
	case p.names["bed_date"] != "":
		p.dates = "bed"
	default:
		p.dates = s.DateIs
	}
	return p, nil
}

// mostBad is the share of rows that cannot be read from which on the file is refused.
const mostBad = 0.05

func (s *sink) readPlainRows(p *plainTable) error {
	rows, first := 0, ""
	bad := 0
	for r, err := range p.all() {
		if err != nil {
			return err
		}
		rows++
		why, about, err := s.addPlain(p, r)
		if err != nil {
			return err
		}
		if why != "" {
			s.refuse(p.file, r.where(), why, about)
			if bad++; first == "" {
				first = r.where()
			}
		}
	}
	if float64(bad) > mostBad*float64(rows) {
		return &fault{file: p.file.name, where: first, err: fmt.Errorf("%d of %d rows cannot be read, so the columns may have been misunderstood: name them as in docs/import.md", bad, rows)}
	}
	return nil
}

func (p *plainTable) cell(r row, what string) string {
	if p.names[what] == "" {
		return ""
	}
	return r.text(p.names[what])
}

// addPlain reads a row; why says what is wrong with it.
func (s *sink) addPlain(p *plainTable, r row) (why reason, about string, err error) {
	if r.cut() {
		return cutRow, "", nil
	}
	one := record{file: p.file, where: r.where(), app: p.cell(r, "source"), device: p.cell(r, "device"), key: p.cell(r, "id")}
	for what, into := range map[string]**time.Duration{
		"asleep": &one.asleep, "light": &one.light, "deep": &one.deep, "rem": &one.rem, "awake": &one.waso, "latency": &one.latency, "snoring": &one.snoring,
	} {
		var ok bool
		if *into, ok = p.duration(r, what); !ok {
			return unreadable, p.names[what], nil
		}
	}
	if text := p.cell(r, "score"); text != "" {
		score, ok := numberOf(text)
		if !ok {
			return unreadable, p.names["score"], nil
		}
		one.score = &score
	}
	one.nap = whoopNap(p.cell(r, "nap"))
	zone := s.zone
	if name := p.cell(r, "zone"); name != "" {
		named, ok := s.zoneNamed(p.file, r.where(), name)
		if !ok {
			return "", "", nil
		}
		one.zone, zone = named, zoneOf(named)
	}
	if why, about, err = s.plainTimes(p, r, &one, zone); why != "" || err != nil {
		return why, about, err
	}
	if one.asleep != nil && one.latency != nil && one.waso != nil { // what is left comes after the final awakening
		if rest := one.end.Sub(one.start) - *one.latency - *one.asleep - *one.waso; rest > 0 {
			one.rise = &rest
		}
	}
	s.add(one)
	return "", "", nil
}

// duration reads a duration: a number in the unit that the heading names, or H:MM.
func (p *plainTable) duration(r row, what string) (*time.Duration, bool) {
	text := p.cell(r, what)
	if text == "" {
		return nil, true
	}
	if d, ok := hoursOf(text); ok {
		return &d, true
	}
	x, ok := numberOf(text)
	if !ok || p.units[what] == 0 {
		return nil, false
	}
	d := lasting(&x, p.units[what])
	return d, d != nil
}

// plainTimes finds the instants of a row.
func (s *sink) plainTimes(p *plainTable, r row, one *record, zone *time.Location) (why reason, about string, err error) {
	start, end := p.cell(r, "bed_start"), p.cell(r, "bed_end")
	if start == "" || end == "" && one.asleep == nil {
		return noTimes, "", nil
	}
	from, before, ok1 := stampOf(start)
	to, after, ok2 := stampOf(end)
	if ok1 && ok2 {
		one.start, one.end = from, to
		if one.zone == "" {
			one.offsets = &offsets{start: before, end: &after}
		}
		return "", "", nil
	}
	if zone == nil {
		return "", "", &ZoneError{File: p.file.name}
	}
	one.zone = zone.String()
	bed, up, ok, err := p.walls(r, start, end)
	switch {
	case err != nil:
		return "", "", err
	case !ok:
		return unreadable, "a time or a date", nil
	}
	var skipped bool
	if one.start, one.end, skipped = interval(bed, up, zone); skipped {
		s.note(p.file, r.where(), skippedHour, "")
	}
	return "", "", nil
}

// walls reads the clock's times of a row: both with their dates, or a date for both.
func (p *plainTable) walls(r row, start, end string) (bed, up wall, ok bool, err error) {
	if bed, ok = momentOf(start, p.order); ok {
		up, ok = momentOf(end, p.order)
		return bed, up, ok, nil
	}
	bedClock, ok1 := clockOf(start)
	upClock, ok2 := clockOf(end)
	text := p.cell(r, "wake_date") + p.cell(r, "bed_date")
	if text == "" {
		text = p.cell(r, "date")
	}
	date, ok3 := dayOf(text, p.order)
	if !ok1 || !ok2 || !ok3 {
		return bed, up, false, nil
	}
	bed, up = wall(date.Add(bedClock)), wall(date.Add(upClock))
	if upClock > bedClock {
		return bed, up, true, nil // both on the date
	}
	switch p.dates {
	case "wake":
		bed = wall(date.AddDate(0, 0, -1).Add(bedClock))
	case "bed":
		up = wall(date.AddDate(0, 0, 1).Add(upClock))
	default:
		return bed, up, false, &fault{file: p.file.name, where: r.where(), err: errors.New("the date may be that of the evening or of the morning: set --date-is bed or --date-is wake")}
	}
	return bed, up, true, nil
}

// plainOrder finds the order of dates such as 03/04/2026.
func (s *sink) plainOrder(ctx context.Context, f file) (string, error) {
	if s.DateOrder != "" {
		return s.DateOrder, nil
	}
	p, err := s.quiet().openPlain(ctx, f)
	if err != nil {
		return "", err
	}
	defer p.Close()
	var seen ordering
	for r, err := range p.all() {
		if err != nil {
			return "", err
		}
		for _, what := range []string{"date", "wake_date", "bed_date", "bed_start", "bed_end"} {
			if err := seen.see(r, p.cell(r, what)); err != nil {
				return "", err
			}
		}
	}
	return seen.found()
}
