package person

import (
	"context"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type sleepScoreIn struct {
	About
	Days      int    `json:"days,omitempty" jsonschema:"minimum=1,maximum=3660,default=30" jsonschema_description:"Number of nights."`
	Ending    string `json:"ending,omitempty" jsonschema:"format=date" jsonschema_description:"Last night, YYYY-MM-DD; default today."`
	BirthYear *int   `json:"birth_year,omitempty" jsonschema:"minimum=1900,maximum=2100" jsonschema_description:"Of the sleeper: recommended hours depend on age."`
}

type sleepScoreOut struct {
	tool.Head
	Overall      *float64 `json:"overall_score,omitempty"`
	Efficiency   *float64 `json:"efficiency_score,omitempty"`
	Consistency  *float64 `json:"consistency_score,omitempty"`
	Duration     *float64 `json:"duration_score,omitempty"`
	PeriodDays   int      `json:"period_days"`
	SessionCount int      `json:"session_count"`

	Weights          *weights         `json:"weights,omitempty" jsonschema_description:"Used; they add to 1."`
	LimitedBy        string           `json:"limited_by,omitempty" jsonschema:"enum=efficiency,enum=consistency,enum=duration" jsonschema_description:"Part outside its range that keeps the score below the weighted mean."`
	ConsistencyBasis consistencyBasis `json:"consistency,omitzero"`
	DurationBasis    durationBasis    `json:"duration,omitzero"`
	Method           string           `json:"method"`

	lowest string // part
}

type weights struct {
	Efficiency  float64 `json:"efficiency"`
	Consistency float64 `json:"consistency"`
	Duration    float64 `json:"duration"`
}

type consistencyBasis struct {
	Basis          string   `json:"basis" jsonschema:"enum=schedule_sri,enum=clock_spread,enum=none"`
	ComparableDays float64  `json:"comparable_days"`
	Usual          *float64 `json:"usual,omitempty" jsonschema_description:"In the 28 days before."`
	Verdict        string   `json:"verdict,omitempty" jsonschema:"enum=higher,enum=lower,enum=no_clear_difference"`
}

type durationBasis struct {
	RecommendedHours []float64 `json:"recommended_hours"`
	Basis            string    `json:"basis" jsonschema:"enum=adult_default,enum=birth_year"`
	Nights           int       `json:"nights"`
}

// SleepScore is the tool sleep_score.
var SleepScore = tool.Define(tool.Spec{
	Name:  "sleep_score",
	Title: "Sleep score",
	Description: "One score, 0 to 100, of efficiency, regularity and duration over a number of nights, with its parts and weights. " +
		"It is neither the Asleep sleep_index (get_session) nor a medical figure. Use monthly_trends to follow it.",
	Toolset: tool.ToolsetSleep,
	Access:  tool.Reads,
}, sleepScore)

func sleepScore(ctx context.Context, d *tool.Deps, in sleepScoreIn) (out sleepScoreOut, err error) {
	q, err := ask(ctx, d, in.About, in.Ending)
	if err != nil {
		return out, err
	}
	asked, err := endingAt(in.Ending, "ending", in.Days, q.Today)
	if err != nil {
		return out, err
	}
	w, err := q.Window(ctx, asked, analytics.BaselineDays)
	if err != nil {
		return out, err
	}
	out.Head = q.headOfPeriod(w)
	recommendation, basis := recommended(q.age(ctx, in.BirthYear))
	out.PeriodDays, out.Method = w.Len(), analytics.Method
	if w.Sparse {
		return out, q.scoreSparse(ctx, &out, w)
	}
	out.SessionCount = w.Sessions()
	if w.Newest() != nil {
		out.ConsistencyBasis.Basis = "none"
		out.DurationBasis = durationBasis{RecommendedHours: []float64{recommendation.Low, recommendation.High}, Basis: basis}
	}
	out.score(analytics.ScoreOf(w.Nights, recommendation))
	if out.Consistency != nil {
		out.ConsistencyBasis.usual(w.Baseline(), w.Nights)
	}
	out.Summary = out.summary(w)
	return out, nil
}

func (out *sleepScoreOut) score(s analytics.Score) {
	setScaled(&out.Caveats, &out.Overall, "overall_score", s.Overall, 1, 1)
	if s.Efficiency.N == 0 {
		return // the one reason is enough
	}
	setScaled(&out.Caveats, &out.Efficiency, "efficiency_score", s.Efficiency, 1, 1)
	setScaled(&out.Caveats, &out.Consistency, "consistency_score", s.Consistency.Score, 1, 1)
	setScaled(&out.Caveats, &out.Duration, "duration_score", s.Duration, 1, 1)
	out.LimitedBy, out.lowest = s.LimitedBy, s.Lowest
	if s.Overall.Value != nil {
		out.Weights = &weights{tool.Rounded(s.Weights.Efficiency, 3), tool.Rounded(s.Weights.Consistency, 3), tool.Rounded(s.Weights.Duration, 3)}
		if s.Weights.Consistency == 0 {
			out.Warn("reweighted", "Too few comparable days for regularity: the score is made of efficiency and duration alone.")
		}
	}
	out.DurationBasis.Nights = s.Duration.N
	if s.Consistency.Basis != "" {
		out.ConsistencyBasis.Basis = s.Consistency.Basis
	}
	out.ConsistencyBasis.ComparableDays = tool.Rounded(s.Consistency.ComparableDays, 1)
	if s.Consistency.Basis == analytics.ClockSpread {
		out.Warn("estimated", "Regularity is estimated from the spread of clock times: fewer than five days can be compared with the day before.")
	}
}

// usual compares regularity with that of the 28 days before.
func (b *consistencyBasis) usual(baseline, nights []analytics.Night) {
	c := analytics.Compare(analytics.MetricNamed(analytics.MetricRegularity), baseline, nights, analytics.LeastBaseline, analytics.LeastWeek)
	if c.Difference == nil {
		return
	}
	b.Usual, b.Verdict = oneDecimal(c.First.Mean), string(c.Verdict)
}

// scoreSparse gives the only part that the service's averages allow. Duration and
// regularity are scored night by night and would be wrong if computed from means.
func (q *query) scoreSparse(ctx context.Context, out *sleepScoreOut, w *nights.Window) error {
	means, err := q.means(ctx, w)
	if err != nil {
		return err
	}
	out.SessionCount = means.Nights
	setScaled(&out.Caveats, &out.Efficiency, "efficiency_score", means.Efficiency, tool.Percent, 1)
	tool.Lacks(&out.Caveats, noNightlyNumbers, "overall_score", "consistency_score", "duration_score")
	out.Summary = "There is no score, because this Asleep deployment gives no numbers for single nights."
	return nil
}

func (out *sleepScoreOut) summary(w *nights.Window) string {
	if out.Overall != nil {
		return fmt.Sprintf("Sleep score %.1f of 100 over %s of %d days: efficiency %s, consistency %s, duration %s. %s",
			*out.Overall, tool.Count(out.DurationBasis.Nights, "night"), out.PeriodDays,
			scoreText(out.Efficiency), scoreText(out.Consistency), scoreText(out.Duration), out.weakest())
	}
	if out.Missing["overall_score"] == string(analytics.Minor) {
		return "No score is given for people under 18."
	}
	if out.Nights.Used == 0 {
		return nothing(&out.Head, w)
	}
	return fmt.Sprintf("There is no score: it needs five nights, and %s from %s to %s can be used.",
		tool.Count(out.DurationBasis.Nights, "night"), out.Period.From, out.Period.To)
}

// weakest names the lowest part, and the one that limits the score.
func (out *sleepScoreOut) weakest() string {
	text := capital(out.lowest) + " is the lowest part"
	switch out.LimitedBy {
	case "":
	case out.lowest:
		text += " and limits the score"
	default:
		text += ", and " + out.LimitedBy + " limits the score"
	}
	if out.lowest == analytics.PartDuration {
		text += "; its recommended hours refer to sleep as people report it, which is more than devices measure"
	}
	return text + "."
}

func scoreText(x *float64) string {
	if x == nil {
		return "unknown"
	}
	return fmt.Sprintf("%.1f", *x)
}
