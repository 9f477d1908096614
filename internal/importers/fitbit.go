package importers

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// Fitbit writes a month of sleeps to a JSON file, in times of the clock without a zone, and
// in newer exports tables beside it: of sleeps, with instants and offsets, which then decide, and
// of their stages. The export of its web site is a table of a month.
var fitbit = format{
	tracker: "fitbit", title: "Fitbit",
	is:   func(_ string, head []byte) bool { return fitbitKindOf(head) != notFitbit },
	read: readFitbit,
}

// fitbitKind is what a file of an export has.
type fitbitKind int

const (
	notFitbit fitbitKind = iota
	fitbitList
	fitbitInstants
	fitbitStages
	fitbitWeb
)

func fitbitKindOf(head []byte) fitbitKind {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !bytes.Contains(line, []byte(name)) })
	}
	switch {
	case bytes.Contains(head, []byte(`"dateOfSleep"`)) && bytes.Contains(head, []byte(`"logId"`)):
		return fitbitList
	case has("sleep_id", "sleep_start", "sleep_end", "start_utc_offset", "end_utc_offset"):
		return fitbitInstants
	case has("sleep_id", "sleep_stage_type", "sleep_stage_start", "sleep_stage_end"):
		return fitbitStages
	case fitbitHeading(head) >= 0:
		return fitbitWeb
	}
	return notFitbit
}

type fitbitSleep struct {
	LogID     int64    `json:"logId"`
	Date      string   `json:"dateOfSleep"`
	Start     string   `json:"startTime"`
	End       string   `json:"endTime"`
	Duration  *float64 `json:"duration"` // milliseconds
	Asleep    *float64 `json:"minutesAsleep"`
	ToSleep   *float64 `json:"minutesToFallAsleep"` // 0 also where nothing was measured
	Type      string   `json:"type"`
	LogType   string   `json:"logType"`
	Main      *bool    `json:"mainSleep"`
	MainOfAPI *bool    `json:"isMainSleep"`
	Levels    struct {
		Data  []fitbitLevel `json:"data"`
		Short []fitbitLevel `json:"shortData"` // wakes that lie over data
	} `json:"levels"`
	Minutes []struct {
		Value json.Number `json:"value"`
	} `json:"minuteData"` // in place of levels in records of the first API, which have no type
}

type fitbitLevel struct {
	At      string  `json:"dateTime"`
	Level   string  `json:"level"`
	Seconds float64 `json:"seconds"`
}

var (
	fitbitLevels = map[string]map[string]stage{
		"":        {"1": asleepAny, "2": awake, "3": awake}, // restless and awake
		"classic": {"asleep": asleepAny, "restless": awake, "awake": awake},
		"stages":  {"wake": awake, "light": light, "deep": deep, "rem": rem},
	}
	fitbitStageNames = map[string]stage{"asleep": asleepAny, "restless": awake, "awake": awake, "wake": awake, "light": light, "deep": deep, "rem": rem}
)

// fitbitTimes are those of a sleep in a table.
type fitbitTimes struct {
	record

	local wall // start
	taken bool // by a sleep in a JSON file
}

func readFitbit(ctx context.Context, s *sink, files []file) error {
	kinds := map[fitbitKind][]file{}
	for _, f := range files {
		head, err := f.head(ctx)
		if err != nil {
			return err
		}
		kind := fitbitKindOf(head)
		kinds[kind] = append(kinds[kind], f)
	}
	var told []*fitbitTimes
	var err error
	for _, f := range kinds[fitbitInstants] {
		if told, err = s.fitbitTable(ctx, f, told); err != nil {
			return err
		}
	}
	for _, f := range kinds[fitbitList] {
		err := eachOf(ctx, s, f, "sleep", func(where string, one *fitbitSleep) error { return s.addFitbit(f, where, one, told) })
		if err != nil {
			return err
		}
	}
	if err := s.fitbitAlone(ctx, kinds[fitbitStages], told); err != nil {
		return err
	}
	for _, f := range kinds[fitbitWeb] {
		if err := s.fitbitWeb(ctx, f); err != nil {
			return err
		}
	}
	s.fitbitNaps()
	return nil
}

