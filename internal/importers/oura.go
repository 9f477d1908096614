package importers

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// Oura writes the same documents as JSON (its API) and as a table with semicolons
// (sleepmodel.csv of the account's export). Before, they had other names in JSON; and the web
// site's table of trends has a row a day, which tells the main sleep. Times have their own offsets.
var oura = format{
	tracker: "oura", title: "Oura",
	is: func(_ string, head []byte) bool {
		return bytes.Contains(head, []byte("bedtime_start")) && bytes.Contains(head, []byte("bedtime_end")) &&
			slices.ContainsFunc([]string{"time_in_bed", "total_sleep_duration", "onset_latency"}, func(name string) bool { return bytes.Contains(head, []byte(name)) }) ||
			isOuraTrends(head)
	},
	read: readOura,
}

func isOuraTrends(head []byte) bool {
	line, _, _ := bytes.Cut(bytes.ToLower(head), []byte("\n"))
	return bytes.Contains(line, []byte("bedtime start")) && bytes.Contains(line, []byte("bedtime end")) && bytes.Contains(line, []byte("total sleep"))
}

// ouraTrends are the names of columns of the table of trends, and those of the documents.
var ouraTrends = map[string]string{
	"date": "day", "bedtime start": "bedtime_start", "bedtime end": "bedtime_end", "awake time": "awake_time", "sleep latency": "latency",
	"total sleep time": "total_sleep_duration", "light sleep time": "light_sleep_duration", "deep sleep time": "deep_sleep_duration", "rem sleep time": "rem_sleep_duration",
	"total sleep duration": "total_sleep_duration", "light sleep duration": "light_sleep_duration", "deep sleep duration": "deep_sleep_duration", "rem sleep duration": "rem_sleep_duration",
}

// ouraSleep is one document. Durations are seconds.
type ouraSleep struct {
	ID        string   `json:"id"`
	Day       string   `json:"day"`
	Type      string   `json:"type"`
	Start     string   `json:"bedtime_start"`
	End       string   `json:"bedtime_end"`
	Asleep    *float64 `json:"total_sleep_duration"`
	Light     *float64 `json:"light_sleep_duration"`
	Deep      *float64 `json:"deep_sleep_duration"`
	REM       *float64 `json:"rem_sleep_duration"`
	Awake     *float64 `json:"awake_time"`
	Latency   *float64 `json:"latency"`
	Phases30  string   `json:"sleep_phase_30_sec"`
	Phases5   string   `json:"sleep_phase_5_min"`
	Hypnogram string   `json:"hypnogram_5_min"` // the older name
	Algorithm string   `json:"sleep_algorithm_version"`

	ouraBefore
}

// ouraBefore are the names of the first API, without an id, and with the date of the evening.
type ouraBefore struct {
	OldAsleep    *float64 `json:"total"`
	OldLight     *float64 `json:"light"`
	OldDeep      *float64 `json:"deep"`
	OldREM       *float64 `json:"rem"`
	OldAwake     *float64 `json:"awake"`
	OldLatency   *float64 `json:"onset_latency"`
	OldHypnogram string   `json:"hypnogram_5min"`
	Longest      *float64 `json:"is_longest"` // 1 or 0
}

// renew moves what has an older name to the one of today.
func (o *ouraSleep) renew() {
	for _, pair := range []struct{ new, old **float64 }{
		{&o.Asleep, &o.OldAsleep}, {&o.Light, &o.OldLight}, {&o.Deep, &o.OldDeep}, {&o.REM, &o.OldREM}, {&o.Awake, &o.OldAwake}, {&o.Latency, &o.OldLatency},
	} {
		*pair.new = cmp.Or(*pair.new, *pair.old)
	}
	o.Hypnogram = cmp.Or(o.Hypnogram, o.OldHypnogram)
}

