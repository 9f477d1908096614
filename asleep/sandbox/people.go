package sandbox

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// epoch is the length of one value of a hypnogram.
const epoch = 30 * time.Second

// Values of one epoch of a hypnogram.
const (
	unknown int8 = -1
	wake    int8 = 0
	light   int8 = 1
	deep    int8 = 2
	rem     int8 = 3
)

// State is how far a session has come. "" means that it follows from the recording's
// times and the server's clock.
type State string

// States of a session.
const (
	Open     State = "OPEN"     // audio is accepted
	Closed   State = "CLOSED"   // the recording has ended and is being analysed
	Complete State = "COMPLETE" // the analysis is finished
)

// Person is one user of the sandbox with everything they ever recorded.
type Person struct {
	ID          string // 1 to 128 letters, digits, "_" and "-"
	Metadata    Metadata
	ToBeDeleted bool // marked for deletion, as reported by GET /ai/v1/users/{id}
	Recordings  []Recording
}

// Recording is one session: a start, an end and what the microphone heard.
type Recording struct {
	ID      string    // "": derived from Person.ID and Start
	Start   time.Time // whole seconds; a session does not exist before its start by the server's clock
	End     time.Time // zero: Start plus 30 s for each stage
	Zone    string    // created_timezone, an IANA name; "": UTC
	Stages  []int8    // one value per 30 s: -1 unknown, 0 wake, 1 light, 2 deep, 3 REM
	Snoring []int8    // as many values as Stages, each 0 or 1; nil: snoring is not part of the plan
	State   State     // "": OPEN until End, CLOSED until Completed, then COMPLETE; before End it is always OPEN

	Completed     time.Time // end of the analysis; zero: 20 minutes after End
	UnexpectedEnd time.Time // when tracking broke off, for a session that the app ended later; zero: it ended properly
}

// session is a complete recording whose statistics are computed once, on first use. It
// does not change otherwise.
type session struct {
	Recording
	figures func() figures
}

func newSession(user string, r Recording, twoStage bool) *session {
	if r.Snoring != nil && len(r.Snoring) != len(r.Stages) {
		panic(fmt.Sprintf("sandbox: a recording has %d values of snoring for %d stages", len(r.Snoring), len(r.Stages)))
	}
	r = complete(user, r)
	return &session{r, sync.OnceValue(func() figures { return measure(r, twoStage) })}
}

// complete fills in what a Recording may leave out.
func complete(user string, r Recording) Recording {
	r.Start = r.Start.Truncate(time.Second)
	if r.ID == "" {
		r.ID = sessionID(user, r.Start)
	}
	if r.End.IsZero() {
		r.End = r.Start.Add(time.Duration(len(r.Stages)) * epoch)
	}
	if r.Completed.IsZero() {
		r.Completed = r.End.Add(analysisTime)
	}
	if r.Zone == "" {
		r.Zone = "UTC"
	}
	return r
}

// sessionID returns the start in UTC and five characters that distinguish users who
// started in the same second.
func sessionID(user string, start time.Time) string {
	digits := start.UTC().Format("20060102150405")
	h := fnv.New64a()
	h.Write([]byte(user + " " + digits))
	tail := "0000" + strconv.FormatUint(h.Sum64(), 36)
	return digits + "_" + tail[len(tail)-5:]
}

func (s *session) state(now time.Time) State {
	switch {
	case now.Before(s.End):
		return Open
	case s.State != "":
		return s.State
	case now.Before(s.Completed):
		return Closed
	}
	return Complete
}

func (s *session) inBed() time.Duration { return s.End.Sub(s.Start) }

// chunks returns the number of 30-second pieces received until now.
func (s *session) chunks(now time.Time) int {
	return min(len(s.Stages), int(now.Sub(s.Start)/epoch))
}

// peculiarities returns the flags of GET session: NO_BREATHING_STABILITY, as this
// sandbox's contract always lacks it, and the first one that empties the statistics.
func (s *session) peculiarities(now time.Time) []string {
	flags := []string{}
	switch {
	case s.state(now) != Complete:
		flags = append(flags, "IN_PROGRESS")
	case s.inBed() < shortestNight:
		flags = append(flags, "TOO_SHORT_FOR_ANALYSIS")
	case s.figures().missing > mostDefects:
		flags = append(flags, "TOO_MANY_DEFECTS_IN_SLEEP_STAGES")
	default:
		if !s.figures().slept {
			flags = append(flags, "NEVER_SLEPT")
		}
		if s.inBed() > longestNight {
			flags = append(flags, "TOO_LONG_FOR_ANALYSIS")
		}
	}
	return append(flags, "NO_BREATHING_STABILITY")
}

// analysed reports whether the session has statistics.
func (s *session) analysed(now time.Time) bool {
	return !slices.ContainsFunc(s.peculiarities(now), func(flag string) bool {
		return flag == "IN_PROGRESS" || flag == "TOO_SHORT_FOR_ANALYSIS" || strings.HasPrefix(flag, "TOO_MANY_DEFECTS")
	})
}
