package cohort

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/internal/releases"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Reasons why a figure of a release is missing.
const (
	tellsOfFew   = "would_tell_about_fewer_than_11_people"
	tooFewToRank = "fewer_than_20_people"
)

// earlierRelease is one of those before the one that is asked about.
type earlierRelease struct {
	Release       string   `json:"release"`
	Eligible      *int     `json:"eligible,omitempty"`
	AvgScore      *float64 `json:"avg_score,omitempty"`
	AvgEfficiency *float64 `json:"avg_efficiency,omitempty"`
	AvgSleepHours *float64 `json:"avg_sleep_hours,omitempty"`
	Reason        string   `json:"reason,omitempty" jsonschema:"enum=fewer_than_11_people,enum=differs_by_fewer_than_11_people"`
}

func (g *group) maker() *releases.Maker {
	return &releases.Maker{Directory: g.store, Nights: g.deps.Nights(), Windows: g.deps.Windows, Now: g.deps.Now, Zone: g.deps.HomeZone()}
}

// release returns the release that a question of a caller who sees aggregates only is
// about.
func (g *group) release(ctx context.Context, asked span) (releases.Release, error) {
	p, err := asked.parsed()
	if err != nil {
		return releases.Release{}, err
	}
	m := g.maker()
	if p == nil || asked.days != 0 {
		askable, err := m.Askable(ctx, g.organization.ID)
		switch {
		case err != nil:
			return releases.Release{}, err
		case asked.days != 0:
			return releases.Release{}, tool.Mistake("%s is not accepted from a caller who may see groups only, received %s. Leave it out, or give %s: %s For example %s.",
				tool.Argument("days"), tool.Received(strconv.Itoa(asked.days)), tool.Argument("period"), whichPeriods(askable), tool.ExampleWith("period", askable.Newest.String()))
		}
		p = &askable.Newest
	}
	r, err := m.Make(ctx, g.organization.ID, *p, tool.ProgressOf(tool.InTenths(ctx)))
	switch {
	case errors.Is(err, releases.ErrNotAskable):
		askable, err := m.Askable(ctx, g.organization.ID)
		if err != nil {
			return r, err
		}
		return r, tool.Mistake("%s must be %s Received %s. For example %s.",
			tool.Argument("period"), whichPeriods(askable), tool.Received(p.String()), tool.ExampleWith("period", askable.Newest.String()))
	}
	return r, err
}

// whichPeriods says which periods can be asked about.
func whichPeriods(a releases.Askable) string {
	one := strings.TrimSuffix(string(a.Newest.Cadence), "s")
	return fmt.Sprintf("a calendar %s, %s or an earlier one that begins on %s or later. %s can be asked about from %s on.",
		one, a.Newest, a.Oldest, a.Next, a.Due.Format(time.RFC3339))
}

// releaseHead begins the answer that tells a release.
func (g *group) releaseHead(r releases.Release) GroupHead {
	return GroupHead{
		AsOf: tool.Instant(r.Made.Truncate(time.Second), g.local), DataSource: g.deps.DataSource, Period: tool.PeriodOf(r.Period.Days), Release: r.Period.String(),
	}
}

// tell writes the figures of a release, and reports whether there are any.
func (c *Cohort) tell(ctx context.Context, g *group, h *GroupHead, r releases.Release) (bool, error) {
	f := r.Figures
	if f.Reason != "" {
		return false, g.suppress(ctx, h, f.Reason)
	}
	c.Eligible, c.TotalSessions = &f.People, &f.Sessions
	c.AvgScore, c.AvgEfficiency, c.AvgSleepHours = &f.Score.Mean, &f.Efficiency.Mean, &f.SleepHours.Mean
	c.Spread = &groupSpread{f.Score.SD, f.SleepHours.SD, f.Efficiency.SD}
	tool.Lacks(&h.Caveats, tellsOfFew, "cohort_size", "excluded", "failures")
	if q := f.Score.Quartiles; q != nil {
		c.MedianScore = &q[1]
		c.Quartiles = &quartiles{q, f.SleepHours.Quartiles, f.Efficiency.Quartiles}
	} else {
		tool.Lacks(&h.Caveats, tooFewToRank, "median_score", "quartiles")
	}
	if f.Short != nil {
		c.ShortOfSleep, c.ShortStep = &f.Short.Percent, &f.Short.Step
	} else {
		tool.Lacks(&h.Caveats, tellsOfFew, "short_of_sleep_percent")
	}
	return true, nil
}

// suppress says why there are no figures, and when there may be.
func (g *group) suppress(ctx context.Context, h *GroupHead, reason string) error {
	a, err := g.maker().Askable(ctx, g.organization.ID)
	if err != nil {
		return err
	}
	why := map[string]string{
		releases.TooFew: "fewer than 11 people besides any caller had enough nights.",
		releases.TooNew: "the people who could be behind them differ by too few from those behind earlier figures; comparing the two would tell about fewer than 11.",
	}[reason]
	h.Suppressed, h.Reason, h.Minimum = true, reason, disclosure.MinimumPeople
	h.Summary = fmt.Sprintf("No figures of %s, and there will be none: %s The next to ask about is %s, from %s on.", h.Release, why, a.Next, a.Due.Format(time.RFC3339))
	return nil
}

// describeRelease is the summary of a release with figures.
func (c Cohort) describeRelease(who string, r releases.Release) string {
	short := ""
	if c.ShortOfSleep != nil {
		short = fmt.Sprintf("About %g %% of them sleep under 7 hours in 24, naps included.", *c.ShortOfSleep)
	}
	return tool.Sentences(fmt.Sprintf("%s in %s, %s: %s asleep a night on average, %g %% of the time in bed, sleep score %g.",
		who, r.Period, persons(*c.Eligible), coarse.sleep(*c.AvgSleepHours), *c.AvgEfficiency, *c.AvgScore), short)
}

// mostEarlier is how many earlier releases are told beside one.
const mostEarlier = 5

// earlier returns the releases before one, the newest first.
func (g *group) earlier(ctx context.Context, r releases.Release) ([]releases.Release, error) {
	return g.maker().Kept(ctx, g.organization.ID, r.Period.Previous(), mostEarlier)
}

func rowsOfEarlier(kept []releases.Release) []earlierRelease {
	rows := make([]earlierRelease, len(kept))
	for i, r := range kept {
		rows[i] = earlierRelease{Release: r.Period.String(), Reason: r.Figures.Reason}
		if f := kept[i].Figures; f.Reason == "" {
			rows[i].Eligible, rows[i].AvgScore, rows[i].AvgEfficiency, rows[i].AvgSleepHours = &f.People, &f.Score.Mean, &f.Efficiency.Mean, &f.SleepHours.Mean
		}
	}
	return rows
}
