package windows_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
	"github.com/asleep-mcp/asleep-mcp/internal/windows/windowstest"
)

// BenchmarkGroup asks about organizations of made-up rows: thirty days and the change
// against those before, with the members read from the directory. Run it with -benchtime 3x.
func BenchmarkGroup(b *testing.B) {
	now := time.Date(2026, 11, 23, 8, 12, 0, 0, time.UTC)
	bench := func(b *testing.B, dsn, place string, people int) {
		s, members := windowstest.Company(b, dsn, place, "the-live-key", now, people)
		q := windows.Question{People: members.MemberIDs("acme"), Days: 30, Last: civil.DateOf(now), Before: true}
		for b.Loop() {
			g, err := s.Group(b.Context(), q)
			require.NoError(b, err)
			require.Equal(b, people-people/50, g.Cohort.People)
			require.Equal(b, people-people/50, g.Change.People)
			require.Equal(b, people/50, g.NeverRead)
		}
	}
	for _, people := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint("sqlite/", people), func(b *testing.B) {
			folder := b.TempDir()
			bench(b, filepath.Join(folder, "nights.db"), filepath.Join(folder, "directory.db"), people)
		})
		b.Run(fmt.Sprint("postgres/", people), func(b *testing.B) {
			dsn := postgrestest.Shared(b).Empty(b)
			bench(b, dsn, dsn, people)
		})
	}
}