// fitbitAlone adds the sleeps that are in no JSON file, with their stages.
func (s *sink) fitbitAlone(ctx context.Context, stages []file, told []*fitbitTimes) error {
	lines := map[string][]span{}
	for _, one := range told {
		if !one.taken {
			lines[one.key] = nil
		}
	}
	for _, f := range stages {
		if err := s.fitbitStages(ctx, f, lines); err != nil {
			return err
		}
	}
	for _, one := range told {
		if !one.taken {
			one.line = overlay(lines[one.key]).within(one.start, one.end)
			s.add(one.record)
		}
	}
	return nil
}

// fitbitStages reads the stages of those sleeps that lines has.
func (s *sink) fitbitStages(ctx context.Context, f file, lines map[string][]span) error {
	t, err := s.openTable(ctx, f, layout{})
	if err != nil {
		return err
	}
	defer t.Close()
	for r, err := range t.all() {
		if err != nil {
			return err
		}
		id := r.text("sleep_id")
		line, wanted := lines[id]
		if !wanted {
			continue
		}
		from, _, ok1 := stampOf(r.text("sleep_stage_start"))
		to, _, ok2 := stampOf(r.text("sleep_stage_end"))
		what, known := fitbitStageNames[strings.ToLower(r.text("sleep_stage_type"))]
		switch {
		case !ok1 || !ok2 || to.Sub(from) > longest:
			s.note(f, r.where(), contradicts, "a stage")
		case !known:
			s.note(f, r.where(), unknownStage, errtext.Text(r.text("sleep_stage_type")))
		case len(line) < mostStages:
			lines[id] = append(line, spanOf(from, to, what))
		}
	}
	return nil
}

// mostStages bounds what is kept of the stages of one sleep: one of every ten seconds of a day.
const mostStages = 8640

func (s *sink) fitbitTable(ctx context.Context, f file, told []*fitbitTimes) ([]*fitbitTimes, error) {
	t, err := s.openTable(ctx, f, layout{})
	if err != nil {
		return nil, err
	}
	defer t.Close()
	for r, err := range s.whole(t) {
		if err != nil {
			return nil, err
		}
		start, _, ok1 := stampOf(r.text("sleep_start"))
		end, _, ok2 := stampOf(r.text("sleep_end"))
		before, ok3 := offsetOf(r.text("start_utc_offset"))
		after, ok4 := offsetOf(r.text("end_utc_offset"))
		if !ok1 || !ok2 || !ok3 || !ok4 {
			s.refuse(f, r.where(), unreadable, "a time or an offset")
			continue
		}
		var slept, awoke, latency *float64
		if !s.numbers(r, map[string]**float64{"minutes_asleep": &slept, "minutes_awake": &awoke, "minutes_to_fall_asleep": &latency}) {
			continue
		}
		one := &fitbitTimes{local: wall(start.Add(time.Duration(before) * time.Second)), record: record{
			file: f, where: r.where(), key: r.text("sleep_id"), start: start, end: end, algorithm: r.text("algorithm_version"),
			offsets: &offsets{start: before, end: &after}, asleep: lasting(slept, time.Minute), awakeInBed: lasting(awoke, time.Minute), latency: positive(lasting(latency, time.Minute)),
		}}
		told = append(told, one)
	}
	return told, nil
}

// positive returns nil for 0 where that stands for what is not measured.
func positive(d *time.Duration) *time.Duration {
	if zero(d) == 0 {
		return nil
	}
	return d
}

