package cohort

import (
	"context"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type cohortAnalysisIn struct {
	UserIDs        []string `json:"user_ids,omitempty" jsonschema:"oneof_required=user_ids,maxItems=1000" jsonschema_description:"Asleep user ids. For more people, create an organization and give that."`
	Organization   string   `json:"organization,omitempty" jsonschema:"oneof_required=organization,minLength=1,maxLength=63" jsonschema_description:"Organization id instead of user_ids."`
	Days           int      `json:"days,omitempty" jsonschema:"minimum=7,maximum=366" jsonschema_description:"Nights up to today; 30 if not given."`
	Period         string   `json:"period,omitempty" jsonschema:"minLength=1,maxLength=20" jsonschema_description:"Calendar week (2026-W45) or month (2026-10) instead of days; default for callers who see groups only: the newest closed one."`
	IncludeMembers bool     `json:"include_members,omitempty" jsonschema_description:"Add a row for each person, where the caller may see them."`
	tool.Charted
}

type cohortAnalysisOut struct {
	GroupHead
	OrgID string `json:"org_id,omitempty"`
	Cohort
	Users []cohortUser `json:"users,omitzero"`
}

type cohortUser struct {
	UserID     string   `json:"user_id"`
	Score      *float64 `json:"score,omitempty"`
	Efficiency *float64 `json:"efficiency,omitempty"`
	SleepHours *float64 `json:"sleep_hours,omitempty"`
	Sessions   int      `json:"sessions"`
	Reason     string   `json:"reason,omitempty" jsonschema_description:"Why not in the averages."`
}

// CohortAnalysis is about people listed by id, or an organization.
var CohortAnalysis = tool.Define(tool.Spec{
	Name:  "cohort_analysis",
	Title: "Sleep of a group of people",
	Description: "Averages, spread and quartiles of sleep score, duration and efficiency of a group: people listed by id, or the members of an organization. " +
		"For an organization with its change from the period before, use organization_statistics; for one person, average_stats.",
	Toolset: tool.ToolsetCohort,
	Access:  tool.Reads,
}, cohortAnalysis)

func cohortAnalysis(ctx context.Context, d *tool.Deps, in cohortAnalysisIn) (out cohortAnalysisOut, err error) {
	g, err := in.ask(ctx, d)
	if err != nil {
		return out, err
	}
	out.OrgID = g.organization.ID
	if in.IncludeMembers && g.aggregatesOnly {
		return out, errNoRows
	}
	if g.aggregatesOnly {
		r, err := g.release(ctx, span{in.Days, in.Period})
		if err != nil {
			return out, err
		}
		out.GroupHead = g.releaseHead(r)
		if told, err := out.tell(ctx, g, &out.GroupHead, r); !told || err != nil {
			return out, err
		}
		out.Summary = out.describeRelease(g.name(), r)
		return out, nil
	}
	p, _, err := span{in.Days, in.Period}.nights(g)
	if err != nil {
		return out, err
	}
	shown := 0
	if in.IncludeMembers {
		shown = mostRows
	}
	got, err := g.gather(ctx, p, nil, shown)
	if err != nil {
		return out, err
	}
	out.GroupHead = g.head(got)
	out.Cohort = got.figures(&out.GroupHead)
	out.Summary = out.describe(g.name(), out.Period, fine)
	if in.IncludeMembers {
		if g.store != nil { // of people listed by id, gather did
			g.withoutMinors(ctx, got.readings)
		}
		out.rows(got)
	}
	return out, nil
}

// mostRows is more than fit into an answer.
const mostRows = 1000

// errNoRows is the answer to a caller who asks for rows of people and sees only
// aggregates.
var errNoRows = &tool.Failure{
	Code:  tool.Forbidden,
	Text:  `This caller may see groups only, never single people. Leave "include_members" and "user_ids" out and give "organization".`,
	Cause: access.ErrNotAllowed,
}

func (in cohortAnalysisIn) ask(ctx context.Context, d *tool.Deps) (*group, error) {
	switch {
	case len(in.UserIDs) > 0 && in.Organization != "":
		return nil, tool.Mistake(`%s and %s contradict each other: received both. Give one of them, for example %s.`,
			tool.Argument("user_ids"), tool.Argument("organization"), tool.ExampleOf("organization"))
	case len(in.UserIDs) > 0:
		if access.From(ctx).SeesAggregatesOnly() {
			return nil, errNoRows
		}
		return askUsers(ctx, d, in.UserIDs)
	case in.Organization != "":
		return askOrganization(ctx, d, in.Organization)
	}
	return nil, tool.Mistake(`It is not clear which people are meant. Give %s, a list of Asleep user ids, or %s, for example %s.`,
		tool.Argument("user_ids"), tool.Argument("organization"), tool.ExampleOf("organization"))
}

func (out *cohortAnalysisOut) rows(got *gathered) {
	u := fine
	rows := make([]cohortUser, len(got.readings))
	for i, r := range got.readings {
		rows[i] = cohortUser{
			UserID: r.user.ID(), Sessions: r.sessions, Reason: r.because(),
			Score: told(r.now.Score, u.score), Efficiency: told(r.now.Efficiency, u.efficiency), SleepHours: told(r.now.Asleep, u.hours),
		}
	}
	out.Users = cutRows(&out.GroupHead, rows, len(rows), got.people)
}
