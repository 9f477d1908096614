package cohort

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type organizationStatisticsIn struct {
	Organization string `json:"organization" jsonschema:"minLength=1,maxLength=63" jsonschema_description:"Organization id."`
	Days         int    `json:"days,omitempty" jsonschema:"minimum=7,maximum=183" jsonschema_description:"Nights up to today, compared with as many before them; 30 if not given."`
	Period       string `json:"period,omitempty" jsonschema:"minLength=1,maxLength=20" jsonschema_description:"Calendar week (2026-W45) or month (2026-10) instead of days; default for callers who see groups only: the newest closed one."`
	tool.Charted
}

type organizationStatisticsOut struct {
	GroupHead
	OrgID      string `json:"org_id"`
	UserCount  *int   `json:"user_count,omitempty" jsonschema_description:"Members."`
	PeriodDays int    `json:"period_days"`
	Cohort
	Change  *groupChange     `json:"change,omitempty" jsonschema_description:"Over people with seven nights in both periods; of a release, against the one before."`
	Earlier []earlierRelease `json:"earlier,omitempty" jsonschema_description:"Releases, newest first."`
	Users   []memberRow      `json:"users_data,omitzero"`
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
	Description: "How the members of an organization sleep: averages, spread, quartiles, how many are short of sleep, and the change from the period before. " +
		"For people listed by id, or rows of more members, use cohort_analysis.",
	Toolset: tool.ToolsetCohort,
	Access:  tool.Reads,
}, organizationStatistics)

func organizationStatistics(ctx context.Context, d *tool.Deps, in organizationStatisticsIn) (out organizationStatisticsOut, err error) {
	g, err := askOrganization(ctx, d, in.Organization)
	if err != nil {
		return out, err
	}
	if g.aggregatesOnly {
		return g.statistics(ctx, span{in.Days, in.Period})
	}
	p, before, err := span{in.Days, in.Period}.nights(g)
	if err != nil {
		return out, err
	}
	got, err := g.gather(ctx, p, &before, mostMemberRows)
	if err != nil {
		return out, err
	}
	out.GroupHead = g.head(got)
	out.OrgID, out.PeriodDays, out.UserCount = g.organization.ID, p.Len(), new(got.people)
	out.Cohort = got.figures(&out.GroupHead)
	out.Change = got.changed(&out.GroupHead)
	out.Summary = out.describe(g.name(), out.Period, fine) + out.Change.describe(fine)
	g.withoutMinors(ctx, got.readings[:min(mostMemberRows, len(got.readings))])
	out.rows(g, got)
	return out, nil
}

// statistics answers with a release.
func (g *group) statistics(ctx context.Context, asked span) (out organizationStatisticsOut, err error) {
	r, err := g.release(ctx, asked)
	if err != nil {
		return out, err
	}
	out.GroupHead, out.OrgID, out.PeriodDays = g.releaseHead(r), g.organization.ID, r.Period.Len()
	earlier, err := g.earlier(ctx, r)
	if err != nil {
		return out, err
	}
	out.Earlier = rowsOfEarlier(earlier)
	if told, err := out.tell(ctx, g, &out.GroupHead, r); !told || err != nil {
		return out, err
	}
	tool.Lacks(&out.Caveats, tellsOfFew, "user_count")
	out.Change = changeOf(&out.GroupHead, r, earlier)
	out.Summary = out.describeRelease(g.name(), r) + out.Change.describe(coarse)
	return out, nil
}

// changed compares the people with enough nights in both periods.
func (got *gathered) changed(h *GroupHead) *groupChange {
	if got.change == nil {
		tool.Lacks(&h.Caveats, analytics.FewNights, "change")
		return nil
	}
	out := newChange(*got.before, *got.change, fine)
	out.People = &got.change.People
	return out
}

func (out *organizationStatisticsOut) rows(g *group, got *gathered) {
	u := fine
	rows := make([]memberRow, len(got.readings))
	for i, r := range got.readings {
		rows[i] = memberRow{
			Email: g.emails[i], UserID: r.user.ID(), SessionCount: r.sessions, Reason: r.because(),
			Score: told(r.now.Score, u.score), Efficiency: told(r.now.Efficiency, u.efficiency), SleepHours: told(r.now.Asleep, u.hours),
		}
	}
	out.Users = cutRows(&out.GroupHead, rows, mostMemberRows, got.people)
}
