package analytics_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

func TestNightScore(t *testing.T) {
	t.Parallel()
	night := asleepFor(390)[0] // 6.5 hours: 80 points
	night.Main[0].InBed = 500 * time.Minute
	score, ok := analytics.NightScore(night, analytics.AdultRecommendation())
	assert.True(t, ok)
	assert.InDelta(t, (0.4*78+0.3*80)/0.7, score, 1e-9)
	_, ok = analytics.NightScore(night, analytics.Recommended(15))
	assert.False(t, ok)
	night.Excluded = analytics.Inconsistent
	_, ok = analytics.NightScore(night, analytics.AdultRecommendation())
	assert.False(t, ok)
}

// A score over several nights without consistency is the mean of the nights' scores.
func TestNightScoreAddsUpToTheScore(t *testing.T) {
	t.Parallel()
	r := analytics.AdultRecommendation()
	var nights []analytics.Night
	sum := 0.0
	for i, n := range ordinary.nights(seeded(4), 20) {
		if i%4 == 0 {
			score, ok := analytics.NightScore(n, r)
			require.True(t, ok)
			nights, sum = append(nights, n), sum+score
		}
	}
	parts := analytics.ScoreOf(nights, r)
	wantValue(t, sum/5*0.7, analytics.Estimate{Value: new(0.4**parts.Efficiency.Value + 0.3**parts.Duration.Value)}, 1e-9)
}

func TestBestAndHardest(t *testing.T) {
	t.Parallel()
	r := analytics.AdultRecommendation()
	nights := asleepFor(420, 300, 450, 250, 440)
	best, hardest := analytics.BestAndHardest(nights, r)
	require.NotNil(t, best)
	require.NotNil(t, hardest)
	assert.Equal(t, nights[2].Date, best.Date)
	assert.Equal(t, nights[3].Date, hardest.Date)

	nights[3].Main[0].Asleep -= 6 * time.Minute
	_, hardest = analytics.BestAndHardest(nights, r)
	assert.Equal(t, nights[1].Date, hardest.Date, "not one with time that was not recorded")

	tied := asleepFor(300, 450, 300, 450)
	slices.Reverse(tied)
	best, hardest = analytics.BestAndHardest(tied, r)
	require.NotNil(t, best)
	assert.Equal(t, date(t, "2026-03-03"), best.Date, "the first of equal ones, whatever their order")
	assert.Equal(t, date(t, "2026-03-02"), hardest.Date)

	for _, none := range [][]analytics.Night{nil, asleepFor(300, 450), asleepFor(450, 450, 450, 451)} {
		best, hardest = analytics.BestAndHardest(none, r)
		assert.Nil(t, best)
		assert.Nil(t, hardest)
	}
	best, _ = analytics.BestAndHardest(nights, analytics.Recommended(12))
	assert.Nil(t, best, "a minor's nights are not rated")
}

// Of equal nights, even of one date, the first is the best, in any order.
func TestBestOfOneDate(t *testing.T) {
	t.Parallel()
	nights := asleepFor(480, 480, 300)
	nights[1].Date = nights[0].Date
	slices.Reverse(nights)
	best, _ := analytics.BestAndHardest(nights, analytics.AdultRecommendation())
	require.NotNil(t, best)
	assert.Equal(t, nights[2].Onset(), best.Onset())
}

// Much sleep is not hard, whatever its score.
func TestTheHardestNightIsNotLong(t *testing.T) {
	t.Parallel()
	r := analytics.AdultRecommendation()
	nights := asleepFor(440, 440, 440, 360, 640)
	_, hardest := analytics.BestAndHardest(nights, r)
	require.NotNil(t, hardest)
	assert.Equal(t, nights[3].Date, hardest.Date, "not the one of 10 h 40 min")

	restless := asleepFor(430, 380, 500, 430)
	restless[2].Main[0].InBed = 12 * time.Hour
	_, hardest = analytics.BestAndHardest(restless, r)
	require.NotNil(t, hardest)
	assert.Equal(t, restless[1].Date, hardest.Date, "not the one with most sleep")

	alike := asleepFor(450, 450, 450)
	alike[1].Main[0].InBed = 10 * time.Hour
	_, hardest = analytics.BestAndHardest(alike, r)
	require.NotNil(t, hardest)
	assert.Equal(t, alike[1].Date, hardest.Date, "as long as the others")

	long := asleepFor(600, 600, 640, 700)
	best, hardest := analytics.BestAndHardest(long, r)
	assert.Nil(t, hardest)
	assert.Nil(t, best)
}
