package asleep

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

// wireIdentity is what every session has. The endpoints name its members
// differently; whichever name comes is taken.
type wireIdentity struct {
	ID            short    `json:"id"`
	SessionID     short    `json:"session_id"`
	StartTime     *instant `json:"start_time"`
	SessionStart  *instant `json:"session_start_time"`
	EndTime       *instant `json:"end_time"`
	SessionEnd    *instant `json:"session_end_time"`
	CompleteTime  *instant `json:"complete_time"`
	CompletedTime *instant `json:"completed_time"`
}

func (i *wireIdentity) id() string { return string(cmp.Or(i.ID, i.SessionID)) }

func (i *wireIdentity) start() time.Time { return moment(i.StartTime, i.SessionStart) }

func (i *wireIdentity) end() *time.Time { return (*time.Time)(cmp.Or(i.EndTime, i.SessionEnd)) }

func (i *wireIdentity) completed() *time.Time {
	return (*time.Time)(cmp.Or(i.CompleteTime, i.CompletedTime))
}

// wrong says what is missing, or not what it must be, "" if nothing is. An id goes on to
// models and into requests, so it must have the form of one.
func (i *wireIdentity) wrong() string {
	switch {
	case i.id() == "":
		return "id is missing"
	case CheckSessionID(i.id()) != nil:
		return "id is not that of a session"
	case i.start().IsZero():
		return "start_time is missing"
	}
	return ""
}

// check is wrong for the session at path.
func (i *wireIdentity) check(path string) error {
	if what := i.wrong(); what != "" {
		return fmt.Errorf("%s.%s", path, what)
	}
	return nil
}

// idClock is how the start in UTC is written at the beginning of an id.
const idClock = "20060102150405"

// Limits on what one session may say of itself.
const (
	farFromID      = 26 * time.Hour     // a start without its offset is off by less
	longestSession = 7 * 24 * time.Hour // of one that somebody forgot to stop
)

// checkTimes compares a session's times with each other and with its id.
func checkTimes(id string, start time.Time, end *time.Time) error {
	claimed := startIn(id)
	switch {
	case claimed.IsZero():
		return errors.New("the id begins with no time")
	case start.Sub(claimed).Abs() > farFromID:
		return errors.New("the start is not the one in the id")
	case end != nil && end.Before(start):
		return errors.New("the end lies before the start")
	case end != nil && end.Sub(start) > longestSession:
		return fmt.Errorf("the end lies more than %d days after the start", longestSession/(24*time.Hour))
	}
	return nil
}

// startIn returns the start that a session's id begins with, zero if that is no time.
func startIn(id string) time.Time {
	claimed, err := time.Parse(idClock, id[:len(idClock)])
	if err != nil {
		return time.Time{}
	}
	return claimed
}

// moment returns the first time given, the zero time if none is.
func moment(times ...*instant) time.Time {
	if t := cmp.Or(times...); t != nil {
		return time.Time(*t)
	}
	return time.Time{}
}
