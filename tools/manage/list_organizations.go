package manage

import (
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type listOrganizationsIn struct {
	Organization string `json:"organization,omitempty" jsonschema:"minLength=1,maxLength=63" jsonschema_description:"Only this one, with its members."`
	After        string `json:"after,omitempty" jsonschema:"minLength=1,maxLength=254" jsonschema_description:"Continue after the member with this e-mail."`
}

type listOrganizationsOut struct {
	Summary       string            `json:"summary"`
	Organizations []organizationRow `json:"organizations"`
	Members       []memberRow       `json:"members,omitempty" jsonschema_description:"Of the organization asked for, by e-mail."`
	NextAfter     string            `json:"next_after,omitempty" jsonschema_description:"Send it as after to get the next members."`
	Unfinished    []unfinished      `json:"unfinished" jsonschema_description:"Changes begun in the directory and at Asleep, and not finished in both."`
	Histories     *histories        `json:"histories,omitempty" jsonschema_description:"Where nights are kept: of how many members the whole history was read, of the organization asked for, else of everybody."`
	Warnings      []tool.Warning    `json:"warnings,omitempty"`
}

type histories struct {
	Complete int `json:"complete"`
	Waiting  int `json:"waiting"`
	Failing  int `json:"failing" jsonschema_description:"The last reading failed; it is tried again."`
	NotFound int `json:"not_found" jsonschema_description:"The Asleep service does not know the user."`

	UnreadableNights int `json:"unreadable_nights,omitempty" jsonschema_description:"Nights whose numbers cannot be read. They are kept without."`
}

type organizationRow struct {
	OrgID     string `json:"org_id"`
	Name      string `json:"name"`
	Timezone  string `json:"timezone,omitempty"`
	Cadence   string `json:"cadence" jsonschema:"enum=weeks,enum=months" jsonschema_description:"Whether analysts are told its figures by week or by month."`
	Created   string `json:"created"`
	UserCount int    `json:"user_count"`
	Pending   int    `json:"pending,omitempty"`
}

type memberRow struct {
	Email  string `json:"user_email"`
	UserID string `json:"user_id"`
	Role   string `json:"role" jsonschema:"enum=user,enum=coach,enum=analyst"`
	Since  string `json:"since" jsonschema_description:"When they became a member."`
}

type unfinished struct {
	State  string `json:"state" jsonschema:"enum=adding,enum=deleting,enum=orphaned"`
	OrgID  string `json:"org_id,omitempty"`
	Email  string `json:"user_email,omitempty"`
	UserID string `json:"user_id,omitempty"`
	Since  string `json:"since"`
	ToDo   string `json:"to_do"`
}

// ListOrganizations lists organizations and unfinished changes.
var ListOrganizations = tool.Define(tool.Spec{
	Name:  "list_organizations",
	Title: "Organizations",
	Description: "The organizations, how many members each has, the members of one with their roles, and unfinished changes, each with what to do about it. " +
		"For how their members sleep, use organization_statistics.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Reads,
	Local:   true,
}, listOrganizations)

func listOrganizations(ctx context.Context, d *tool.Deps, in listOrganizationsIn) (out listOrganizationsOut, err error) {
	if in.After != "" && in.Organization == "" {
		return out, tool.Mistake("Members are listed for one organization: give %s too, for example %s.",
			tool.Argument("organization"), tool.ExampleOfTwo("organization", "acme", "after", in.After))
	}
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return out, err
	}
	all, err := organizations(ctx, store, in.Organization)
	if err != nil {
		return out, err
	}
	pending, err := store.Pending(ctx)
	if err != nil {
		return out, err
	}
	out.Organizations, out.Unfinished = []organizationRow{}, []unfinished{}
	members := 0
	for _, o := range all {
		out.Organizations = append(out.Organizations, rowOf(o, d.Now()))
		members += o.Members
	}
	for _, p := range pending {
		if in.Organization == "" || p.Organization == in.Organization {
			out.Unfinished = append(out.Unfinished, unfinishedOf(p))
		}
	}
	out.Summary = fmt.Sprintf("%s with %s.", tool.Count(len(all), "organization"), tool.Count(members, "member"))
	if n := len(out.Unfinished); n > 0 {
		out.Summary += fmt.Sprintf(" %s not finished: see what to do about each.", tool.Count(n, "change"))
	}
	if in.Organization != "" {
		if err := out.listMembers(ctx, store, in); err != nil {
			return out, err
		}
	}
	out.cut()
	return out, out.addHistories(ctx, d, store, in.Organization)
}

