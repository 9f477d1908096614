package sandbox

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func measured(t *testing.T, runs string) map[string]any {
	t.Helper()
	return asMap(t, measure(complete("u", Recording{Start: noon, Stages: hypnogram(t, runs)}), false))
}

func asMap(t *testing.T, v any) map[string]any {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(raw, &m))
	return m
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, runs string
		want       map[string]any
	}{
		{"the vendor's example", "30×0 18×1 6×0 18×1 48×0", map[string]any{
			"time_in_bed": 3600., "sleep_latency": 900., "wakeup_latency": 1440., "time_in_sleep_period": 1260.,
			"time_in_sleep": 1080., "time_in_wake": 180., "sleep_efficiency": 0.3, "sleep_ratio": 0.86, "wake_ratio": 0.14,
			"light_ratio": 0.86, "deep_ratio": 0., "rem_ratio": 0., "light_latency": 0., "deep_latency": nil, "rem_latency": nil,
			"time_in_deep": 0., "time_in_rem": 0., "waso_count": 1., "longest_waso": 180.,
			"sleep_index": 50., "sleep_cycle_count": 0., "sleep_cycle": nil, "snoring_count": nil,
		}},
		{"latencies of stages start at the onset", "10×0 4×2 6×1 2×3", map[string]any{
			"sleep_latency": 300., "deep_latency": 0., "light_latency": 120., "rem_latency": 300., "wakeup_latency": 0.,
		}},
		{"thirds: light takes what rounding lost", "10×1 10×2 10×3", map[string]any{
			"wake_ratio": 0., "light_ratio": 0.34, "deep_ratio": 0.33, "rem_ratio": 0.33,
		}},
		{"without light REM takes it", "10×2 10×3 1×0 9×2", map[string]any{
			"wake_ratio": 0.03, "light_ratio": 0., "deep_ratio": 0.63, "rem_ratio": 0.34,
		}},
		{"every run of wake counts", "1×1 1×0 1×1 3×0 1×1", map[string]any{"waso_count": 2., "longest_waso": 90., "time_in_wake": 120.}},
		{"without wake", "100×1", map[string]any{"waso_count": 0., "longest_waso": 0., "sleep_efficiency": 1., "sleep_latency": 0.}},
		{"a single epoch", "10×0 1×1 10×0", map[string]any{"sleep_efficiency": 0.05, "time_in_sleep_period": 30., "sleep_ratio": 1.}},
		{"never slept", "100×0", map[string]any{
			"time_in_bed": 3000., "sleep_latency": 3000., "wakeup_latency": 0., "time_in_sleep": nil, "sleep_efficiency": nil, "waso_count": nil,
		}},
		{"lost epochs are neither", "1×0 2×1 2×-1 1×2 2×0 1×3 1×-1", map[string]any{
			"time_in_sleep_period": 240., "time_in_sleep": 120., "time_in_wake": 60., "waso_count": 1., "sleep_efficiency": 0.4,
			"wake_ratio": 0.25, "light_ratio": 0.25, "deep_ratio": 0.12, "rem_ratio": 0.12,
		}},
		{"lost epochs end a run of wake", "1×1 1×0 1×-1 1×0 1×1", map[string]any{"waso_count": 2., "longest_waso": 30.}},
		{"REM 20 epochs apart is one cycle", "10×1 10×3 19×1 10×3", map[string]any{"sleep_cycle_count": 1., "sleep_cycle": 48 * 30.}},
		{"21 epochs apart it is two clusters too small", "10×1 10×3 20×1 10×3", map[string]any{"sleep_cycle_count": 0., "sleep_cycle": nil}},
		{"two cycles", "80×1 20×3 60×1 20×3 5×0", map[string]any{"sleep_cycle_count": 2., "sleep_cycle": 2685.}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := measured(t, tc.runs)
			for field, want := range tc.want {
				assert.Equal(t, want, got[field], field)
			}
			assert.Nil(t, got["time_in_stable_breath"])
			assert.Nil(t, got["breathing_index"])
		})
	}
}

func TestMeasureSnoringInsideTheSleepPeriod(t *testing.T) {
	t.Parallel()
	r := Recording{Start: noon, Stages: hypnogram(t, "4×0 20×1 4×0"), Snoring: hypnogram(t, "2×0 4×1 4×0 3×1 15×0")}
	got := asMap(t, measure(complete("u", r), false))
	assert.InEpsilon(t, 150., got["time_in_snoring"], 0)
	assert.InEpsilon(t, 450., got["time_in_no_snoring"], 0)
	assert.InEpsilon(t, 0.25, got["snoring_ratio"], 0)
	assert.InEpsilon(t, 0.75, got["no_snoring_ratio"], 0)
	assert.InEpsilon(t, 2., got["snoring_count"], 0)
}

func TestMeasureTimeInBedIsWallClock(t *testing.T) {
	t.Parallel()
	r := Recording{Start: noon, End: noon.Add(3615 * time.Second), Stages: hypnogram(t, "60×1 60×0")}
	got := asMap(t, measure(complete("u", r), false))
	assert.InEpsilon(t, 3615., got["time_in_bed"], 0)
	assert.InEpsilon(t, 1800., got["wakeup_latency"], 0)
}

func TestMeasureTwoStage(t *testing.T) {
	t.Parallel()
	r := complete("u", Recording{Start: noon, Stages: hypnogram(t, "10×0 30×1 30×2 5×0 25×3")})
	got, four := asMap(t, measure(r, true)), asMap(t, measure(r, false))
	for _, field := range []string{"time_in_light", "deep_ratio", "rem_latency", "light_ratio", "sleep_cycle_count"} {
		assert.Nil(t, got[field], field)
		assert.NotNil(t, four[field], field)
	}
	for _, field := range []string{"time_in_sleep", "time_in_wake", "sleep_efficiency", "waso_count"} {
		assert.Equal(t, four[field], got[field], field)
	}
}

// The golden values were made by another implementation of the same rules.
func TestMeasureGolden(t *testing.T) {
	t.Parallel()
	var cases []struct {
		ID     string
		Stages string
		Asleep map[string]any
	}
	require.NoError(t, json.NewDecoder(testdata(t, "golden/hypnograms.json")).Decode(&cases))
	checked := 0
	for _, tc := range cases {
		if tc.Asleep == nil {
			continue
		}
		stages, err := readEpochs("stages", tc.Stages, "0123.")
		require.NoError(t, err)
		got := asMap(t, measure(complete("u", Recording{Start: noon, Stages: stages}), false))
		delete(tc.Asleep, "never_slept")
		if cycle := tc.Asleep["sleep_cycle"]; cycle != nil { // the API has whole seconds for it
			assert.InDelta(t, cycle, got["sleep_cycle"], 0.5, tc.ID)
			delete(tc.Asleep, "sleep_cycle")
		}
		for field, want := range tc.Asleep {
			assert.Equal(t, want, got[field], "%s %s", tc.ID, field)
		}
		checked++
	}
	assert.Positive(t, checked)
}
