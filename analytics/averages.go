package analytics

import "time"

// Averages describes the main sleep of a set of nights. Naps are not part of
// it. Each estimate has the number of nights it rests on.
type Averages struct {
	Nights int // with a main sleep, short ones included

	// Clock times in seconds after midnight, by [ClockMean], each night's read
	// in its own zone; short nights left out. Wake is the final awakening.
	Bedtime, Onset, Wake Estimate

	// Arithmetic means in seconds. Awake is WASO.
	Asleep, InBed, Latency, Awake, Snoring, Light, Deep, REM Estimate

	// Efficiency is the mean of the nights' efficiencies, 0 to 1.
	Efficiency Estimate

	// Shares of time asleep, 0 to 1: the sum of the stage over the sum of time
	// asleep, of the nights on which all three stages were measured.
	LightShare, DeepShare, REMShare Estimate
}

// Average describes nights from the first one on; how many are enough to say
// something about a person is up to the caller. A metric without a value is
// [NoData] without nights, [NotMeasured] where no night has the measurement,
// [Short] where only short nights could have given a clock time.
func Average(nights []Night) Averages {
	nights = counted(nights)
	return Averages{
		Nights:  len(nights),
		Bedtime: clockAverage(nights, Night.Bedtime),
		Onset:   clockAverage(nights, Night.Onset),
		Wake:    clockAverage(nights, Night.Wake),

		Asleep:  meanOf(secondsOf(nights, Night.Asleep), 1),
		InBed:   meanOf(secondsOf(nights, Night.InBed), 1),
		Awake:   meanOf(secondsOf(nights, Night.Awake), 1),
		Latency: measuredAverage(nights, Night.Latency),
		Snoring: measuredAverage(nights, Night.Snoring),
		Light:   measuredAverage(nights, Night.Light),
		Deep:    measuredAverage(nights, Night.Deep),
		REM:     measuredAverage(nights, Night.REM),

		Efficiency: meanOf(efficiencies(nights), 1),
		LightShare: stageShare(nights, Night.Light),
		DeepShare:  stageShare(nights, Night.Deep),
		REMShare:   stageShare(nights, Night.REM),
	}
}

// counted is the nights whose durations count.
func counted(nights []Night) []Night {
	list := make([]Night, 0, len(nights))
	for _, n := range nights {
		if n.counted() {
			list = append(list, n)
		}
	}
	return list
}

// clocksOf reads a clock time of every night whose clock times count.
func clocksOf(nights []Night, of func(Night) time.Time) []float64 {
	list := make([]float64, 0, len(nights))
	for _, n := range nights {
		if n.timed() {
			list = append(list, ClockOf(of(n), n.Zone()))
		}
	}
	return list
}

func secondsOf(nights []Night, of func(Night) time.Duration) []float64 {
	list := make([]float64, len(nights))
	for i, n := range nights {
		list[i] = of(n).Seconds()
	}
	return list
}

func efficiencies(nights []Night) []float64 {
	list := make([]float64, 0, len(nights))
	for _, n := range nights {
		if ratio, ok := n.Efficiency(); ok {
			list = append(list, ratio)
		}
	}
	return list
}

func clockAverage(nights []Night, of func(Night) time.Time) Estimate {
	clocks := clocksOf(nights, of)
	if len(clocks) == 0 && len(nights) > 0 {
		return missing(Short, 0)
	}
	return ClockMean(clocks)
}

func measuredAverage(nights []Night, of func(Night) *time.Duration) Estimate {
	list := make([]float64, 0, len(nights))
	for _, n := range nights {
		if d := of(n); d != nil {
			list = append(list, d.Seconds())
		}
	}
	if len(list) == 0 && len(nights) > 0 {
		return missing(NotMeasured, 0)
	}
	return meanOf(list, 1)
}

func stageShare(nights []Night, part func(Night) *time.Duration) Estimate {
	var stage, asleep time.Duration
	n := 0
	for _, night := range nights {
		if !night.staged() {
			continue
		}
		stage, asleep, n = stage+*part(night), asleep+night.Asleep(), n+1
	}
	switch {
	case len(nights) == 0:
		return tooFew(0)
	case asleep <= 0:
		return missing(NotMeasured, 0)
	}
	return known(stage.Seconds()/asleep.Seconds(), n)
}
