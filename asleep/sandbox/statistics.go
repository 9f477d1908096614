package sandbox

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// stat is the block of statistics of one session: the figures, and the members that depend
// on the zone.
type stat struct {
	SleepTime      any   `json:"sleep_time"`
	WakeTime       any   `json:"wake_time"`
	SleepCycleTime []any `json:"sleep_cycle_time"`
	figures
}

// figures is what the vendor's published rules compute from a hypnogram. Durations are
// whole seconds, ratios have two decimals, null means "does not exist".
type figures struct {
	SleepIndex        *int     `json:"sleep_index"`
	SleepLatency      *int     `json:"sleep_latency"`
	WakeupLatency     *int     `json:"wakeup_latency"`
	LightLatency      *int     `json:"light_latency"`
	DeepLatency       *int     `json:"deep_latency"`
	REMLatency        *int     `json:"rem_latency"`
	TimeInBed         *int     `json:"time_in_bed"`
	TimeInSleepPeriod *int     `json:"time_in_sleep_period"`
	TimeInSleep       *int     `json:"time_in_sleep"`
	TimeInWake        *int     `json:"time_in_wake"`
	TimeInLight       *int     `json:"time_in_light"`
	TimeInDeep        *int     `json:"time_in_deep"`
	TimeInREM         *int     `json:"time_in_rem"`
	TimeInSnoring     *int     `json:"time_in_snoring"`
	TimeInNoSnoring   *int     `json:"time_in_no_snoring"`
	SleepEfficiency   *float64 `json:"sleep_efficiency"`
	SleepRatio        *float64 `json:"sleep_ratio"`
	WakeRatio         *float64 `json:"wake_ratio"`
	LightRatio        *float64 `json:"light_ratio"`
	DeepRatio         *float64 `json:"deep_ratio"`
	REMRatio          *float64 `json:"rem_ratio"`
	SnoringRatio      *float64 `json:"snoring_ratio"`
	NoSnoringRatio    *float64 `json:"no_snoring_ratio"`
	WASOCount         *int     `json:"waso_count"`
	LongestWASO       *int     `json:"longest_waso"`
	SleepCycleCount   *int     `json:"sleep_cycle_count"`
	SleepCycle        *int     `json:"sleep_cycle"`
	SnoringCount      *int     `json:"snoring_count"`
	breathing

	slept       bool
	onset, last int     // first and last epoch asleep
	cycleEnds   []int   // last REM epoch of each cycle
	missing     float64 // share of lost epochs
}

// breathing is always null: the sandbox's contract lacks it.
type breathing struct {
	TimeInStableBreath   *int     `json:"time_in_stable_breath"`
	TimeInUnstableBreath *int     `json:"time_in_unstable_breath"`
	StableBreathRatio    *float64 `json:"stable_breath_ratio"`
	UnstableBreathRatio  *float64 `json:"unstable_breath_ratio"`
	BreathingIndex       *float64 `json:"breathing_index"`
	BreathingPattern     *string  `json:"breathing_pattern"`
	UnstableBreathCount  *int     `json:"unstable_breath_count"`
}

// stat returns the statistics for a zone.
func (s *session) stat(zone *time.Location) stat {
	f := s.figures()
	if !f.slept {
		return stat{figures: f}
	}
	at := func(epochs int) any { return instant(s.Start.Add(time.Duration(epochs)*epoch), zone) }
	out := stat{SleepTime: at(f.onset), WakeTime: at(f.last + 1), figures: f}
	if len(f.cycleEnds) > 0 {
		out.SleepCycleTime = []any{at(f.onset)}
		for _, end := range f.cycleEnds {
			out.SleepCycleTime = append(out.SleepCycleTime, at(end))
		}
	}
	return out
}

// measure computes the figures of a recording. The sleep period runs from the first to the
// last epoch asleep; wake is only counted inside it. Latencies of stages start at the
// onset.
func measure(r Recording, twoStage bool) figures {
	asleep := func(v int8) bool { return v > wake }
	f := figures{TimeInBed: new(int(r.End.Sub(r.Start).Seconds())), missing: lost(r.Stages)}
	f.onset = slices.IndexFunc(r.Stages, asleep)
	if f.onset < 0 {
		return neverSlept(f, len(r.Stages))
	}
	f.slept = true
	f.last = f.onset
	for i, v := range r.Stages {
		if asleep(v) {
			f.last = i
		}
	}
	period := r.Stages[f.onset : f.last+1]
	f.SleepLatency = seconds(f.onset)
	f.WakeupLatency = seconds(len(r.Stages) - 1 - f.last)
	f.continuity(period)
	if !twoStage {
		f.architecture(period)
	}
	if r.Snoring != nil {
		f.snoring(r.Snoring[f.onset : f.last+1])
	}
	f.SleepIndex = new(sleepIndex(secs(f.TimeInSleep), *f.SleepEfficiency, secs(f.TimeInWake)))
	return f
}

