package analytics

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// The usual period at an instant does not depend on what was asked about before.
func TestUsualInAnyOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var sessions []Session
	for night := range 120 {
		onset := start.Add(time.Duration(night)*day + time.Duration(20*60+night*8+r.IntN(120))*time.Minute) // ever later
		wake := onset.Add(7 * time.Hour)
		sessions = append(sessions, Session{Zone: time.UTC, Start: onset, Onset: onset, Wake: wake, End: wake, Asleep: 7 * time.Hour})
	}
	rests := restsOf(sessions)
	usual, periods := usualOf(rests), map[period]bool{}
	for range 200 {
		at := start.Add(time.Duration(r.IntN(140*24)-10*24) * time.Hour)
		fresh := usualOf(rests).at(at)
		assert.Equal(t, fresh, usual.at(at), "%v", at)
		periods[fresh] = true
	}
	assert.Greater(t, len(periods), 20)
}
