package nights

import (
	"slices"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// State is how far the analysis of a recording has come.
type State string

// The states of a recording.
const (
	Complete   State = "complete"
	Analysing  State = "analysing"   // ended; there are no numbers yet
	InProgress State = "in_progress" // still running
	NeverSlept State = "never_slept" // analysed; no sleep was found
	TooShort   State = "too_short"   // too short to be analysed
	Damaged    State = "damaged"     // too much is missing to be analysed
)

// StateListed returns the state of a recording that is only known from the list. One
// that is [Complete] may still turn out to be [TooShort] or [Damaged].
func StateListed(s asleep.State) State {
	switch s {
	case asleep.Open:
		return InProgress
	case asleep.Closed:
		return Analysing
	}
	return Complete
}

// stateOf returns the state of a recording that was read in full.
func stateOf(s *asleep.Session) State {
	has := func(p asleep.Peculiarity) bool { return slices.Contains(s.Peculiarities, p) }
	state := StateListed(s.State)
	switch {
	case state != Complete:
		return state
	case has(asleep.InProgress):
		return Analysing
	case has(asleep.TooShortForAnalysis):
		return TooShort
	case has(asleep.TooManyDefectsInSleepStages):
		return Damaged
	case has(asleep.NeverSlept):
		return NeverSlept
	}
	return Complete
}
