package releases

import (
	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
)

// Reasons why a release has no figures.
const (
	TooFew = "fewer_than_11_people"            // stand behind them, besides a caller
	TooNew = "differs_by_fewer_than_11_people" // from those behind earlier figures
)

// Figures are what a release tells, as coarsely as it is told.
type Figures struct {
	Reason     string `json:"reason,omitempty"` // why there are none; "": there are
	People     int    `json:"people,omitempty"` // behind them
	Sessions   int    `json:"sessions,omitempty"`
	Score      Spread `json:"score,omitzero"`      // whole points
	Efficiency Spread `json:"efficiency,omitzero"` // whole percent of the time in bed
	SleepHours Spread `json:"sleep_hours,omitzero"`
	Short      *Short `json:"short,omitempty"` // of sleep; nil: it would tell about too few
}

// Spread describes one metric over the people.
type Spread struct {
	Mean      float64   `json:"mean"`
	SD        float64   `json:"sd"`
	Quartiles []float64 `json:"quartiles,omitempty"` // 25, 50 and 75 percent; nil: too few people
}

// Short is the share of people under seven hours in 24, in steps of Step percent.
type Short struct {
	Percent float64 `json:"percent"`
	Step    float64 `json:"step"`
}

func figuresOf(people []analytics.Person, sessions int) Figures {
	adults := analytics.AdultRecommendation()
	c := analytics.CohortOfAll(people, adults)
	f := Figures{
		People: c.People, Sessions: disclosure.RoundSessions(sessions),
		Score: spreadIn(disclosure.Points, c.Score), Efficiency: spreadIn(disclosure.Percent, c.Efficiency), SleepHours: spreadIn(disclosure.Hours, c.Asleep),
	}
	if share, step, ok := disclosure.Share(c.ShortOfSleep, c.People); ok {
		f.Short = &Short{share, step}
	}
	return f
}

func spreadIn(u disclosure.Unit, d analytics.Distribution) Spread {
	s := Spread{Mean: u.Of(*d.Mean.Value), SD: u.Of(*d.SD.Value)}
	if d.Mean.N >= disclosure.LeastRanked {
		s.Quartiles = []float64{u.Of(*d.LowerQuartile.Value), u.Of(*d.Median.Value), u.Of(*d.UpperQuartile.Value)}
	}
	return s
}

// Change compares the figures of two periods, whose people may differ. Both must have some.
func Change(before, now Figures) analytics.CohortChange {
	return analytics.CohortsCompared(before.cohort(), now.cohort())
}

func (f Figures) cohort() analytics.Cohort {
	return analytics.Cohort{
		People: f.People,
		Score:  f.distribution(f.Score, disclosure.Points), Efficiency: f.distribution(f.Efficiency, disclosure.Percent), Asleep: f.distribution(f.SleepHours, disclosure.Hours),
	}
}

func (f Figures) distribution(s Spread, u disclosure.Unit) analytics.Distribution {
	value := func(x float64) analytics.Estimate { return analytics.Estimate{Value: new(x * u.Size), N: f.People} }
	return analytics.Distribution{Mean: value(s.Mean), SD: value(s.SD)}
}
