package cohort

import (
	"context"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type organizationStatisticsIn struct {
	Organization string `json:"organization" jsonschema:"minLength=1,maxLength=63" jsonschema_description:"Organization id."`
	Days         int    `json:"days,omitempty" jsonschema:"minimum=7,maximum=183,default=30" jsonschema_description:"Nights up to today, compared with as many before them; of who sees groups only 7, 14, 30, 90 or 180."`
}

type organizationStatisticsOut struct {
	GroupHead
	OrgID      string `json:"org_id"`
	UserCount  *int   `json:"user_count,omitempty" jsonschema_description:"Members."`
	PeriodDays int    `json:"period_days"`
	Cohort
	Change *groupChange `json:"change,omitempty" jsonschema_description:"Over people with seven nights in both periods."`
	Users  []memberRow  `json:"users_data,omitzero"`
}

type groupChange struct {
	Period     tool.Period `json:"period"`
	People     *int        `json:"people,omitempty"`
	Score      groupShift  `json:"score"`
	SleepHours groupShift  `json:"sleep_hours"`
	Efficiency groupShift  `json:"efficiency"`
}

type groupShift struct {
	Before     float64 `json:"before"`
	Difference float64 `json:"difference"`
	Verdict    string  `json:"verdict"`
}

type memberRow struct {
	Email        string   `json:"user_email"`
	UserID       string   `json:"user_id"`
	Score        *float64 `json:"score,omitempty"`
	Efficiency   *float64 `json:"efficiency,omitempty"`
	SleepHours   *float64 `json:"sleep_hours,omitempty"`
	SessionCount int      `json:"session_count"`
	Reason       string   `json:"reason,omitempty"`
}

// mostMemberRows keeps an answer about an organization readable; cohort_analysis
// shows more.
const mostMemberRows = 100

// OrganizationStatistics is about an organization, and its change.
var OrganizationStatistics = tool.Define(tool.Spec{
	Name:  "organization_statistics",
	Title: "Sleep in an organization",
	Description: "How the members of an organization sleep: averages, spread, quartiles, how many are short of sleep, and the change against the period before. " +
		"For people listed by id, or rows of more members, use cohort_analysis.",
	Toolset: tool.ToolsetCohort,
	Access:  tool.Reads,
}, organizationStatistics)

func organizationStatistics(ctx context.Context, d *tool.Deps, in organizationStatisticsIn) (out organizationStatisticsOut, err error) {
	g, err := askOrganization(ctx, d, in.Organization)
	if err != nil {
		return out, err
	}
	if err := g.checkDays(in.Days, disclosure.PeriodsCompared); err != nil {
		return out, err
	}
	p := g.last(in.Days)
	before := nights.Days{From: p.From.AddDays(-in.Days), To: p.From.AddDays(-1)}
	got, err := g.gather(ctx, p, &before, mostMemberRows)
	if err != nil {
		return out, err
	}
	out.GroupHead = g.head(got)
	out.OrgID, out.PeriodDays = g.organization.ID, in.Days
	if withheld, err := g.withheld(ctx, &out.GroupHead, got.readings, p); withheld || err != nil {
		return out, err
	}
	if out.Cohort, err = g.cohort(ctx, &out.GroupHead, got); err != nil {
		return out, err
	}
	if out.Eligible != nil {
		out.UserCount = new(got.people)
	} else {
		tool.Lacks(&out.Caveats, tellsOfFew, "user_count")
	}
	if out.Change, err = g.change(ctx, &out.GroupHead, got); err != nil {
		return out, err
	}
	out.Summary = out.describe(g.name(), out.Period, g.units()) + out.Change.describe(g.units())
	if !g.aggregatesOnly {
		out.rows(g, got)
	}
	return out, nil
}

// change compares with the period before. For callers who see only aggregates, the people
// with enough nights in both periods must be a group they may be told about.
func (g *group) change(ctx context.Context, h *GroupHead, got *gathered) (*groupChange, error) {
	c, before := got.change, *got.before
	if c == nil {
		tool.Lacks(&h.Caveats, analytics.FewNights, "change")
		return nil, nil
	}
	if g.aggregatesOnly {
		both := g.others(got.readings, reading.comparable)
		if len(both) < disclosure.MinimumPeople {
			tool.Lacks(&h.Caveats, tooSmall, "change")
			return nil, nil
		}
		allowed, _, err := g.audit(ctx, nights.Days{From: before.From, To: got.period.To}, nil, map[string][]string{disclosure.Behind: userIDs(both)})
		if err != nil || !allowed {
			tool.Lacks(&h.Caveats, tooAlike, "change")
			return nil, err
		}
	}
	u := g.units()
	out := &groupChange{
		Period: tool.PeriodOf(before),
		Score:  shiftOf(c.Score, u.score), SleepHours: shiftOf(c.Asleep, u.hours), Efficiency: shiftOf(c.Efficiency, u.efficiency),
	}
	if !g.aggregatesOnly {
		out.People = &c.People
	}
	return out, nil
}

func shiftOf(s analytics.Shift, u unit) groupShift {
	return groupShift{*u.of(s.First), *u.of(s.Difference), string(s.Verdict)}
}

// describe reports whether time asleep changed; "" when that is not known.
func (c *groupChange) describe(u units) string {
	if c == nil {
		return ""
	}
	switch hours := c.SleepHours.Difference; analytics.Verdict(c.SleepHours.Verdict) {
	case analytics.Higher:
		return fmt.Sprintf(" That is %s a night more than in the period before.", u.sleep(hours))
	case analytics.Lower:
		return fmt.Sprintf(" That is %s a night less than in the period before.", u.sleep(-hours))
	case analytics.NoClearDifference:
		return " Time asleep did not clearly change against the period before."
	}
	return ""
}

func (out *organizationStatisticsOut) rows(g *group, got *gathered) {
	u := g.units()
	rows := make([]memberRow, len(got.readings))
	for i, r := range got.readings {
		rows[i] = memberRow{
			Email: g.emails[i], UserID: r.user.ID(), SessionCount: r.sessions, Reason: r.because(),
			Score: u.score.of(r.now.Score), Efficiency: u.efficiency.of(r.now.Efficiency), SleepHours: u.hours.of(r.now.Asleep),
		}
	}
	out.Users = cutRows(&out.GroupHead, rows, mostMemberRows, got.people)
}
