package importers

import (
	"bytes"
	"context"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// Samsung Health writes a table of sleeps and one of stages, both in UTC with an offset
// beside it, after a line about the file. Every export has its stamp in the names of its
// files; of several in one folder the newest is read.
var samsungHealth = format{
	tracker: "samsung_health", title: "Samsung Health",
	is: func(_ string, head []byte) bool {
		line, _, _ := bytes.Cut(head, []byte("\n"))
		return slices.ContainsFunc([]string{"com.samsung.shealth.sleep,", "com.samsung.health.sleep,", "com.samsung.health.sleep_stage,"}, func(table string) bool {
			return bytes.HasPrefix(line, []byte(table))
		})
	},
	read: readSamsungHealth,
}

func readSamsungHealth(ctx context.Context, s *sink, files []file) error {
	var sleeps, stages file
	for _, f := range files {
		head, err := f.head(ctx)
		if err != nil {
			return err
		}
		newest := &sleeps
		if bytes.HasPrefix(head, []byte("com.samsung.health.sleep_stage,")) {
			newest = &stages
		}
		older := *newest
		if newest.name == "" || path.Base(f.name) > path.Base(newest.name) {
			*newest = f
		} else {
			older = f
		}
		if older.name != "" {
			s.refuse(older, "the file", otherLayout, "from an older export in the same folder; only the newest is read")
			s.passOver(older)
		}
	}
	if sleeps.name == "" {
		return &fault{file: files[0].name, err: errors.New("it has the stages, but com.samsung.shealth.sleep….csv with the sleep records is missing: import the folder or zip that has both")}
	}
	lines := map[string][]span{}
	if stages.name != "" {
		if err := s.samsungStages(ctx, stages, lines); err != nil {
			return err
		}
	}
	return s.samsungSleeps(ctx, sleeps, lines)
}

// samsungTable opens a table and shortens the names of its columns to their last part.
func (s *sink) samsungTable(ctx context.Context, f file) (*table, error) {
	t, err := s.openTable(ctx, f, layout{comma: ',', skip: 1})
	if err != nil {
		return nil, err
	}
	for i, name := range t.heading {
		short := name[strings.LastIndexByte(name, '.')+1:]
		if _, taken := t.columns[short]; !taken || strings.Contains(name, ".sleep.") {
			t.columns[short] = i
		}
	}
	return t, nil
}

// samsungTime reads an instant, as text or as milliseconds.
func samsungTime(text string) (time.Time, bool) {
	if w, ok := wallOf(text, "2006-01-02 15:04:05.999"); ok {
		return time.Time(w), true
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	t := time.UnixMilli(ms).UTC()
	return t, err == nil && ms > 0 && ms < 1<<43 && plausible(t)
}

var samsungCodes = map[string]stage{"40001": awake, "40002": light, "40003": deep, "40004": rem}

func (s *sink) samsungStages(ctx context.Context, f file, lines map[string][]span) error {
	t, err := s.samsungTable(ctx, f)
	if err != nil {
		return err
	}
	defer t.Close()
	if !t.has("sleep_id", "start_time", "end_time", "stage") {
		return &fault{file: f.name, err: errHeading}
	}
	for r, err := range t.all() {
		if err != nil {
			return err
		}
		if r.text("start_time") == "" {
			continue // a row of commas
		}
		from, ok1 := samsungTime(r.text("start_time"))
		to, ok2 := samsungTime(r.text("end_time"))
		what, known := samsungCodes[r.text("stage")]
		switch {
		case !ok1 || !ok2:
			s.note(f, r.where(), unreadable, "start_time or end_time")
		case !known:
			s.note(f, r.where(), unknownStage, errtext.Text(r.text("stage")))
		case to.Sub(from) > longest:
			s.note(f, r.where(), tooLong, "")
		default:
			id := r.text("sleep_id")
			lines[id] = append(lines[id], spanOf(from, to, what))
		}
	}
	return nil
}

func (s *sink) samsungSleeps(ctx context.Context, f file, lines map[string][]span) error {
	t, err := s.samsungTable(ctx, f)
	if err != nil {
		return err
	}
	defer t.Close()
	if !t.has("start_time", "end_time", "time_offset") {
		return &fault{file: f.name, err: errHeading}
	}
	parts := map[string][]record{}
	var order []string
	for r, err := range t.all() {
		if err != nil {
			return err
		}
		one, ok := s.samsungSleep(f, r, lines)
		if !ok {
			continue
		}
		id := r.text("combined_id")
		if id == "" {
			s.add(one)
			continue
		}
		id = one.app + "\x00" + id
		if parts[id] == nil {
			order = append(order, id)
		}
		parts[id] = append(parts[id], one)
	}
	for _, id := range order {
		s.addParts(parts[id])
	}
	return nil
}

func (s *sink) samsungSleep(f file, r row, lines map[string][]span) (one record, ok bool) {
	if r.text("start_time") == "" && r.text("end_time") == "" {
		return one, false // a row of commas
	}
	from, ok1 := samsungTime(r.text("start_time"))
	to, ok2 := samsungTime(r.text("end_time"))
	offset, ok3 := offsetOf(r.text("time_offset"))
	if !ok1 || !ok2 || !ok3 {
		s.refuse(f, r.where(), unreadable, "start_time, end_time or time_offset")
		return one, false
	}
	var score, latency *float64
	if !s.numbers(r, map[string]**float64{"sleep_score": &score, "sleep_latency": &latency}) {
		return one, false
	}
	id := r.text("datauuid")
	changed, _ := samsungTime(r.text("update_time"))
	one = record{
		file: f, where: r.where(), key: id, app: r.text("pkg_name"), start: from, end: to, offsets: &offsets{start: offset},
		score: score, latency: positive(lasting(latency, time.Millisecond)), changed: changed, line: overlay(lines[id]).within(from, to),
	}
	return one, true
}

// addParts takes the parts of one night as one sleep, awake in between.
func (s *sink) addParts(parts []record) {
	slices.SortFunc(parts, func(a, b record) int { return a.start.Compare(b.start) })
	whole := parts[0]
	var spans []span
	for i, part := range parts {
		if i > 0 && part.start.After(whole.end) {
			spans = append(spans, spanOf(whole.end, part.start, awake))
		}
		for _, sp := range part.line {
			sp.rank = 1
			spans = append(spans, sp)
		}
		if part.end.After(whole.end) {
			whole.end = part.end
		}
		if part.changed.After(whole.changed) {
			whole.changed = part.changed
		}
	}
	whole.line = overlay(spans)
	s.add(whole)
}
