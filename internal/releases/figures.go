package releases

import (
	"math"

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

// unit is how a metric is told.
type unit struct {
	size     float64
	decimals int
}

var (
	points  = unit{1, disclosure.PointDecimals}
	percent = unit{0.01, disclosure.PointDecimals}
	hours   = unit{3600, disclosure.HourDecimals}
)

func figuresOf(people []analytics.Person, sessions int) Figures {
	adults := analytics.AdultRecommendation()
	c := analytics.CohortOfAll(people, adults)
	f := Figures{
		People: c.People, Sessions: disclosure.RoundSessions(sessions),
		Score: points.spread(c.Score), Efficiency: percent.spread(c.Efficiency), SleepHours: hours.spread(c.Asleep),
	}
	if share, step, ok := disclosure.Share(c.ShortOfSleep, c.People); ok {
		f.Short = &Short{share, step}
	}
	return f
}

func (u unit) spread(d analytics.Distribution) Spread {
	s := Spread{Mean: u.round(d.Mean), SD: u.round(d.SD)}
	if d.Mean.N >= disclosure.LeastRanked {
		s.Quartiles = []float64{u.round(d.LowerQuartile), u.round(d.Median), u.round(d.UpperQuartile)}
	}
	return s
}

func (u unit) round(e analytics.Estimate) float64 {
	scale := math.Pow10(u.decimals)
	return math.Round(*e.Value/u.size*scale) / scale
}

// Change compares the figures of two periods, whose people may differ. Both must have some.
func Change(before, now Figures) analytics.CohortChange {
	return analytics.CohortsCompared(before.cohort(), now.cohort())
}

func (f Figures) cohort() analytics.Cohort {
	return analytics.Cohort{
		People: f.People,
		Score:  f.distribution(f.Score, points), Efficiency: f.distribution(f.Efficiency, percent), Asleep: f.distribution(f.SleepHours, hours),
	}
}

func (f Figures) distribution(s Spread, u unit) analytics.Distribution {
	value := func(x float64) analytics.Estimate { return analytics.Estimate{Value: new(x * u.size), N: f.People} }
	return analytics.Distribution{Mean: value(s.Mean), SD: value(s.SD)}
}
