package tools

import (
	"context"
	"slices"

	"cloud.google.com/go/civil"

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

// progressOf is how far a recording is.
func progressOf(s asleep.State) string {
	switch s {
	case asleep.Open:
		return stateInProgress
	case asleep.Closed:
		return stateAnalysing
	}
	return stateComplete
}

// stateOf reads the state of a session that was fetched singly.
func stateOf(s *asleep.Session) string {
	has := func(p asleep.Peculiarity) bool { return slices.Contains(s.Peculiarities, p) }
	progress := progressOf(s.State)
	switch {
	case progress != stateComplete:
		return progress
	case has(asleep.InProgress):
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
	if progress := progressOf(s.State); progress != stateComplete {
		return progress, nil
	}
	detail, err := q.deps.Client.Session(ctx, q.user.ID(), s.ID)
	if err != nil {
		return "", err
	}
	return stateOf(detail), nil
}

// dateOf is the date of the night that a recording belongs to: that of its end, or
// today for one that is still running.
func (q *question) dateOf(r asleep.Recording) civil.Date {
	if r.State == asleep.Open {
		return q.today
	}
	return civil.DateOf(r.Ended().In(q.place(r.CreatedTimezone)))
}
