package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools"
)

func completed(words ...string) (all []string) {
	for _, c := range candidates(words) {
		all = append(all, c.word)
	}
	return all
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	assert.Contains(t, completed(), "last-night")
	assert.NotContains(t, completed(""), "complete", "it is for shells")
	assert.Equal(t, []string{"call"}, completed("ca"))
	assert.Len(t, completed("call", ""), len(tools.All()))
	assert.Equal(t, []string{"sleep_score"}, completed("--demo", "call", "sleep_s"))
	assert.Equal(t, []string{"detail="}, completed("call", "get_session", "de"))
	assert.Equal(t, []string{"detail=summary", "detail=stages", "detail=epochs"}, completed("call", "get_session", "detail="))
	assert.NotContains(t, completed("call", "get_session", "detail=stages", ""), "detail=", "it is there already")
	assert.Empty(t, completed("call", "nosuch", ""))
	assert.Equal(t, []string{"--addr"}, completed("http", "--add"))
	assert.NotContains(t, completed("version", "--"), "--base-url", "it is not used")
	assert.Contains(t, completed("setup", ""), "claude-code")
	assert.Equal(t, shells(), completed("completion", ""))
}

// What bash is given does complete.
func TestBashCompletes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("programs of other systems do not complete for this bash")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		if os.Getenv("ASLEEP_MCP_REQUIRE_ALL") != "" {
			t.Fatal("there is no bash")
		}
		t.Skip("there is no bash")
	}
	got := runWith(t, nil, "completion", "bash")
	require.Equal(t, exitOK, got.code)
	folder := t.TempDir()
	// It answers with what it was asked, so that this is about the script alone.
	program := "#!" + bash + "\nprintf '%s\\thelp\\n' \"detail=stages\" \"$*\"\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "asleep-mcp"), []byte(program), 0o700)) //nolint:gosec // it is run
	script := got.stdout + "\nCOMP_LINE='asleep-mcp call get_session detail=st'; COMP_POINT=${#COMP_LINE}; _asleep_mcp; printf '%s\\n' \"${COMPREPLY[@]}\"\n" +
		"COMP_LINE='asleep-mcp call '; COMP_POINT=${#COMP_LINE}; _asleep_mcp; printf '%s|\\n' \"${COMPREPLY[1]}\"\n"
	command := exec.CommandContext(t.Context(), bash, "-c", script) //nolint:gosec // the script is ours
	command.Env = []string{"PATH=" + folder + ":" + os.Getenv("PATH")}
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
	assert.Equal(t, "stages\ncomplete -- call get_session detail=st\ncomplete -- call |\n", string(out))
}

func TestShells(t *testing.T) {
	t.Parallel()
	for _, shell := range shells() {
		got := runWith(t, nil, "completion", shell)
		assert.Equal(t, exitOK, got.code)
		assert.Contains(t, got.stdout, "asleep-mcp", shell)
		assert.Contains(t, got.stdout, "complete -- ", shell)
	}
	assert.Contains(t, runWith(t, nil, "completion", "zsh").stdout, "$funcstack[1] == _asleep-mcp",
		"zsh loads the file under the name that packages give it, and expects a function of that name")
	assert.Equal(t, exitUsage, runWith(t, nil, "completion", "tcsh").code)
}

// Versions of PowerShell differ in how an empty word reaches a program.
func TestAnEmptyWordOfPowerShell(t *testing.T) {
	t.Parallel()
	empty := runWith(t, nil, "complete", "--", "call", "")
	assert.Contains(t, empty.stdout, "weekly_report\t")
	assert.Equal(t, empty.stdout, runWith(t, nil, "complete", "--", "call", `""`).stdout)
}

func TestHelpOfATool(t *testing.T) {
	t.Parallel()
	got := runWith(t, nil, "call", "get_session", "--help")
	assert.Equal(t, exitOK, got.code)
	for _, said := range []string{"call get_session [name=value ...]", "detail", "One of summary, stages, epochs.", "asleep-mcp call --help"} {
		assert.Contains(t, got.stdout, said)
	}
	assert.Equal(t, got.stdout, runWith(t, nil, "help", "get_session").stdout)
	assert.Equal(t, got.stdout, runWith(t, nil, "help", "call", "get_session").stdout)
	assert.Equal(t, runWith(t, nil, "--help").stdout, runWith(t, nil, "help").stdout)
	assert.Equal(t, runWith(t, nil, "http", "--help").stdout, runWith(t, nil, "help", "http").stdout)
	assert.Equal(t, exitUsage, runWith(t, nil, "help", "nosuch").code)
	assert.Contains(t, runWith(t, nil, "call", "compare_nights", "--help").stdout, "Required.")
}

func TestManual(t *testing.T) {
	t.Parallel()
	got := runWith(t, nil, "man")
	assert.Equal(t, exitOK, got.code)
	for _, said := range []string{".TH ASLEEP-MCP 1", `.SS last\-night`, `.B \-\-demo`, "Variable: ASLEEP_MCP_DEMO.", ".SH EXIT STATUS"} {
		assert.Contains(t, got.stdout, said)
	}
	assert.NotContains(t, got.stdout, ".SS complete ")
	assert.Equal(t, `\&.x \e \-`, roff(`.x \ -`))
}

func TestNobodyWaitsAtATerminal(t *testing.T) {
	t.Parallel()
	var stdout stream
	p := &program{getenv: variablesOf{}.get, stdin: strings.NewReader(""), stdout: &stdout, stderr: &stream{}, unasked: true}
	require.NoError(t, stdioCommand{}.Run(p, bound{context.Background()}))
	assert.Contains(t, stdout.String(), "asleep-mcp last-night --demo")
	assert.Contains(t, stdout.String(), "asleep-mcp stdio")
}
