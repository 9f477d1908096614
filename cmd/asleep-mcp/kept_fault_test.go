package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

// Commands about a file that cannot be used name it and say what to do; questions are
// answered live, and without a key say the same.
func TestKeptNightsThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	env, home, people, _ := keptWorld(t)
	require.Equal(t, 0, runWith(t, env, "sync").code)
	file := keptFile(t, home)
	require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("Dear diary, ", 1000)), 0o600))

	for _, args := range [][]string{{"sync"}, {"export"}, {"forget", "--yes", people[0].ID}, {"import", "--timezone", "UTC", oneNight(t)}} {
		got := runWith(t, env, args...)
		assert.Equal(t, exitFailed, got.code)
		assert.Equal(t, 1, strings.Count(got.stderr, "kept nights cannot be used"), got.stderr)
		assert.Contains(t, got.stderr, "move nights.db away")
		assert.Contains(t, got.stderr, file)
	}
	assert.Contains(t, runWith(t, env, "doctor").stdout, "move nights.db away")
	live := runWith(t, env, "call", "get_session", "--json")
	assert.Equal(t, exitOK, live.code, live.stderr)
	assert.NotContains(t, live.stderr, file)
	delete(env, "ASLEEP_API_KEY")
	none := runWith(t, env, "call", "get_session", "--json")
	assert.Equal(t, exitFailed, none.code)
	assert.Contains(t, none.stderr, "The kept nights cannot be used: ")
	assert.NotContains(t, none.stderr, file)
}

// keptFile returns the archive below a home.
func keptFile(t *testing.T, home string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(home, "*", "*", nightsFile))
	require.NoError(t, err)
	require.Len(t, found, 1)
	return found[0]
}

// oneNight writes a file to import.
func oneNight(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nights.csv")
	require.NoError(t, os.WriteFile(path, []byte("bed_start,bed_end,asleep_minutes\n2026-11-21T23:00,2026-11-22T07:00,400\n"), 0o600))
	return path
}

// Two syncs, an import and programs that answer questions use one file at once, and it holds
// what each of them alone would have kept.
func TestProgramsShareTheFile(t *testing.T) {
	t.Parallel()
	env, home, people, _ := keptWorld(t)
	binary := buildBinary(t)
	file := oneNight(t)
	var all sync.WaitGroup
	for _, args := range [][]string{
		{"sync"}, {"sync", "--again"}, {"import", "--timezone", "UTC", file}, {"--keep-nights", "call", "weekly_report"}, {"--keep-nights", "call", "get_session"},
	} {
		c := exec.CommandContext(t.Context(), binary, args...)
		for name, value := range env {
			c.Env = append(c.Env, name+"="+value)
		}
		all.Go(func() {
			said, err := c.CombinedOutput()
			assert.NoError(t, err, "%v: %s", args, said)
		})
	}
	all.Wait()

	alone := runWith(t, env, "sync")
	require.Equal(t, 0, alone.code, alone.stderr)
	assert.Contains(t, alone.stdout, ": 3 sessions with stages read, 1 span of dates;", "only what is not settled")
	s := archive.Lazy(keptFile(t, home), nil)
	defer func() { assert.NoError(t, s.Close()) }()
	require.NoError(t, s.Check(t.Context()))
	kept, err := s.Everybody(t.Context())
	require.NoError(t, err)
	require.Len(t, kept, 2)
	assert.Equal(t, people[0].ID, kept[0].User)
	assert.True(t, kept[0].Complete)
	assert.Equal(t, 214, kept[0].Nights)
	assert.Equal(t, 1, kept[1].Nights)
}
