package person

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// A recording with sleep counts though no night took it; one that the service gave
// twice counts once.
func TestSessionsAreCountedOnce(t *testing.T) {
	t.Parallel()
	r := &record{
		Nights: []analytics.Night{
			{Main: make([]analytics.Session, 2), Naps: make([]analytics.Session, 1)},
			{Main: make([]analytics.Session, 1)},
		},
		slept: map[string]asleep.SleptSession{"odd": {}, "even": {}, "twice": {}},
		dropped: []analytics.Dropped{
			{ID: "odd", Reason: analytics.Overlap},
			{ID: "even", Reason: analytics.Overlap},
			{ID: "twice", Reason: analytics.Duplicate},
			{ID: "awake", Reason: analytics.NoSleep},
		},
	}
	assert.Equal(t, 6, r.SessionCount())
}
