package asleep

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReceiptHoldsAsLongAsTheCache(t *testing.T) {
	t.Parallel()
	at := clockAt("2026-11-23T09:00:00Z")
	_, c := serve(t, answer(t, 200, "average_stats.json"), WithClock(at.now))
	day := date("2026-11-23")

	ctx, r := c.Receipt(t.Context())
	assert.True(t, r.Holds(), "nothing was read")
	_, err := c.Nights(ctx, "user", day.AddDays(-3), day)
	require.NoError(t, err)
	assert.True(t, r.Holds())

	other, second := c.Receipt(t.Context())
	_, err = c.Nights(other, "user", day.AddDays(-3), day)
	require.NoError(t, err)
	assert.True(t, second.Holds(), "from the cache")

	at.add(20 * time.Second)
	assert.Equal(t, 40*time.Second, r.Life(time.Hour), "as long as what it lists")
	assert.Equal(t, time.Second, r.Life(time.Second))

	at.add(2 * time.Minute)
	assert.False(t, r.Holds(), "expired")
	assert.LessOrEqual(t, r.Life(time.Hour), time.Duration(0))
	_, err = c.Nights(t.Context(), "user", day.AddDays(-3), day)
	require.NoError(t, err)
	assert.False(t, r.Holds(), "read again")
}

func TestReceiptEndsWhenTheUserIsForgotten(t *testing.T) {
	t.Parallel()
	at := clockAt("2026-11-23T09:00:00Z")
	_, c := serve(t, answer(t, 200, "average_stats.json"), WithClock(at.now))
	ctx, r := c.Receipt(t.Context())
	_, err := c.Nights(ctx, "user", date("2026-11-20"), date("2026-11-23"))
	require.NoError(t, err)
	c.Forget("somebody else")
	assert.True(t, r.Holds())
	c.Forget("user")
	assert.False(t, r.Holds())
}

func TestReceiptOfWhatIsNeverKept(t *testing.T) {
	t.Parallel()
	at := clockAt("2026-11-23T09:00:00Z")
	_, c := serve(t, answer(t, 200, "average_stats.json"), WithClock(at.now))
	ctx, r := c.Receipt(t.Context())
	_, err := c.AverageStats(ctx, "user", date("2026-11-20"), date("2026-11-23"), "UTC")
	require.NoError(t, err)
	assert.False(t, r.Holds())
}
