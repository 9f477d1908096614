package importers

import (
	"bytes"
	"context"
	"strconv"
	"time"
)

// Garmin Connect writes about 100 days to a file: instants without a zone, totals of the
// stages in seconds, and no times of the stages. It sets the limits of a sleep to the
// first and the last of it, so that going to bed is not measured.
var garmin = format{
	tracker: "garmin", title: "Garmin",
	is:   func(_ string, head []byte) bool { return bytes.Contains(head, []byte(`"sleepStartTimestampGMT"`)) },
	read: readGarmin,
}

type garminSleep struct {
	Start        *string  `json:"sleepStartTimestampGMT"`
	End          *string  `json:"sleepEndTimestampGMT"`
	Date         string   `json:"calendarDate"`
	Confirmation string   `json:"sleepWindowConfirmationType"`
	Deep         *float64 `json:"deepSleepSeconds"`
	Light        *float64 `json:"lightSleepSeconds"`
	REM          *float64 `json:"remSleepSeconds"`
	Awake        *float64 `json:"awakeSleepSeconds"`
	Scores       *struct {
		Overall *float64 `json:"overallScore"`
	} `json:"sleepScores"`
	Naps []garminNap `json:"napList"`
}

type garminNap struct {
	Start   string   `json:"napStartTimestampGMT"`
	End     string   `json:"napEndTimestampGMT"`
	Seconds *float64 `json:"napTimeSec"`
}

func readGarmin(ctx context.Context, s *sink, files []file) error {
	for _, f := range files {
		if err := eachOf(ctx, s, f, "", func(where string, one *garminSleep) error {
			s.addGarmin(f, where, one)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// garminTime reads an instant, which has no mark of its zone and is in UTC.
func garminTime(text string) (time.Time, bool) {
	w, ok := wallOf(text, "2006-01-02T15:04:05.999")
	return time.Time(w), ok
}

func (s *sink) addGarmin(f file, where string, one *garminSleep) {
	for i, nap := range one.Naps {
		s.addGarminNap(f, where+", nap "+strconv.Itoa(i+1), one.Date, nap)
	}
	switch {
	case one.Confirmation == "OFF_WRIST" || one.Confirmation == "UNCONFIRMED":
		s.refuse(f, where, offWrist, one.Confirmation)
		return
	case one.Start == nil || one.End == nil:
		s.refuse(f, where, noTimes, "")
		return
	case one.Deep == nil && one.Light == nil && one.REM == nil:
		s.refuse(f, where, noNumbers, "")
		return
	}
	start, ok1 := garminTime(*one.Start)
	end, ok2 := garminTime(*one.End)
	if !ok1 || !ok2 {
		s.refuse(f, where, unreadable, "sleepStartTimestampGMT or sleepEndTimestampGMT")
		return
	}
	r := record{
		file: f, where: where, start: start, end: end, date: dateOf(one.Date), nap: new(false),
		deep: lasting(one.Deep, time.Second), light: lasting(one.Light, time.Second), rem: lasting(one.REM, time.Second), waso: lasting(one.Awake, time.Second),
	}
	if one.Scores != nil {
		r.score = one.Scores.Overall
	}
	if r.sleepTime() == nil {
		s.refuse(f, where, noNumbers, "")
		return
	}
	s.add(r)
}

func (s *sink) addGarminNap(f file, where, date string, nap garminNap) {
	start, ok1 := garminTime(nap.Start)
	end, ok2 := garminTime(nap.End)
	slept := lasting(nap.Seconds, time.Second)
	switch {
	case !ok1 || !ok2:
		s.refuse(f, where, noTimes, "")
		return
	case slept == nil:
		slept = new(end.Sub(start))
	}
	s.add(record{file: f, where: where, start: start, end: end, date: dateOf(date), nap: new(true), asleep: slept})
}
