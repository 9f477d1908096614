package prompts_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/prompts"
)

func list(values ...string) func() []string { return func() []string { return values } }

var sources = prompts.Sources{
	Users:         list("G-own"),
	Organizations: list("night-team", "day-team"),
	Sessions:      list("20261122221501_ab12c", "20261121221501_cd34e", "20261021221501_ef56g"),
	Zones:         list("Europe/Paris"),
	Now:           func() time.Time { return time.Date(2026, 3, 31, 23, 0, 0, 0, time.UTC) },
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		argument, typed string
		want            []string
	}{
		"own id":             {"user_id", "", []string{"G-own"}},
		"any case":           {"user_id", "g-O", []string{"G-own"}},
		"nobody else":        {"user_id", "H", []string{}},
		"longer than any":    {"user_id", "G-own-and-more", []string{}},
		"organizations":      {"organization", "", []string{"night-team", "day-team"}},
		"an organization":    {"organization", "DAY", []string{"day-team"}},
		"newest first":       {"session_id", "202611", []string{"20261122221501_ab12c", "20261121221501_cd34e"}},
		"months":             {"month", "2026", []string{"2026-03", "2026-02", "2026-01"}},
		"month by month":     {"month", "2025-1", []string{"2025-12", "2025-11", "2025-10"}},
		"zone":               {"timezone", "europe/par", []string{"Europe/Paris"}},
		"city":               {"timezone", "sao_p", []string{"America/Sao_Paulo"}},
		"whole names first":  {"timezone", "AS", []string{"Asia/Aden"}},
		"city of a state":    {"timezone", "knox", []string{"America/Indiana/Knox"}},
		"the set zone first": {"timezone", "Europe", []string{"Europe/Paris", "Europe/Amsterdam"}},
		"dates are not":      {"week_ending", "", []string{}},
		"unknown argument":   {"nope", "", []string{}},
		"not UTF-8":          {"timezone", "\xff", []string{}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values, total := all.Complete(c.argument, c.typed, sources)
			require.NotNil(t, values)
			require.GreaterOrEqual(t, len(values), len(c.want))
			assert.Equal(t, c.want, values[:len(c.want)])
			assert.Len(t, values, total)
			assert.Len(t, slices.Compact(slices.Sorted(slices.Values(values))), total, "nothing twice")
			if c.argument != "timezone" {
				assert.Len(t, values, len(c.want))
			}
		})
	}
	values, _ := all.Complete("month", "", sources)
	assert.Len(t, values, 12)
	assert.True(t, slices.IsSortedFunc(values, func(a, b string) int { return strings.Compare(b, a) }))
	assert.Equal(t, "2025-04", values[11])
}

func TestNothingToSuggest(t *testing.T) {
	t.Parallel()
	for _, argument := range []string{"user_id", "organization", "session_id", "month"} {
		values, total := all.Complete(argument, "", prompts.Sources{})
		assert.Equal(t, []string{}, values, argument)
		assert.Zero(t, total)
	}
	values, _ := all.Complete("timezone", "UTC", prompts.Sources{})
	assert.Equal(t, []string{"UTC"}, values)
}

func TestAtMostAHundred(t *testing.T) {
	t.Parallel()
	values, total := all.Complete("timezone", "", sources)
	assert.Len(t, values, 100)
	assert.Greater(t, total, 400)
	assert.Equal(t, "Europe/Paris", values[0])
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprintf("s%d", i)
	}
	values, total = all.Complete("session_id", "S", prompts.Sources{Sessions: list(many...)})
	assert.Equal(t, many[:100], values)
	assert.Equal(t, 101, total)
}

// What is suggested is accepted.
func TestZones(t *testing.T) {
	t.Parallel()
	zones := asleep.ZoneNames()
	assert.Greater(t, len(zones), 400)
	assert.True(t, slices.IsSorted(zones))
	assert.Len(t, slices.Compact(slices.Clone(zones)), len(zones))
	for _, zone := range zones {
		_, err := all.Check(map[string]string{"timezone": zone}, noon)
		require.NoError(t, err)
	}
	for _, zone := range []string{"UTC", "Europe/Amsterdam", "Asia/Seoul", "America/New_York"} {
		assert.Contains(t, zones, zone)
	}
}
