package nights

import (
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/sleepers"
)

// A recording that ends later today has not been slept, whatever its numbers say. Clocks
// may differ by minutes.
func TestANightThatIsNotOver(t *testing.T) {
	t.Parallel()
	first := civil.Date{Year: 2026, Month: time.March, Day: 1}
	blocks := sleepers.All()[0].Life(1, first, 20)
	last := blocks[len(blocks)-1]
	for early, want := range map[time.Duration]analytics.Reason{-time.Hour: "", 0: "", 15 * time.Minute: "", 16 * time.Minute: analytics.Inconsistent, 9 * time.Hour: analytics.Inconsistent} {
		now := last.End.Add(-early)
		source := lifeOf(blocks, first, 50)
		l := NewLibrary(source, func() time.Time { return now }, nil)
		p, err := l.Person(t.Context(), "me")
		require.NoError(t, err)
		night := civil.DateOf(last.Wake.In(last.Zone))
		w, err := p.Window(t.Context(), LastDays(7, night), 0)
		require.NoError(t, err)
		if w.Contains(night) {
			assert.Equal(t, want, w.Night(night).Excluded, "%s early", early)
		}
		one := source.life[len(source.life)-1]
		assert.Equal(t, want, measured(&one, last.Zone, p.Now).Check(), "%s early", early)
	}
}
