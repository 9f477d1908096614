package asleep

import "time"

// Stat is what Asleep computed for one session. Any field may be nil: because no sleep
// was found, because the plan does not include the measurement, or because the stage
// did not occur. Durations are in seconds and ratios range from 0 to 1.
type Stat struct {
	SleepTime  *time.Time `json:"sleep_time"`  // sleep onset
	WakeTime   *time.Time `json:"wake_time"`   // final awakening
	SleepIndex *float64   `json:"sleep_index"` // 0 to 100

	SleepLatency  *float64 `json:"sleep_latency"`  // session start to onset
	WakeupLatency *float64 `json:"wakeup_latency"` // final awakening to session end
	LightLatency  *float64 `json:"light_latency"`  // from onset; nil if the stage did not occur
	DeepLatency   *float64 `json:"deep_latency"`
	REMLatency    *float64 `json:"rem_latency"`

	TimeInBed         *float64 `json:"time_in_bed"`          // start to end, wall clock
	TimeInSleepPeriod *float64 `json:"time_in_sleep_period"` // onset to final awakening
	TimeInSleep       *float64 `json:"time_in_sleep"`        // light + deep + REM
	TimeInWake        *float64 `json:"time_in_wake"`         // wake after sleep onset (WASO) only
	TimeInLight       *float64 `json:"time_in_light"`
	TimeInDeep        *float64 `json:"time_in_deep"`
	TimeInREM         *float64 `json:"time_in_rem"`

	TimeInStableBreath   *float64 `json:"time_in_stable_breath"`
	TimeInUnstableBreath *float64 `json:"time_in_unstable_breath"`
	TimeInSnoring        *float64 `json:"time_in_snoring"`
	TimeInNoSnoring      *float64 `json:"time_in_no_snoring"`

	SleepEfficiency *float64 `json:"sleep_efficiency"` // TimeInSleep / TimeInBed
	SleepRatio      *float64 `json:"sleep_ratio"`      // these shares are of the sleep period, rounded
	WakeRatio       *float64 `json:"wake_ratio"`
	LightRatio      *float64 `json:"light_ratio"`
	DeepRatio       *float64 `json:"deep_ratio"`
	REMRatio        *float64 `json:"rem_ratio"`

	StableBreathRatio   *float64 `json:"stable_breath_ratio"`
	UnstableBreathRatio *float64 `json:"unstable_breath_ratio"`
	SnoringRatio        *float64 `json:"snoring_ratio"`
	NoSnoringRatio      *float64 `json:"no_snoring_ratio"`

	BreathingIndex      *float64 `json:"breathing_index"`
	BreathingPattern    *string  `json:"breathing_pattern"`
	UnstableBreathCount *float64 `json:"unstable_breath_count"`

	WASOCount       *float64    `json:"waso_count"` // every run of wake of 30 s or more
	LongestWASO     *float64    `json:"longest_waso"`
	SleepCycleCount *float64    `json:"sleep_cycle_count"`
	SleepCycle      *float64    `json:"sleep_cycle"` // mean length of a cycle
	SleepCycleTime  []time.Time `json:"sleep_cycle_time"`
	SnoringCount    *float64    `json:"snoring_count"`
}
