package web

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Callers who come no more are forgotten once there are many, and nobody's limit
// begins again by that.
func TestQuietCallersAreForgotten(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	l := newLimits(4, func() time.Time { return now }) // one at once, then one in 15 s
	for i := range manyCallers {
		assert.Zero(t, l.take(strconv.Itoa(i)))
		if i == 0 {
			now = now.Add(15 * time.Second)
		}
	}
	assert.Len(t, l.callers, manyCallers)
	assert.Zero(t, l.take("one more"))
	assert.Len(t, l.callers, manyCallers, "only the first may come again already")
	assert.Equal(t, 15*time.Second, l.take("1"))
	now = now.Add(15 * time.Second)
	assert.Zero(t, l.take("another"))
	assert.Len(t, l.callers, 1)
}
