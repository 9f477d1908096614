package archive

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// trialOf is a trial of two weeks.
func trialOf(first, change string) Trial {
	return Trial{First: day(first), Last: day(first).AddDays(13), Plan: slices.Repeat([]bool{true, false}, 7), Change: change, Measure: "asleep_minutes"}
}

func TestTrials(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		s := openStore(t, dsn, clockAt(morning).now)
		ctx := t.Context()
		stopped, err := s.StopTrial(ctx, somebody, day("2026-11-01"))
		require.NoError(t, err)
		assert.False(t, stopped, "without an archive")

		require.NoError(t, s.StartTrial(ctx, somebody, trialOf("2026-11-01", "no screens after 22:00")))
		require.ErrorIs(t, s.StartTrial(ctx, somebody, trialOf("2026-11-14", "earplugs")), ErrTrialRuns)
		require.ErrorIs(t, s.StartTrial(ctx, somebody, trialOf("2026-10-01", "earplugs")), ErrTrialRuns, "nor before it")
		require.NoError(t, s.StartTrial(ctx, stranger, trialOf("2026-11-02", "earplugs")))
		for _, night := range []string{"2026-10-30", "2026-11-14"} {
			stopped, err = s.StopTrial(ctx, somebody, day(night))
			require.NoError(t, err)
			assert.False(t, stopped, night)
		}
		stopped, err = s.StopTrial(ctx, somebody, day("2026-11-05"))
		require.NoError(t, err)
		assert.True(t, stopped)
		stopped, err = s.StopTrial(ctx, somebody, day("2026-11-05"))
		require.NoError(t, err)
		assert.False(t, stopped, "again")
		require.ErrorIs(t, s.StartTrial(ctx, somebody, trialOf("2026-11-05", "earplugs")), ErrTrialRuns, "its night was drawn")
		require.NoError(t, s.StartTrial(ctx, somebody, trialOf("2026-11-06", "earplugs")))

		first := trialOf("2026-11-01", "no screens after 22:00")
		first.Last = day("2026-11-05")
		all, err := s.Trials(ctx, somebody)
		require.NoError(t, err)
		assert.Equal(t, []Trial{first, trialOf("2026-11-06", "earplugs")}, all)
		assert.Equal(t, day("2026-11-14"), first.Planned())
	})
}

// Of two calls at once one starts a trial, and what is kept is bounded.
func TestTrialBounds(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		s := openStore(t, dsn, clockAt(morning).now)
		ctx := t.Context()
		require.NoError(t, s.make(ctx))
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = s.StartTrial(ctx, somebody, trialOf("2016-01-01", fmt.Sprint("change ", i))) })
		}
		all.Wait()
		started := 0
		for _, err := range errs {
			if err == nil {
				started++
				continue
			}
			require.ErrorIs(t, err, ErrTrialRuns)
		}
		assert.Equal(t, 1, started)
		first := day("2016-01-01")
		for range MostTrials {
			first = first.AddDays(14)
			require.NoError(t, s.StartTrial(ctx, somebody, trialOf(first.String(), "earplugs")))
		}
		kept, err := s.Trials(ctx, somebody)
		require.NoError(t, err)
		assert.Len(t, kept, MostTrials)
		assert.Equal(t, day("2016-01-15"), kept[0].First, "the oldest gave way")

		for _, bad := range []func(*Trial){
			func(t *Trial) { t.Change = "" }, func(t *Trial) { t.Change = "Earplugs" }, func(t *Trial) { t.Change = "a\u202eb" },
			func(t *Trial) { t.Plan = nil }, func(t *Trial) { t.Plan = make([]bool, longestTrial+1) },
			func(t *Trial) { t.Measure = strings.Repeat("a", longestMeasure+1) }, func(t *Trial) { t.First.Month = 13 },
		} {
			one := trialOf("2026-11-01", "earplugs")
			bad(&one)
			require.ErrorIs(t, s.StartTrial(ctx, somebody, one), ErrBadTrial)
		}
		assert.Equal(t, asleep.BadID, asleep.CodeOf(s.StartTrial(ctx, "no user", trialOf("2026-11-01", "earplugs"))))
	})
}

// Trials go with the person, and with their nights.
func TestTrialsAreForgotten(t *testing.T) {
	t.Parallel()
	postgrestest.Both(t, func(t *testing.T, dsn string) {
		s := openStore(t, dsn, clockAt(morning).now)
		ctx := t.Context()
		count := func() int {
			t.Helper()
			all, err := s.Trials(ctx, somebody)
			require.NoError(t, err)
			return len(all)
		}
		require.NoError(t, s.StartTrial(ctx, somebody, trialOf("2026-01-01", "earplugs")))
		require.NoError(t, s.StartTrial(ctx, somebody, trialOf("2026-11-01", "earplugs")))
		require.NoError(t, s.Expire(ctx, 100))
		assert.Equal(t, 1, count(), "with the nights that expire")
		known, err := s.Forget(ctx, somebody)
		require.NoError(t, err)
		assert.True(t, known)
		assert.Zero(t, count())
	})
}
