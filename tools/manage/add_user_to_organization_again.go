package manage

import (
	"context"
	"errors"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// already is what becomes of an e-mail that is a member's: another role that was
// given is theirs from now on, and nothing else is changed.
func (a *adding) already(ctx context.Context) (m directory.Member, summary string, err error) {
	m, err = a.store.Member(ctx, a.in.Organization, a.in.Email)
	if err != nil {
		return m, "", explainLeft(err)
	}
	if a.in.UserID != "" && a.in.UserID != m.UserID {
		return m, "", &tool.Failure{
			Code: tool.Exists,
			Text: fmt.Sprintf("%s is a member already, as another Asleep user, %s. Nothing was changed. To tie the e-mail to %s, "+
				"call remove_user_from_organization first, which deletes nobody's recordings, then this again.", tool.Shown(a.in.Email), tool.Shown(m.UserID), tool.Shown(a.in.UserID)),
		}
	}
	summary = fmt.Sprintf("%s is a member already, with the role %s. Nothing was changed.", m.Email, m.Role)
	if role := directory.Role(a.in.Role); role != "" && role != m.Role {
		if err := a.store.SetRole(ctx, m, role); err != nil {
			return m, "", explainLeft(err)
		}
		summary = fmt.Sprintf("%s is a member already. Their role is %s now; it was %s.", m.Email, role, m.Role)
		m.Role = role
	}
	if a.in.BirthYear != nil || a.in.Gender != "" {
		summary += " What is known of their birth year and gender stays as it was."
	}
	return m, summary, nil
}

// explainLeft is err, in words when whoever was a member is none any more.
func explainLeft(err error) error {
	if errors.Is(err, directory.ErrNotFound) {
		return &tool.Failure{Code: tool.NotAdded, Text: "The member left meanwhile. Nothing was changed. Try again."}
	}
	return err
}
