package prompts_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMonthsThatHaveNotBegun(t *testing.T) {
	t.Parallel()
	for now, taken := range map[string]map[string]bool{
		"2026-11-23T12:00:00Z": {"2026-11": true, "2026-10": true, "2010-01": true, "2026-12": false, "2027-10": false, "": true},
		"2026-11-30T09:59:59Z": {"2026-12": false},
		"2026-11-30T10:00:00Z": {"2026-12": true}, // it is December in Kiritimati
	} {
		at, err := time.Parse(time.RFC3339, now)
		require.NoError(t, err)
		for month, want := range taken {
			err := all.Begun(map[string]string{"month": month, "week_ending": "2027-10-01"}, at)
			assert.Equal(t, want, err == nil, "%s at %s: %v", month, now, err)
			if err != nil {
				assert.EqualError(t, err, `"month" has not begun, received "`+month+`". The running month is 2026-11; for example {"month":"2026-11"}.`)
			}
		}
	}
}
