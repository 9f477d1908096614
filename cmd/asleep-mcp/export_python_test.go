package main

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readTable reads a table as strictly as Python can, checks what docs/kept-nights.md says of its columns, and
// prints how many rows it has, how long they slept, and the tags.
const readTable = `
import csv, datetime, sys
with open(sys.argv[1], encoding="utf-8", newline="") as f:
    rows = list(csv.DictReader(f, strict=True))
for row in rows:
    assert None not in row and None not in row.values(), row
    datetime.date.fromisoformat(row["night"])
    for name, cell in row.items():
        assert cell[:1] not in "=+-@\t\r" or cell == "", (name, cell)
        if name.endswith("_utc"):
            datetime.datetime.strptime(cell, "%Y-%m-%dT%H:%M:%SZ")
        elif name.endswith("_local") and cell:
            datetime.datetime.fromisoformat(cell)
        elif name.endswith("_minutes") or name in ("efficiency_percent", "sleep_index", "own_score"):
            assert cell == "" or float(cell) >= 0, (name, cell)
print(len(rows), sum(float(row["asleep_minutes"]) for row in rows), rows[0]["awake_minutes"] or "none", rows[0]["tags"])
`

// Another program opens what is exported, finds in the columns what they are said to hold,
// and no cell that a spreadsheet would run.
func TestExportOpensInPython(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		lacking(t, "there is no python3 to read an exported table")
	}
	i := newImporting(t, map[string]string{
		"sleepmodel.csv": ouraExport,
		"tags.csv":       "night,tag,note\n2026-11-22,\"=cmd|' /C calc'!A0\",\"a, \"\"b\"\"\nc\"\n",
	})
	for _, name := range []string{"sleepmodel.csv", "tags.csv"} {
		code, _, errs := i.run("--user-id=-me", "import", i.path(name))
		require.Equal(t, exitOK, code, errs)
	}
	code, _, errs := i.run("--user-id=-me", "export", "--stages", "-o", i.path("nights.csv"))
	require.Equal(t, exitOK, code, errs)
	said, err := exec.CommandContext(t.Context(), python, "-c", readTable, i.path("nights.csv")).CombinedOutput()
	require.NoError(t, err, string(said))
	assert.Equal(t, "2 870.0 none '=cmd|' /c calc'!a0\n", string(said))
}
