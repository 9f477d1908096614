package person

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// pictured are calls of every tool about a person that has a picture.
var pictured = map[string]string{
	"get_session":     `{}`,
	"weekly_report":   `{}`,
	"monthly_trends":  `{}`,
	"list_sessions":   `{"days":30}`,
	"compare_periods": `{"first_from":"2026-10-01","first_to":"2026-10-31","second_from":"2026-11-01","second_to":"2026-11-20"}`,
}

var comma = map[bool]string{true: ","}

func answered(t *testing.T, w *tooltest.World, name, arguments string) tool.Answer {
	t.Helper()
	a, err := tooltest.ToolNamed(t, name).Call(w.Ctx, w.Deps, json.RawMessage(arguments))
	require.NoError(t, err)
	return a
}

// A picture is drawn only when it is asked for, says what the answer says, and is the same
// after it was sent to the app.
func TestChartsAreDrawnWhenAskedFor(t *testing.T) {
	t.Parallel()
	w := tooltest.Demo(t, tooltest.Morning)
	for name, arguments := range pictured {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plain := answered(t, w, name, arguments)
			assert.Nil(t, plain.Image)
			require.NotNil(t, plain.Picture)
			for format, begins := range map[charts.Format]string{charts.SVG: "<svg ", charts.PNG: "\x89PNG"} {
				with := answered(t, w, name, strings.TrimSuffix(arguments, "}")+comma[arguments != "{}"]+`"chart":"`+string(format)+`"}`)
				assert.Equal(t, string(plain.JSON), string(with.JSON), "the answer stays")
				require.NotNil(t, with.Image)
				assert.True(t, strings.HasPrefix(string(with.Image.Data), begins))
				assert.LessOrEqual(t, len(with.Image.Data), 60_000)
			}
			var head tool.Subject
			require.NoError(t, json.Unmarshal(plain.JSON, &head))
			assert.Contains(t, plain.Picture().Describe(), head.Summary)
			encoded, err := charts.Encode(plain.Picture())
			require.NoError(t, err)
			again, err := charts.Decode(encoded)
			require.NoError(t, err)
			first, err := charts.Draw(plain.Picture(), charts.SVG)
			require.NoError(t, err)
			second, err := charts.Draw(again, charts.SVG)
			require.NoError(t, err)
			assert.True(t, string(first) == string(second), "sent to the app, it is another picture") //nolint:testifylint // the files are too long to show
		})
	}
}