// addHistories says how far the reading of histories is, where jobs do it.
func (out *listOrganizationsOut) addHistories(ctx context.Context, d *tool.Deps, store *directory.Store, organization string) error {
	if d.Jobs == nil {
		return nil
	}
	var users []string
	if organization != "" {
		for m, err := range store.Members(ctx, organization) {
			if err != nil {
				return err
			}
			users = append(users, m.UserID)
		}
		if len(users) == 0 {
			return nil
		}
	}
	f, err := d.Jobs.Following(ctx, users...)
	if err != nil {
		return err
	}
	out.Histories = &histories{f.Complete, f.Waiting, f.Failing, f.Gone, f.Unreadable}
	if f.Waiting+f.Failing > 0 {
		out.Summary += fmt.Sprintf(" The histories of %d of %s are read; the others follow.", f.Complete, tool.Count(f.All, "member"))
	}
	return nil
}

// mostMembers is how many members an answer lists.
const mostMembers = 100

// listMembers adds members in order of their e-mails.
func (out *listOrganizationsOut) listMembers(ctx context.Context, store *directory.Store, in listOrganizationsIn) error {
	out.Members = []memberRow{}
	for m, err := range store.MembersAfter(ctx, in.Organization, in.After) {
		if err != nil {
			return err
		}
		if len(out.Members) == mostMembers {
			out.NextAfter = out.Members[len(out.Members)-1].Email
			out.Summary += fmt.Sprintf(" Shown are %s; send next_after as after for more.", tool.Count(len(out.Members), "member"))
			return nil
		}
		out.Members = append(out.Members, memberRow{Email: m.Email, UserID: m.UserID, Role: string(m.Role), Since: tool.Instant(m.Created, time.UTC)})
	}
	return nil
}

func organizations(ctx context.Context, store *directory.Store, id string) ([]directory.Organization, error) {
	if id == "" {
		return store.Organizations(ctx)
	}
	one, err := tool.OrganizationOf(ctx, store, id)
	return []directory.Organization{one}, err
}

func rowOf(o directory.Organization, now time.Time) organizationRow {
	return organizationRow{
		OrgID: o.ID, Name: o.Name, Timezone: o.Settings.Timezone, Created: tool.Instant(o.Created, time.UTC),
		Cadence:   string(o.Settings.CadenceOn(civil.DateOf(now.In(o.Settings.Zone(time.UTC))))),
		UserCount: o.Members, Pending: o.Pending,
	}
}

// toDo says how to end each kind of unfinished change.
var toDo = map[directory.State]string{
	directory.Adding: "Somebody may be at work. After ten minutes: add_user_to_organization with take_over, " +
		"and with user_id when the Asleep dashboard shows that a user was created.",
	directory.Deleting: "delete_user again.",
	directory.Orphaned: "delete_user: this Asleep user is nobody's.",
}

func unfinishedOf(p directory.Pending) unfinished {
	return unfinished{
		State: string(p.State), OrgID: p.Organization, Email: p.Email, UserID: p.UserID,
		Since: tool.Instant(p.Since, time.UTC), ToDo: toDo[p.State],
	}
}

// cut keeps the answer short: half of its size is for organizations, half for unfinished
// changes.
func (out *listOrganizationsOut) cut() {
	organizations, unfinished := len(out.Organizations), len(out.Unfinished)
	out.Unfinished = out.Unfinished[:tool.Fitting(out.Unfinished, tool.RowBytes/2)]
	out.Organizations = out.Organizations[:tool.Fitting(out.Organizations, tool.RowBytes/2)]
	if len(out.Organizations) < organizations || len(out.Unfinished) < unfinished {
		out.Warnings = append(out.Warnings, tool.Warning{Code: "truncated", Text: fmt.Sprintf(
			"The answer shows %d of %d organizations and %d of %d unfinished changes. Ask about one with organization.",
			len(out.Organizations), organizations, len(out.Unfinished), unfinished)})
	}
}