// addFitbit takes a sleep of a JSON file with the times that a table tells of it.
func (s *sink) addFitbit(f file, where string, one *fitbitSleep, told []*fitbitTimes) error {
	const layout = "2006-01-02T15:04:05.999"
	from, ok1 := wallOf(one.Start, layout)
	to, ok2 := wallOf(one.End, layout)
	levels := fitbitLevels[one.Type]
	switch {
	case !ok1 || !ok2:
		s.refuse(f, where, unreadable, "startTime or endTime")
		return nil
	case one.Duration == nil || *one.Duration < 0 || *one.Duration > 1e9:
		s.refuse(f, where, unreadable, "duration")
		return nil
	case levels == nil:
		s.refuse(f, where, unreadable, "type")
		return nil
	}
	elapsed := time.Duration(*one.Duration) * time.Millisecond
	if off := (time.Time(to).Sub(time.Time(from)) - elapsed).Abs(); off > time.Minute && (off-time.Hour).Abs() > time.Minute {
		s.refuse(f, where, contradicts, "duration and times")
		return nil
	}
	r := record{
		file: f, where: where, key: strconv.FormatInt(one.LogID, 10), date: dateOf(one.Date), nap: isNap(one.Main, one.MainOfAPI),
		latency: positive(lasting(one.ToSleep, time.Minute)),
	}
	if times := timesAt(told, from); times != nil {
		times.taken = true
		r.start, r.offsets, r.algorithm = times.start, times.offsets, times.algorithm
	} else if err := s.fitbitStart(&r, from, to, elapsed); err != nil {
		return err
	}
	r.end = r.start.Add(elapsed)
	if r.line = s.fitbitLine(&r, one, from, levels); r.line.asleep() == 0 {
		r.asleep = positive(lasting(one.Asleep, time.Minute))
	}
	s.add(r)
	return nil
}

func timesAt(told []*fitbitTimes, from wall) *fitbitTimes {
	i := slices.IndexFunc(told, func(t *fitbitTimes) bool { return time.Time(t.local).Sub(time.Time(from)).Abs() < time.Minute })
	if i < 0 {
		return nil
	}
	return told[i]
}

func isNap(main ...*bool) *bool {
	for _, is := range main {
		if is != nil {
			return new(!*is)
		}
	}
	return nil
}

// fitbitStart finds the instant of the start in the zone that was given.
func (s *sink) fitbitStart(r *record, from, to wall, elapsed time.Duration) error {
	if s.zone == nil {
		return &ZoneError{File: r.file.name}
	}
	start, skipped := from.startIn(s.zone, elapsed, to)
	if skipped {
		s.note(r.file, r.where, skippedHour, "")
	}
	r.start, r.zone = start, s.zone.String()
	return nil
}

// fitbitLine reads the stages. All of their times have the offset of the start.
func (s *sink) fitbitLine(r *record, one *fitbitSleep, from wall, levels map[string]stage) timeline {
	spans := make([]span, 0, len(one.Levels.Data)+len(one.Levels.Short)+len(one.Minutes))
	for i, minute := range one.Minutes {
		what, known := levels[minute.Value.String()]
		if !known {
			s.note(r.file, r.where, unknownStage, errtext.Text(minute.Value.String()))
			continue
		}
		begin := r.start.Add(time.Duration(i) * time.Minute)
		spans = append(spans, spanOf(begin, begin.Add(time.Minute), what))
	}
	for rank, list := range [][]fitbitLevel{one.Levels.Data, one.Levels.Short} {
		for _, level := range list {
			at, ok := wallOf(level.At, "2006-01-02T15:04:05.999")
			what, known := levels[level.Level]
			switch {
			case !known:
				s.note(r.file, r.where, unknownStage, errtext.Text(level.Level))
				continue
			case !ok || level.Seconds <= 0 || level.Seconds > longest.Seconds():
				s.note(r.file, r.where, contradicts, "a level")
				continue
			}
			begin := r.start.Add(time.Time(at).Sub(time.Time(from)))
			one := spanOf(begin, begin.Add(time.Duration(level.Seconds*float64(time.Second))), what)
			one.rank = int64(rank)
			spans = append(spans, one)
		}
	}
	return overlay(spans).within(r.start, r.end)
}

// fitbitNaps marks sleeps as naps where old files do not: all but the longest of a date.
func (s *sink) fitbitNaps() {
	longestOf := map[string]time.Duration{}
	for i := range s.records {
		r := &s.records[i]
		longestOf[r.date] = max(longestOf[r.date], r.end.Sub(r.start))
	}
	for i := range s.records {
		if r := &s.records[i]; r.nap == nil && r.date != "" {
			r.nap = new(r.end.Sub(r.start) < longestOf[r.date])
		}
	}
}
