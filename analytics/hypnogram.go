package analytics

import "time"

// A Stage is how sleep was scored in one epoch.
type Stage int8

// Stages, coded as the Asleep API codes them. Any other value counts as Unknown.
const (
	Unknown Stage = -1 // not scored: neither sleep nor wake
	Wake    Stage = 0
	Light   Stage = 1
	Deep    Stage = 2
	REM     Stage = 3
)

func (s Stage) asleep() bool { return s >= Light && s <= REM }

// A Segment is a run of epochs of the same stage.
type Segment struct {
	Stage  Stage
	Start  time.Time
	Length time.Duration
}

// Segments joins consecutive epochs of the same stage. The epochs have the given
// length, and the first one begins at start. The result is never nil.
func Segments(start time.Time, epoch time.Duration, stages []Stage) []Segment {
	segments := []Segment{}
	for i, stage := range stages {
		if stage < Wake || stage > REM {
			stage = Unknown
		}
		if last := len(segments) - 1; last >= 0 && segments[last].Stage == stage {
			segments[last].Length += epoch
			continue
		}
		segments = append(segments, Segment{Stage: stage, Start: start.Add(time.Duration(i) * epoch), Length: epoch})
	}
	return segments
}

// HypnogramStats describes a hypnogram, using the definitions of the AASM. Time in bed
// is all epochs. An unknown epoch is neither sleep nor wake: it is part of the time in
// bed and, if it lies inside it, of the sleep period, and it ends a run of wake.
type HypnogramStats struct {
	Epochs        int
	UnknownEpochs int
	NeverSlept    bool // no epoch is sleep: every figure about sleep is zero or nil

	Onset     time.Duration // offset of sleep onset from the start
	FinalWake time.Duration // offset of the final awakening from the start

	Latency      time.Duration // start to sleep onset; the whole recording if NeverSlept
	TerminalWake time.Duration // final awakening to the end
	Period       time.Duration // sleep onset to final awakening
	Asleep       time.Duration // light, deep and REM sleep
	Light        time.Duration
	Deep         time.Duration
	REM          time.Duration

	Awake        time.Duration // wake after sleep onset, WASO: scored wake inside the sleep period
	AwakeUnknown time.Duration // unknown time inside the sleep period
	LongestWake  time.Duration // longest run of wake inside the sleep period

	WakeBouts          int // runs of wake inside the sleep period, of any length
	AwakeningsOver5Min int // those longer than five minutes

	DeepLatency, REMLatency *time.Duration // from sleep onset; nil if the stage did not occur

	Efficiency  *float64 // time asleep divided by time in bed, 0 to 1; nil without epochs
	Maintenance *float64 // time asleep divided by the sleep period, 0 to 1; nil if NeverSlept
}

const longAwakening = 5 * time.Minute

// StatsOf describes a hypnogram whose epochs all have the given length, usually 30 s.
// If the length is not positive, the hypnogram counts as empty.
func StatsOf(epoch time.Duration, stages []Stage) HypnogramStats {
	if epoch <= 0 {
		stages = nil
	}
	times := func(epochs int) time.Duration { return time.Duration(epochs) * epoch }
	stats := HypnogramStats{Epochs: len(stages), NeverSlept: true}
	first, last := 0, 0
	for i, stage := range stages {
		switch {
		case stage.asleep() && stats.NeverSlept:
			stats.NeverSlept, first, last = false, i, i
		case stage.asleep():
			last = i
		case stage != Wake:
			stats.UnknownEpochs++
		}
	}
	if stats.NeverSlept {
		stats.Latency = times(len(stages))
		if len(stages) > 0 {
			stats.Efficiency = new(0.0)
		}
		return stats
	}
	stats.Onset, stats.FinalWake = times(first), times(last+1)
	stats.Latency, stats.TerminalWake = stats.Onset, times(len(stages)-last-1)
	stats.Period = stats.FinalWake - stats.Onset
	stats.countPeriod(epoch, stages[first:last+1])
	stats.Efficiency = ratio(stats.Asleep, times(len(stages)))
	stats.Maintenance = ratio(stats.Asleep, stats.Period)
	return stats
}

// countPeriod counts the sleep period, which begins and ends with sleep.
func (h *HypnogramStats) countPeriod(epoch time.Duration, period []Stage) {
	run := time.Duration(0) // of wake, so far
	for i, stage := range period {
		if stage == Wake {
			run += epoch
			h.Awake += epoch
			continue
		}
		h.endWake(run)
		run = 0
		switch stage {
		case Light:
			h.Light += epoch
		case Deep:
			h.Deep += epoch
			if h.DeepLatency == nil {
				h.DeepLatency = new(time.Duration(i) * epoch)
			}
		case REM:
			h.REM += epoch
			if h.REMLatency == nil {
				h.REMLatency = new(time.Duration(i) * epoch)
			}
		default:
			h.AwakeUnknown += epoch
		}
	}
	h.Asleep = h.Light + h.Deep + h.REM
}

func (h *HypnogramStats) endWake(run time.Duration) {
	if run == 0 {
		return
	}
	h.WakeBouts++
	h.LongestWake = max(h.LongestWake, run)
	if run > longAwakening {
		h.AwakeningsOver5Min++
	}
}

func ratio(part, whole time.Duration) *float64 {
	return new(part.Seconds() / whole.Seconds())
}