// continuity fills in sleep and wake of the sleep period.
func (f *figures) continuity(period []int8) {
	awake, lost := count(period, wake), count(period, unknown)
	asleep := len(period) - awake - lost
	runs := runsOf(period, wake)
	f.TimeInSleepPeriod = seconds(len(period))
	f.TimeInSleep = seconds(asleep)
	f.TimeInWake = seconds(awake)
	f.SleepEfficiency = new(round(float64(*f.TimeInSleep)/float64(*f.TimeInBed), 2))
	f.WakeRatio = new(shares(period)[wake])
	f.SleepRatio = new(round(1-*f.WakeRatio, 2))
	f.WASOCount = new(len(runs))
	f.LongestWASO = seconds(slices.Max(append(runs, 0)))
}

// architecture fills in what needs the four-stage plan.
func (f *figures) architecture(period []int8) {
	ratios := shares(period)
	f.LightLatency, f.TimeInLight, f.LightRatio = first(period, light), seconds(count(period, light)), &ratios[light]
	f.DeepLatency, f.TimeInDeep, f.DeepRatio = first(period, deep), seconds(count(period, deep)), &ratios[deep]
	f.REMLatency, f.TimeInREM, f.REMRatio = first(period, rem), seconds(count(period, rem)), &ratios[rem]
	for _, end := range cycleEnds(period) {
		f.cycleEnds = append(f.cycleEnds, f.onset+end)
	}
	n := len(f.cycleEnds)
	f.SleepCycleCount = new(n)
	if n > 0 {
		length := float64(f.cycleEnds[n-1]-f.onset) / float64(n) * epoch.Seconds()
		f.SleepCycle = new(int(math.RoundToEven(length)))
	}
}

func (f *figures) snoring(period []int8) {
	snoring := count(period, 1)
	f.TimeInSnoring, f.TimeInNoSnoring = seconds(snoring), seconds(len(period)-snoring)
	f.SnoringRatio = new(round(float64(snoring)/float64(len(period)), 2))
	f.NoSnoringRatio = new(round(1-*f.SnoringRatio, 2))
	f.SnoringCount = new(len(runsOf(period, 1)))
}

// shares returns the ratios of wake, light, deep and REM to the sleep period. What rounding
// loses or adds goes to light, or else to the first of REM, deep and wake that occurs, so
// that they add up to 1.
func shares(period []int8) [4]float64 {
	var ratios [4]float64
	sum := 0.0
	for stage := range ratios {
		ratios[stage] = round(float64(count(period, int8(stage)))/float64(len(period)), 2)
		sum += ratios[stage]
	}
	if !ratiosAddUp(count(period, unknown)) {
		return ratios
	}
	for _, stage := range []int8{light, rem, deep, wake} {
		if ratios[stage] > 0 {
			ratios[stage] = round(ratios[stage]+1-sum, 2)
			break
		}
	}
	return ratios
}

// cycleEnds finds the last epoch of each REM cluster: REM epochs at most 20
// epochs apart belong together, and fewer than 20 make no cycle.
func cycleEnds(stages []int8) []int {
	const gap, fewest = 20, 20
	var ends []int
	last, size := -1, 0
	for i, v := range stages {
		if v != rem {
			continue
		}
		if last >= 0 && i-last > gap {
			if size >= fewest {
				ends = append(ends, last)
			}
			size = 0
		}
		last = i
		size++
	}
	if size >= fewest {
		ends = append(ends, last)
	}
	return ends
}

// runsOf returns the lengths of the runs of v.
func runsOf(values []int8, v int8) []int {
	var runs []int
	for i, x := range values {
		switch {
		case x != v:
		case i > 0 && values[i-1] == v:
			runs[len(runs)-1]++
		default:
			runs = append(runs, 1)
		}
	}
	return runs
}

func count(values []int8, v int8) int {
	n := 0
	for _, x := range values {
		if x == v {
			n++
		}
	}
	return n
}

// lost returns the share of epochs without a value; without any epochs it is 1.
func lost(stages []int8) float64 {
	if len(stages) == 0 {
		return 1
	}
	return round(float64(count(stages, unknown))/float64(len(stages)), 4)
}

// first returns the time from onset to the first epoch of the stage, nil if there is none.
func first(period []int8, stage int8) *int {
	i := slices.Index(period, stage)
	if i < 0 {
		return nil
	}
	return seconds(i)
}

func seconds(epochs int) *int { return new(epochs * int(epoch/time.Second)) }

func secs(n *int) time.Duration { return time.Duration(*n) * time.Second }

// round rounds the decimal value of x, ties to even.
func round(x float64, decimals int) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'f', decimals, 64), 64)
	return rounded
}
