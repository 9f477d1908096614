package analytics

import "time"

// Averages describes the main sleep of a set of nights. Naps are not included, except
// in the field of that name. Each estimate has the number of nights it is based on.
type Averages struct {
	Nights int // with a main sleep, short ones included

	// Clock times in seconds after midnight, by [ClockMean], each in the zone of its
	// night; short nights are left out. Wake is the final awakening.
	Bedtime, Onset, Wake Estimate

	// Arithmetic means in seconds. Awake is WASO. Means of stages are taken over the
	// nights of a single source, [StageSource].
	Asleep, InBed, Latency, Awake, Snoring, Light, Deep, REM Estimate

	// OutOfBed and AfterWaking are means of [Night.OutOfBed] and [Night.AfterWaking],
	// and Naps is the mean sleep in naps on the dates of the nights, all in seconds.
	OutOfBed, AfterWaking, Naps Estimate

	// Awakenings is the mean number of awakenings of half a minute or more.
	Awakenings Estimate

	// Efficiency is the mean of the nights' efficiencies, 0 to 1.
	Efficiency Estimate

	// Shares of time asleep, 0 to 1: total time in the stage divided by total time
	// asleep, over the nights on which all three stages were measured.
	LightShare, DeepShare, REMShare Estimate
}

// Average describes nights, even if there is only one; how many are enough to say
// something about a person is up to the caller. A metric without a value is [NoData] if
// there are no nights, [NotMeasured] if no night has the measurement, and [Short] if
// only short nights could have given a clock time.
func Average(nights []Night) Averages {
	var (
		a                                                                    Averages
		bedtime, onset, wake                                                 circle
		asleep, inBed, awake, latency, snoring, light, deep, rem, efficiency sum
		awakenings, outOfBed, afterWaking, naps                              sum
		stages                                                               stageSums
	)
	source := StageSource(nights)
	for i := range nights {
		n := &nights[i]
		if !n.counted() {
			continue
		}
		a.Nights++
		if n.timed() {
			m := n.moments()
			bedtime.add(m.bedtimeClock)
			onset.add(m.onsetClock)
			wake.add(m.wakeClock)
		}
		asleep.addDuration(n.Asleep())
		inBed.addDuration(n.InBed())
		if n.AwakeMeasured() {
			awake.addDuration(n.Awake())
		}
		outOfBed.addDuration(n.OutOfBed())
		afterWaking.addDuration(n.AfterWaking())
		naps.addDuration(n.Asleep24() - n.Asleep())
		if ratio, ok := n.Efficiency(); ok {
			efficiency.add(ratio)
		}
		latency.addMeasured(n.Latency())
		snoring.addMeasured(n.Snoring())
		if count := n.Awakenings(); count != nil {
			awakenings.add(float64(*count))
		}
		if n.Source() != source {
			continue
		}
		lightSleep, deepSleep, remSleep := n.Light(), n.Deep(), n.REM()
		light.addMeasured(lightSleep)
		deep.addMeasured(deepSleep)
		rem.addMeasured(remSleep)
		stages.add(n.Asleep(), lightSleep, deepSleep, remSleep)
	}
	a.Bedtime, a.Onset, a.Wake = bedtime.average(a.Nights), onset.average(a.Nights), wake.average(a.Nights)
	a.Asleep, a.InBed, a.Efficiency = asleep.mean(), inBed.mean(), efficiency.mean()
	a.Awake, a.OutOfBed, a.AfterWaking, a.Naps = awake.average(a.Nights), outOfBed.mean(), afterWaking.mean(), naps.mean()
	a.Latency, a.Snoring, a.Awakenings = latency.average(a.Nights), snoring.average(a.Nights), awakenings.average(a.Nights)
	a.Light, a.Deep, a.REM = light.average(a.Nights), deep.average(a.Nights), rem.average(a.Nights)
	a.LightShare, a.DeepShare, a.REMShare = stages.share(stages.light, a.Nights), stages.share(stages.deep, a.Nights), stages.share(stages.rem, a.Nights)
	return a
}

// sum adds values up to their mean.
type sum struct {
	total float64
	n     int
}

func (s *sum) add(v float64) { s.total, s.n = s.total+v, s.n+1 }

func (s *sum) addDuration(d time.Duration) { s.add(d.Seconds()) }

func (s *sum) addMeasured(d *time.Duration) {
	if d != nil {
		s.addDuration(*d)
	}
}

func (s *sum) mean() Estimate { return s.meanOf(1) }

// meanOf is nothing for fewer than least values.
func (s *sum) meanOf(least int) Estimate {
	if s.n < least {
		return tooFew(s.n)
	}
	return known(s.total/float64(s.n), s.n)
}

// average is the mean of what was measured on some of so many nights.
func (s *sum) average(nights int) Estimate {
	if s.n == 0 && nights > 0 {
		return missing(NotMeasured, 0)
	}
	return s.mean()
}

// average is the mean of the clock times of so many nights, short ones among them.
func (c *circle) average(nights int) Estimate {
	if c.n == 0 && nights > 0 {
		return missing(Short, 0)
	}
	return c.mean()
}

// stageSums adds up the stages of nights on which all three were measured.
type stageSums struct {
	asleep, light, deep, rem time.Duration
	n                        int
}

func (s *stageSums) add(asleep time.Duration, light, deep, rem *time.Duration) {
	if light == nil || deep == nil || rem == nil {
		return
	}
	s.asleep, s.light, s.deep, s.rem = s.asleep+asleep, s.light+*light, s.deep+*deep, s.rem+*rem
	s.n++
}

// share is that of a stage in the time asleep.
func (s *stageSums) share(stage time.Duration, nights int) Estimate {
	switch {
	case nights == 0:
		return tooFew(0)
	case s.asleep <= 0:
		return missing(NotMeasured, 0)
	}
	return known(stage.Seconds()/s.asleep.Seconds(), s.n)
}

// counted is the nights whose durations count.
func counted(nights []Night) []Night {
	list := make([]Night, 0, len(nights))
	for i := range nights {
		if nights[i].counted() {
			list = append(list, nights[i])
		}
	}
	return list
}

// clocksOf reads a clock time of every night whose clock times count.
func clocksOf(nights []Night, of func(*moments) float64) []float64 {
	list := make([]float64, 0, len(nights))
	for i := range nights {
		if n := &nights[i]; n.timed() {
			list = append(list, of(n.moments()))
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

// numberCounted is how many nights have durations that count.
func numberCounted(nights []Night) (number int) {
	for i := range nights {
		if nights[i].counted() {
			number++
		}
	}
	return number
}
