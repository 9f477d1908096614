package manage

import (
	"context"
	"fmt"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type getUserIn struct {
	UserID string `json:"user_id" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Asleep user id."`
}

type getUserOut struct {
	Summary       string       `json:"summary"`
	UserID        string       `json:"user_id"`
	DataSource    string       `json:"data_source" jsonschema:"enum=asleep,enum=demo"`
	ToBeDeleted   bool         `json:"to_be_deleted"`
	Metadata      *Metadata    `json:"metadata,omitempty"`
	LastSession   *lastSession `json:"last_session,omitempty"`
	Organizations []membership `json:"organizations"`
}

type lastSession struct {
	SessionID string `json:"session_id"`
	Start     string `json:"start"`
	State     string `json:"state"`
}

// membership is what the directory holds, which the Asleep service need not know.
type membership struct {
	OrgID     string `json:"org_id"`
	Email     string `json:"user_email"`
	Role      string `json:"role"`
	BirthYear int    `json:"birth_year,omitempty"`
	Gender    string `json:"gender,omitempty"`
}

// GetUser returns what is known about an Asleep user.
var GetUser = tool.Define(tool.Spec{
	Name:  "get_user",
	Title: "An Asleep user",
	Description: "What is known about an Asleep user: metadata, newest session, whether marked for deletion, and the organizations they are a member of. " +
		"For nights, use list_sessions.",
	Toolset: tool.ToolsetManage,
	Access:  tool.Reads,
}, getUser)

func getUser(ctx context.Context, d *tool.Deps, in getUserIn) (out getUserOut, err error) {
	user, err := access.Resolve(ctx, in.UserID)
	if err != nil {
		return out, tool.NameReceived(err, in.UserID)
	}
	found, err := d.Client.User(ctx, user.ID())
	if err != nil {
		return out, err
	}
	memberOf, err := memberships(ctx, d, user.ID())
	if err != nil {
		return out, err
	}
	out = getUserOut{
		UserID: found.ID, DataSource: d.DataSource, ToBeDeleted: found.ToBeDeleted,
		Metadata: metadataOf(found.Metadata), Organizations: memberOf,
	}
	out.Summary = fmt.Sprintf("The user is a member of %s and has no recordings.", tool.Count(len(memberOf), "organization"))
	if s := found.LastSession; s != nil {
		out.LastSession = &lastSession{s.ID, tool.Instant(s.Start, time.UTC), string(nights.StateListed(s.State))}
		out.Summary = fmt.Sprintf("The user is a member of %s. Their newest recording began on %s.", tool.Count(len(memberOf), "organization"), out.LastSession.Start)
	}
	if out.ToBeDeleted {
		out.Summary += " They are marked for deletion."
	}
	return out, nil
}

// memberships returns those of a user; none if there is no directory.
func memberships(ctx context.Context, d *tool.Deps, userID string) ([]membership, error) {
	list := []membership{}
	if d.Directory == nil {
		return list, nil
	}
	store, err := d.OpenDirectory(ctx)
	if err != nil {
		return nil, err
	}
	all, err := store.Memberships(ctx, userID)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		list = append(list, membership{m.Organization, m.Email, string(m.Role), m.Metadata.BirthYear, m.Metadata.Gender})
	}
	return list, nil
}
