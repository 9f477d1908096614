package manage

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// Members of one organization are listed with their roles, page by page, and each once.
func TestMembersAreListed(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "")
	c.Found(t, "acme", tooltest.MemberIDs(0, 2*mostMembers+5)...)
	c.Found(t, "other", "G-other")
	var seen []string
	pages, question := 0, `{"organization":"acme"}`
	for question != "" {
		page := tooltest.AnswerOf[listOrganizationsOut](t, c.World, "list_organizations", question)
		for _, m := range page.Members {
			seen = append(seen, m.Email)
			assert.Equal(t, "user", m.Role)
			assert.NotEmpty(t, m.Since)
		}
		pages++
		question = ""
		if page.NextAfter != "" {
			question = `{"organization":"acme","after":"` + page.NextAfter + `"}`
		}
	}
	assert.Equal(t, 3, pages)
	assert.Equal(t, c.Emails(t, "acme"), seen)
	all := tooltest.AnswerOf[listOrganizationsOut](t, c.World, "list_organizations", `{}`)
	assert.Empty(t, all.Members)
	assert.Len(t, all.Organizations, 2)
	assert.Equal(t, tool.InvalidArgument, tooltest.Fails(t, c.World, "list_organizations", `{"after":"a@example.org"}`).Code)
}
