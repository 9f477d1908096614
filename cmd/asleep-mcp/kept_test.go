package main

import (
	"bytes"
	"encoding/csv"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
)

const keptNow = "2026-11-23T09:00:00+01:00"

// keptWorld starts a service and returns the settings of a program that uses it, with a
// home of its own.
func keptWorld(t *testing.T) (env variablesOf, home string, people []sandbox.Person, stop func()) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, keptNow)
	require.NoError(t, err)
	people = sandbox.Demo(now, 1)
	box := sandbox.New(sandbox.Options{Now: func() time.Time { return now }, People: people})
	web := httptest.NewServer(box)
	stop = func() { web.Close(); box.Close() }
	t.Cleanup(stop)
	home = t.TempDir()
	return variablesOf{
		"ASLEEP_BASE_URL": web.URL, "ASLEEP_API_KEY": "a-key", "ASLEEP_USER_ID": people[0].ID, "ASLEEP_MCP_NOW": keptNow,
		"HOME": home, "XDG_DATA_HOME": filepath.Join(home, "data"), "LocalAppData": filepath.Join(home, "data"),
	}, home, people, stop
}

// A history that was synced is answered from without a service and without a key, is
// exported, read back by the sandbox, and forgotten.
func TestKeptNights(t *testing.T) {
	t.Parallel()
	env, home, people, stop := keptWorld(t)
	live := runWith(t, env, "call", "weekly_report", "--json")
	require.Equal(t, 0, live.code, live.stderr)
	file, err := filepath.Glob(filepath.Join(home, "*", "*", nightsFile))
	require.NoError(t, err)
	assert.Empty(t, file, "nothing is kept unless it is switched on")

	synced := runWith(t, env, "sync")
	require.Equal(t, 0, synced.code, synced.stderr)
	assert.Contains(t, synced.stdout, "everything is kept")
	assert.Empty(t, synced.stderr, "no bar where there is no terminal")
	delete(env, "ASLEEP_USER_ID")
	synced = runWith(t, env, "sync")
	require.Equal(t, 0, synced.code, synced.stderr)
	assert.Contains(t, synced.stdout, people[0].ID, "the only one who was synced is meant")
	stop()
	delete(env, "ASLEEP_API_KEY")
	alone := runWith(t, env, "call", "weekly_report", "--json")
	require.Equal(t, 0, alone.code, alone.stderr)
	assert.Equal(t, live.stdout, alone.stdout, "the only one whose nights are kept is meant")
	env["ASLEEP_USER_ID"] = people[0].ID
	env["ASLEEP_MCP_KEEP_NIGHTS"] = "false"
	assert.Equal(t, 1, runWith(t, env, "call", "weekly_report").code)
	assert.Equal(t, 2, runWith(t, env, "export").code)
	delete(env, "ASLEEP_MCP_KEEP_NIGHTS")

	table := runWith(t, env, "export", "--stages")
	require.Equal(t, 0, table.code, table.stderr)
	rows, err := csv.NewReader(strings.NewReader(table.stdout)).ReadAll()
	require.NoError(t, err)
	assert.Greater(t, len(rows), 150)
	for _, column := range exportColumns {
		assert.Contains(t, textOf(t, "../../docs/kept-nights.md"), "`"+column+"`")
	}

	lines := filepath.Join(home, "nights.jsonl")
	require.Equal(t, 0, runWith(t, env, "export", "--format", "jsonl", "-o", lines).code)
	info, err := os.Stat(lines)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	written, err := os.ReadFile(lines)
	require.NoError(t, err)
	again, err := sandbox.ReadNights(bytes.NewReader(written))
	require.NoError(t, err)
	require.Len(t, again, 1)
	byStart := map[time.Time]sandbox.Recording{}
	for _, r := range people[0].Recordings {
		byStart[r.Start.UTC()] = r
	}
	require.Greater(t, len(again[0].Recordings), 150)
	for _, r := range again[0].Recordings {
		was, ok := byStart[r.Start.UTC()]
		require.True(t, ok, r.Start)
		assert.Equal(t, was.Stages, r.Stages)
		assert.Equal(t, was.Zone, r.Zone)
	}

	now, err := time.Parse(time.RFC3339, keptNow)
	require.NoError(t, err)
	again[0].Metadata = people[0].Metadata // a date of birth is not exported
	box := sandbox.New(sandbox.Options{Now: func() time.Time { return now }, People: again})
	t.Cleanup(box.Close)
	web := httptest.NewServer(box)
	t.Cleanup(web.Close)
	there := variablesOf{"ASLEEP_BASE_URL": web.URL, "ASLEEP_API_KEY": "a-key", "ASLEEP_USER_ID": people[0].ID, "ASLEEP_MCP_NOW": keptNow, "HOME": t.TempDir()}
	for tool, about := range map[string]string{
		"weekly_report": "week_ending=2026-11-21", "get_session": "night=2026-11-20", "monthly_trends": "ending=2026-10-31", "sleep_score": "ending=2026-11-21",
		"list_sessions": `{"from":"2026-10-01","to":"2026-10-30"}`, // what is not analysed is not exported
	} {
		want := runWith(t, env, "call", tool, about, "--json")
		require.Equal(t, 0, want.code, want.stderr)
		assert.Equal(t, want.stdout, runWith(t, there, "call", tool, about, "--json").stdout, "%s of exported nights", tool)
	}

	refused := runWith(t, env, "forget", people[0].ID)
	assert.Equal(t, 2, refused.code)
	assert.Contains(t, refused.stderr, "--yes")
	require.Equal(t, 0, runWith(t, env, "forget", "--yes", people[0].ID).code)
	assert.Equal(t, 1, runWith(t, env, "export").code)
	assert.Contains(t, runWith(t, env, "call", "weekly_report").stderr, "No Asleep API key")
}
