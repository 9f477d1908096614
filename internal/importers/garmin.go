package importers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Garmin Connect writes about 100 days to a file: instants without a zone, totals of the
// stages in seconds, and no times of the stages. What its web site answers, which programs
// keep a day a file, has the same names, instants in milliseconds, and the clock beside them; its table of
// weeks is in garmin_web.go. Garmin sets the limits of a sleep to the first and the last of it, so that going
// to bed is not measured.
var garmin = format{
	tracker: "garmin", title: "Garmin",
	is: func(_ string, head []byte) bool {
		return bytes.Contains(head, []byte(`"sleepStartTimestampGMT"`)) || isGarminWeb(head)
	},
	read: readGarmin,
}

type garminSleep struct {
	garminNight

	Daily     *garminNight `json:"dailySleepDTO"`
	DailyNaps []garminNap  `json:"dailyNapDTOS"`
}

type garminNight struct {
	Start        *garminInstant `json:"sleepStartTimestampGMT"`
	End          *garminInstant `json:"sleepEndTimestampGMT"`
	StartLocal   *garminInstant `json:"sleepStartTimestampLocal"`
	EndLocal     *garminInstant `json:"sleepEndTimestampLocal"`
	Date         string         `json:"calendarDate"`
	Confirmation string         `json:"sleepWindowConfirmationType"`
	Asleep       *float64       `json:"sleepTimeSeconds"`
	Deep         *float64       `json:"deepSleepSeconds"`
	Light        *float64       `json:"lightSleepSeconds"`
	REM          *float64       `json:"remSleepSeconds"`
	Awake        *float64       `json:"awakeSleepSeconds"`
	Scores       *struct {
		Overall *float64 `json:"overallScore"`
		Daily   *struct {
			Value *float64 `json:"value"`
		} `json:"overall"`
	} `json:"sleepScores"`
	Naps []garminNap `json:"napList"`
}

type garminNap struct {
	Start   *garminInstant `json:"napStartTimestampGMT"`
	End     *garminInstant `json:"napEndTimestampGMT"`
	Seconds *float64       `json:"napTimeSec"`
}

// garminInstant is an instant as text, which has no mark of its zone and is in UTC, or as
// milliseconds; zero where it is neither.
type garminInstant time.Time

// UnmarshalJSON implements [json.Unmarshaler].
func (g *garminInstant) UnmarshalJSON(b []byte) error {
	var ms int64
	if json.Unmarshal(b, &ms) == nil {
		if t := time.UnixMilli(ms).UTC(); ms > 0 && ms < 1<<43 && plausible(t) {
			*g = garminInstant(t)
		}
		return nil
	}
	var text string
	_ = json.Unmarshal(b, &text) // another type is no instant
	w, _ := wallOf(strings.TrimSuffix(text, "Z"), "2006-01-02T15:04:05.999")
	*g = garminInstant(w)
	return nil
}

func (g *garminInstant) time() (t time.Time, ok bool) {
	if g == nil {
		return t, false
	}
	return time.Time(*g), !time.Time(*g).IsZero()
}

func readGarmin(ctx context.Context, s *sink, files []file) error {
	for _, f := range files {
		head, err := f.head(ctx)
		if err != nil {
			return err
		}
		if isGarminWeb(head) {
			err = s.garminWeb(ctx, f)
		} else {
			err = eachOf(ctx, s, f, "", func(where string, one *garminSleep) error {
				night := cmp.Or(one.Daily, &one.garminNight)
				night.Naps = append(night.Naps, one.DailyNaps...)
				s.addGarmin(f, where, night)
				return nil
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sink) addGarmin(f file, where string, one *garminNight) {
	for i, nap := range one.Naps {
		s.addGarminNap(f, where+", nap "+strconv.Itoa(i+1), one, nap)
	}
	switch confirmation := strings.ToUpper(one.Confirmation); {
	case confirmation == "OFF_WRIST" || confirmation == "UNCONFIRMED":
		s.refuse(f, where, offWrist, confirmation)
		return
	case one.Start == nil || one.End == nil:
		s.refuse(f, where, noTimes, "")
		return
	case one.Deep == nil && one.Light == nil && one.REM == nil && one.Asleep == nil:
		s.refuse(f, where, noNumbers, "")
		return
	}
	start, ok1 := one.Start.time()
	end, ok2 := one.End.time()
	if !ok1 || !ok2 {
		s.refuse(f, where, unreadable, "sleepStartTimestampGMT or sleepEndTimestampGMT")
		return
	}
	r := record{
		file: f, where: where, start: start, end: end, offsets: one.offsets(), date: dateOf(one.Date), nap: new(false), asleep: lasting(one.Asleep, time.Second),
		deep: lasting(one.Deep, time.Second), light: lasting(one.Light, time.Second), rem: lasting(one.REM, time.Second), waso: lasting(one.Awake, time.Second),
	}
	if one.Scores != nil {
		r.score = one.Scores.Overall
		if one.Scores.Daily != nil {
			r.score = cmp.Or(r.score, one.Scores.Daily.Value)
		}
	}
	if r.sleepTime() == nil {
		s.refuse(f, where, noNumbers, "")
		return
	}
	s.add(r)
}

// offsets are by how much the clock was ahead of UTC, where both are told and differ: some versions
// write UTC in both.
func (g *garminNight) offsets() *offsets {
	east := func(utc, local *garminInstant) (seconds int, ok bool) {
		at, ok1 := utc.time()
		shown, ok2 := local.time()
		seconds = int(shown.Sub(at).Seconds())
		return seconds, ok1 && ok2 && seconds != 0 && asleep.Fixed(seconds) != ""
	}
	start, ok1 := east(g.Start, g.StartLocal)
	end, ok2 := east(g.End, g.EndLocal)
	if !ok1 || !ok2 {
		return nil
	}
	return &offsets{start: start, end: &end}
}

func (s *sink) addGarminNap(f file, where string, night *garminNight, nap garminNap) {
	start, ok1 := nap.Start.time()
	end, ok2 := nap.End.time()
	slept := lasting(nap.Seconds, time.Second)
	switch {
	case !ok1 || !ok2:
		s.refuse(f, where, noTimes, "")
		return
	case slept == nil:
		slept = new(end.Sub(start))
	}
	r := record{file: f, where: where, start: start, end: end, date: dateOf(night.Date), nap: new(true), asleep: slept}
	if o := night.offsets(); o != nil {
		r.offsets = &offsets{start: *o.end}
	}
	s.add(r)
}
