package tools

import (
	"context"
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// The states of a recording, in our words.
const (
	stateComplete   = "complete"
	stateAnalysing  = "analysing"   // ended; the numbers are not there yet
	stateInProgress = "in_progress" // still running
	stateNeverSlept = "never_slept" // analysed; no sleep was found
	stateTooShort   = "too_short"   // too short to be analysed
	stateDamaged    = "damaged"     // too much is missing to be analysed
)

// stateOf reads the state of a session that was fetched singly.
func stateOf(s *asleep.Session) string {
	has := func(p asleep.Peculiarity) bool { return slices.Contains(s.Peculiarities, p) }
	switch {
	case s.State == asleep.Open:
		return stateInProgress
	case s.State == asleep.Closed, has(asleep.InProgress):
		return stateAnalysing
	case has(asleep.TooShortForAnalysis):
		return stateTooShort
	case has(asleep.TooManyDefectsInSleepStages):
		return stateDamaged
	case has(asleep.NeverSlept):
		return stateNeverSlept
	}
	return stateComplete
}

// stateListed reads the state of a session of the census that is in neither list
// of analysed sessions; a finished one has to be fetched to know why.
func (q *question) stateListed(ctx context.Context, s asleep.SessionInfo) (string, error) {
	switch s.State {
	case asleep.Open:
		return stateInProgress, nil
	case asleep.Closed:
		return stateAnalysing, nil
	}
	detail, err := q.deps.Client.Session(ctx, q.user.ID(), s.ID)
	if err != nil {
		return "", err
	}
	return stateOf(detail), nil
}

// sessionEnd is when a recording ended, as well as it is known.
func sessionEnd(s asleep.SessionInfo) time.Time {
	switch {
	case s.End != nil:
		return *s.End
	case s.UnexpectedEnd != nil:
		return *s.UnexpectedEnd
	}
	return s.Start
}
