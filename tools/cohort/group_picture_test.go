package cohort

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// A picture of a group has the figures of its answer and no others.
func TestGroupPictureTellsNoMore(t *testing.T) {
	t.Parallel()
	c := Cohort{AvgSleepHours: new(6.5), AvgEfficiency: new(88.0), AvgScore: new(70.0)}
	h := GroupHead{Summary: "S", Caveats: tool.Caveats{Missing: map[string]string{"short_of_sleep_percent": "tells_of_few"}}}
	of := func(h GroupHead, c Cohort) charts.Group { return h.draw(c).(charts.Group) }
	bare := of(h, c)
	require.Len(t, bare.Figures, 4)
	assert.InDelta(t, 390, *bare.Figures[0].Middle, 1e-9)
	for _, f := range bare.Figures {
		assert.Nil(t, f.Low)
		assert.Nil(t, f.High)
	}
	assert.Nil(t, bare.Figures[3].Middle)
	assert.Equal(t, "tells of few", bare.Figures[3].Hidden)

	c.Quartiles = &quartiles{Score: []float64{60, 71, 80}, SleepHours: []float64{6, 6.5, 7}, Efficiency: []float64{85, 88, 91}}
	whole := of(h, c)
	assert.InDelta(t, 360, *whole.Figures[0].Low, 1e-9)
	assert.InDelta(t, 420, *whole.Figures[0].High, 1e-9)
	assert.InDelta(t, 60, *whole.Figures[2].Low, 1e-9)
	assert.Equal(t, "S", whole.Subtitle)

	h.Suppressed = true
	assert.Empty(t, of(h, c).Figures)
}

// Both tools about groups draw what they answer.
func TestGroupsAreDrawn(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.PeopleOf(12)...)
	arguments := tooltest.ListOf(tooltest.MemberIDs(0, 12)...)
	answer, err := tooltest.ToolNamed(t, "cohort_analysis").Call(w.Ctx, w.Deps, json.RawMessage(arguments[:len(arguments)-1]+`,"chart":"png"}`))
	require.NoError(t, err)
	require.NotNil(t, answer.Image)
	var said cohortAnalysisOut
	require.NoError(t, json.Unmarshal(answer.JSON, &said))
	drawn := answer.Picture().(charts.Group)
	assert.InDelta(t, *said.AvgSleepHours*60, *drawn.Figures[0].Middle, 1e-9)
	assert.InDelta(t, *said.AvgScore, *drawn.Figures[2].Middle, 1e-9)
}
