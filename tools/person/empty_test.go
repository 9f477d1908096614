package person

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// An answer about nothing is short, whatever was asked.
func TestAnEmptyAnswerIsShort(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person())
	for _, one := range tooltest.AboutOnePerson() {
		for _, arguments := range []string{`{}`, `{"timezone":"Asia/Seoul"}`} {
			answer := tooltest.Call(t, w, one.Name, arguments)
			assert.LessOrEqual(t, len(answer), 600, "%s: %s", one.Name, answer)
		}
	}
}