func readOura(ctx context.Context, s *sink, files []file) error {
	for _, f := range files {
		head, err := f.head(ctx)
		if err != nil {
			return err
		}
		if start := bytes.TrimSpace(head); len(start) > 0 && (start[0] == '{' || start[0] == '[') {
			list := "data"
			if bytes.Contains(head, []byte(`"onset_latency"`)) {
				list = "sleep"
			}
			err = eachOf(ctx, s, f, list, func(where string, one *ouraSleep) error {
				one.renew()
				s.addOura(f, where, one)
				return nil
			})
		} else {
			err = s.readOuraTable(ctx, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sink) readOuraTable(ctx context.Context, f file) error {
	t, err := s.openTable(ctx, f, layout{})
	if err != nil {
		return err
	}
	defer t.Close()
	for old, name := range ouraTrends {
		if i, ok := t.columns[old]; ok && !t.has(name) {
			t.columns[name] = i
		}
	}
	if !t.has("bedtime_start", "bedtime_end") {
		return &fault{file: f.name, err: errHeading}
	}
	for r, err := range s.whole(t) {
		if err != nil {
			return err
		}
		one := ouraSleep{
			ID: r.text("id"), Day: r.text("day"), Type: r.text("type"), Start: r.text("bedtime_start"), End: r.text("bedtime_end"),
			Phases30: r.text("sleep_phase_30_sec"), Phases5: r.text("sleep_phase_5_min"), Hypnogram: r.text("hypnogram_5_min"), Algorithm: r.text("sleep_algorithm_version"),
		}
		if s.numbers(r, map[string]**float64{
			"total_sleep_duration": &one.Asleep, "light_sleep_duration": &one.Light, "deep_sleep_duration": &one.Deep,
			"rem_sleep_duration": &one.REM, "awake_time": &one.Awake, "latency": &one.Latency,
		}) {
			s.addOura(f, r.where(), &one)
		}
	}
	return nil
}

func (s *sink) addOura(f file, where string, one *ouraSleep) {
	switch one.Type {
	case "rest", "deleted":
		s.refuse(f, where, notSleep, one.Type)
		return
	}
	if one.Start == "" && one.End == "" {
		s.refuse(f, where, noTimes, "")
		return
	}
	start, startOffset, ok1 := stampOf(one.Start)
	end, endOffset, ok2 := stampOf(one.End)
	if !ok1 || !ok2 {
		s.refuse(f, where, unreadable, "bedtime_start or bedtime_end")
		return
	}
	r := record{
		file: f, where: where, key: one.ID, algorithm: one.Algorithm, date: dateOf(one.Day), start: start, end: end,
		offsets: &offsets{start: startOffset, end: &endOffset},
		asleep:  lasting(one.Asleep, time.Second), light: lasting(one.Light, time.Second), deep: lasting(one.Deep, time.Second), rem: lasting(one.REM, time.Second),
		awakeInBed: lasting(one.Awake, time.Second), latency: lasting(one.Latency, time.Second),
	}
	r.line = s.ouraLine(&r, one)
	switch {
	case one.Type != "":
		r.nap = new(one.Type != "long_sleep")
	case one.Longest != nil:
		r.nap = new(*one.Longest == 0)
	}
	if r.sleepTime() == nil {
		s.refuse(f, where, noNumbers, "")
		return
	}
	s.add(r)
}

// ouraLine reads the stages, a digit each 30 seconds or 5 minutes, and cuts what stands
// beyond the end of a sleep that is no multiple of them.
func (s *sink) ouraLine(r *record, one *ouraSleep) timeline {
	digits, each := one.Phases30, 30*time.Second
	if digits == "" {
		digits, each = one.Phases5, 5*time.Minute
	}
	if digits == "" {
		digits = one.Hypnogram
	}
	if time.Duration(len(digits))*each > r.end.Sub(r.start)+10*time.Minute {
		s.note(r.file, r.where, contradicts, "the number of its stages")
		return nil
	}
	stages := map[rune]stage{'1': deep, '2': light, '3': rem, '4': awake}
	var spans []span
	for i, digit := range digits {
		what, known := stages[digit]
		if !known {
			s.note(r.file, r.where, unknownStage, errtext.Text(string(digit)))
			what = inBed
		}
		from := r.start.Add(time.Duration(i) * each)
		to := from.Add(each)
		if to.After(r.end) {
			to = r.end
		}
		spans = append(spans, spanOf(from, to, what))
	}
	return overlay(spans)
}

// dateOf returns a text if it is a date, YYYY-MM-DD; "" otherwise.
func dateOf(text string) string {
	text, _, _ = strings.Cut(text, "T")
	if t, err := time.Parse(time.DateOnly, text); err != nil || !plausible(t) {
		return ""
	}
	return text
}
