package tool

import (
	"slices"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// The states of a recording, in our words.
const (
	StateComplete   = "complete"
	StateAnalysing  = "analysing"   // ended; the numbers are not there yet
	StateInProgress = "in_progress" // still running
	StateNeverSlept = "never_slept" // analysed; no sleep was found
	StateTooShort   = "too_short"   // too short to be analysed
	StateDamaged    = "damaged"     // too much is missing to be analysed
)

// RunState is how far a recording is.
func RunState(s asleep.State) string {
	switch s {
	case asleep.Open:
		return StateInProgress
	case asleep.Closed:
		return StateAnalysing
	}
	return StateComplete
}

// StateOf reads the state of a session that was fetched singly.
func StateOf(s *asleep.Session) string {
	has := func(p asleep.Peculiarity) bool { return slices.Contains(s.Peculiarities, p) }
	progress := RunState(s.State)
	switch {
	case progress != StateComplete:
		return progress
	case has(asleep.InProgress):
		return StateAnalysing
	case has(asleep.TooShortForAnalysis):
		return StateTooShort
	case has(asleep.TooManyDefectsInSleepStages):
		return StateDamaged
	case has(asleep.NeverSlept):
		return StateNeverSlept
	}
	return StateComplete
}
