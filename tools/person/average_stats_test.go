package person

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// 20 minutes to fall asleep, 440 of 450 minutes asleep, up at 07:05: by hand, 20 + 450 × 450/440
// minutes of rest before it.
func TestSleepNeed(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(28, "2026-11-22 23:15", "Europe/Berlin", tooltest.Usual)...))
	ask := func(arguments string) averageStatsOut {
		return tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", arguments)
	}
	out := ask(`{"sleep_hours":7.5}`)
	require.NotNil(t, out.SleepNeed)
	assert.Equal(t, sleepNeed{Hours: 7.5, Before: 8, Spread: new(0.0), Nights: 28, WakeTime: "07:05", Bedtime: "23:05"}, *out.SleepNeed)
	assert.Contains(t, out.Summary, "For 7 h 30 min of sleep be in bed 8 h 00 min before waking: at 23:05 for the usual 07:05")
	out = ask(`{"sleep_hours":7.5,"timezone":"Asia/Seoul"}`)
	assert.Equal(t, "07:05", out.SleepNeed.Bedtime, "eight hours ahead")
	assert.Equal(t, "11:20", out.Chronotype.MidSleep)

	out = ask(`{}`)
	assert.InDelta(t, 7, out.SleepNeed.Hours, 0, "the least that is recommended")
	assert.NotContains(t, out.Summary, "be in bed")
	require.NotNil(t, out.Chronotype)
	assert.Equal(t, "03:20", out.Chronotype.MidSleep, "halfway from 23:35 to 07:05")
	assert.Equal(t, [2]string{"03:20", "03:20"}, [2]string{out.Weekend.FreeMiddle, out.Weekend.WorkMiddle})

	minor := tooltest.AnswerOf[averageStatsOut](t, w.Born(2012), "average_stats", `{}`)
	assert.Nil(t, minor.SleepNeed)
	assert.Equal(t, "minor", minor.Missing["sleep_need"])
	minor = tooltest.AnswerOf[averageStatsOut](t, w.Born(2012), "average_stats", `{"sleep_hours":7}`)
	assert.Nil(t, minor.SleepNeed)
	assert.Equal(t, "minor", minor.Missing["sleep_need"])
	assert.True(t, strings.HasSuffix(minor.Summary, ". No bedtime is given for people under 18."), minor.Summary)
	few := ask(`{"days":4}`)
	assert.Equal(t, "few_nights", few.Missing["chronotype"])
	assert.Equal(t, "few_nights", few.Missing["sleep_need"])
}

// A bedtime is as long before the wake time as is said.
func TestBedtimesAddUp(t *testing.T) {
	t.Parallel()
	list := uneven(tooltest.Nightly(28, "2026-11-22 23:15", "Europe/Berlin", tooltest.Usual))
	for i := range list {
		list[i].Start = list[i].Start.Add(time.Duration(i%2) * 53 * time.Second)
	}
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(list...))
	for hours := 6.0; hours < 9; hours += 0.13 {
		need := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", fmt.Sprintf(`{"sleep_hours":%.2f}`, hours)).SleepNeed
		bed, err := time.Parse("15:04", need.Bedtime)
		require.NoError(t, err)
		minutes := math.Round(need.Before * 60)
		assert.Equal(t, need.WakeTime, bed.Add(time.Duration(minutes)*time.Minute).Format("15:04"), "%v", *need)
	}
}

// Who sleeps at changing times has no bedtime, but needs as long in bed.
func TestSleepNeedAtNoUsualTime(t *testing.T) {
	t.Parallel()
	list := tooltest.Nightly(28, "2026-11-22 23:15", "Europe/Berlin", tooltest.Usual)
	for i := range list {
		list[i].Start = list[i].Start.Add(-6 * time.Hour * time.Duration(i/3%3))
	}
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(list...))
	out := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"sleep_hours":8}`)
	require.NotNil(t, out.SleepNeed)
	assert.Empty(t, out.SleepNeed.Bedtime)
	assert.Equal(t, "scattered", out.Missing["sleep_need.bedtime"])
	assert.Equal(t, "scattered", out.Missing["chronotype"])
	assert.Nil(t, out.Weekend)
}
