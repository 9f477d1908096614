package cohort

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

const october = `{"organization":"acme","period":"2026-10"}`

// A release that is made from rows has the figures of one that is made from nights: of those
// with rows nothing is asked, and the others are read.
func TestReleaseFromRows(t *testing.T) {
	t.Parallel()
	postgrestest.Each(t, func(t *testing.T, dsn func(*testing.T) string) {
		live := newKeeper(t, dsn(t), 24)
		want := tooltest.Call(t, live.As(tooltest.AnalystOf("acme")), "organization_statistics", october)
		k := newKeeper(t, dsn(t), 24)
		k.sync(t, tooltest.MemberIDs(0, 21)...)
		k.at.Store(tooltest.InstantOf("2026-11-02T23:59:00Z").UnixNano())
		k.sync(t, tooltest.MemberIDs(21, 23)...) // too early: nights of October may still arrive
		k.at.Store(tooltest.Morning.UnixNano())
		before := k.Requests()
		got := tooltest.Call(t, k.As(tooltest.AnalystOf("acme")), "organization_statistics", october)
		assert.Equal(t, string(want), string(got))
		assert.LessOrEqual(t, k.Requests()-before, 3, "those whose nights were never read, or too early")
	})
}

// The nights of people with rows are not read again, and rows of another method count as none.
func TestReleaseReadsRows(t *testing.T) {
	t.Parallel()
	k := newKeeper(t, postgrestest.Shared(t).Empty(t), 24)
	k.sync(t, tooltest.MemberIDs(0, 24)...)
	change := func(statement string) {
		_, err := k.Raw(t).ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	hours := func() float64 {
		change(`DELETE FROM releases`)
		change(`DELETE FROM release_series`)
		change(`DELETE FROM release_cells`)
		return *askQuietly(t, k.As(tooltest.AnalystOf("acme")), "organization_statistics", october).AvgSleepHours
	}
	right := hours()
	change(`UPDATE calendar_windows SET asleep = asleep + 7200`)
	assert.InDelta(t, right+2, hours(), 0.11)
	change(`UPDATE calendar_windows SET method = 'older'`)
	assert.InDelta(t, right, hours(), 0)
	change(`UPDATE calendar_windows SET method = (SELECT MIN(method) FROM reduced)`)
	assert.InDelta(t, right+2, hours(), 0.11)
	change(`UPDATE people SET due = '2026-11-23T00:00:00Z'`)
	change(`UPDATE spans SET read_at = '2026-11-02T23:59:00Z'`)
	assert.InDelta(t, right, hours(), 0, "nights of October may still have arrived")
	change(`UPDATE spans SET read_at = '2026-11-23T00:01:00Z'`)
	assert.InDelta(t, right+2, hours(), 0.11)
	change(`UPDATE people SET due = '` + tooltest.Morning.Add(time.Minute).Format(time.RFC3339) + `'`)
	assert.InDelta(t, right, hours(), 0, "what is to be read again")
}
