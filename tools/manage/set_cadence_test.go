package manage

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// Organizations that share members have one cadence: that of the oldest.
func TestSetCadence(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(6)...)
	made := tooltest.AnswerOf[createOrganizationOut](t, c.World, "create_organization", `{"cadence":"weeks"}`)
	assert.Equal(t, "weeks", made.Cadence)
	c.Join(t, "acme", tooltest.MemberIDs(0, 3)...)
	c.Found(t, "team", tooltest.MemberIDs(2, 4)...)
	c.Found(t, "other", tooltest.MemberIDs(4, 6)...)
	got := tooltest.AnswerOf[setCadenceOut](t, c.World, "set_cadence", `{"cadence":"months"}`)
	assert.Equal(t, setCadenceOut{"Figures are released by months, from the night of 1 December 2026 on.", "acme", "months", "2026-12-01"}, got)
	f := tooltest.Fails(t, c.World, "set_cadence", `{"organization":"team","cadence":"weeks"}`)
	assert.Equal(t, `Nothing was changed: "team" shares members with "acme", which is older and whose cadence holds for both. Set it there.`, f.Text)
	assert.Equal(t, "2026-12-07", tooltest.AnswerOf[setCadenceOut](t, c.World, "set_cadence", `{"organization":"other","cadence":"weeks"}`).From)
	assert.Equal(t, tool.NotFound, tooltest.Fails(t, c.World, "set_cadence", `{"organization":"none"}`).Code)
	assert.Equal(t, tool.InvalidArgument, tooltest.Fails(t, c.World, "set_cadence", `{"cadence":"days"}`).Code)
	assert.Equal(t, "months", tooltest.AnswerOf[listOrganizationsOut](t, c.World, "list_organizations", `{"organization":"other"}`).Organizations[0].Cadence, "until it begins")
}
