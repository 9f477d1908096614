package tool

import (
	"slices"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// The states of a recording, in this program's words.
const (
	StateComplete   = "complete"
	StateAnalysing  = "analysing"   // ended; there are no numbers yet
	StateInProgress = "in_progress" // still running
	StateNeverSlept = "never_slept" // analysed; no sleep was found
	StateTooShort   = "too_short"   // too short to be analysed
	StateDamaged    = "damaged"     // too much is missing to be analysed
)

// RunState returns how far the analysis of a recording has come.
func RunState(s asleep.State) string {
	switch s {
	case asleep.Open:
		return StateInProgress
	case asleep.Closed:
		return StateAnalysing
	}
	return StateComplete
}

// StateOf returns the state of a session that was read by itself.
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
