package main

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/clients"
)

// triesWhatItWrote lets setup start the program that it wrote to a file. It is part of
// [TestBinary].
func triesWhatItWrote(t *testing.T, binary string) {
	t.Parallel()
	tried := func(env variablesOf, command string, args ...string) result {
		args = append([]string{"setup", "cursor", "--command", command}, args...)
		maps.Copy(env, newHome(t))
		env["PATH"] = os.Getenv("PATH")
		return runWith(t, env, args...)
	}
	t.Run("demo without a key", func(t *testing.T) {
		t.Parallel()
		got := tried(variablesOf{}, binary)
		require.Equal(t, 0, got.code, got.stderr)
		assert.Regexp(t, `Tested with made-up nights, because ASLEEP_API_KEY is not set here: \d+ tools, and get_session answers`, got.stdout)
		got = tried(variablesOf{"ASLEEP_API_KEY": patientKey}, binary)
		require.Equal(t, 0, got.code, got.stderr)
		assert.Contains(t, got.stdout, "Tested with made-up nights, because no user is set: with ASLEEP_USER_ID")
	})
	t.Run("demo asked for", func(t *testing.T) {
		t.Parallel()
		got := tried(variablesOf{"ASLEEP_USER_ID": "G-unknown-to-the-demo"}, binary, "--demo-without-key")
		require.Equal(t, 0, got.code, got.stderr)
		assert.Contains(t, got.stdout, "Tested with made-up nights: ")
	})
	t.Run("a key", func(t *testing.T) {
		t.Parallel()
		env := variablesOf{"ASLEEP_API_KEY": patientKey, "ASLEEP_USER_ID": patient, "ASLEEP_BASE_URL": asleepAPI(t, nil)}
		got := tried(env, binary)
		require.Equal(t, 0, got.code, got.stderr)
		assert.Contains(t, got.stdout, "Tested with your last night: ")
		env["ASLEEP_API_KEY"] = "secret-other"
		got = tried(env, binary)
		assert.Equal(t, 1, got.code)
		assert.Contains(t, got.stderr, "the file was written")
		assert.Contains(t, got.stderr, "refused the API key")
		assert.NotContains(t, got.stdout+got.stderr, "secret")
	})
	t.Run("nothing to start", func(t *testing.T) {
		t.Parallel()
		got := tried(variablesOf{}, filepath.Join(t.TempDir(), "none"))
		assert.Equal(t, 1, got.code)
		assert.Contains(t, got.stderr, "does not start")
	})
}

// What a program says before it ends is reported, however late it says it.
func TestSetupTellsWhyNothingServes(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no shell here")
	}
	for script, want := range map[string]string{
		"exec >&-; sleep 0.2; echo 'too old for this' >&2": " does not serve: too old for this",
		"exit 0": " does not serve: no answer to initialize",
	} {
		_, err := try(t.Context(), clients.Launch{Command: shell, Args: []string{"-c", script}}, os.Getenv)
		require.ErrorContains(t, err, shell+want, script)
	}
}

func TestPlaceholdersAreNotValues(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"${ASLEEP_API_KEY}": "", "$ASLEEP_API_KEY": "", "${env:ASLEEP_API_KEY}": "", "${user_config.api_key}": "", "${ASLEEP_API_KEY:-}": "",
		"key": "key", "$": "$", "a$b": "a$b", "$5": "$5", "${a}b": "${a}b",
	} {
		assert.Equal(t, want, filledIn(variablesOf{"x": value}.get)("x"), value)
	}
	got := runWith(t, variablesOf{"ASLEEP_API_KEY": "${ASLEEP_API_KEY}"}, "call", "sleep_score")
	assert.Equal(t, 1, got.code)
	assert.Contains(t, got.stderr, "No Asleep API key is set")
}

// The log of a bundle without a key says why the nights look like nobody's.
func TestStartSaysThatNightsAreMadeUp(t *testing.T) {
	t.Parallel()
	env := variablesOf{"ASLEEP_MCP_DEMO_WITHOUT_KEY": "true", "ASLEEP_BASE_URL": "http://127.0.0.1:1"}
	assert.Contains(t, runWith(t, env, "stdio", "--log-level", "info").stderr, "made up")
	env["ASLEEP_API_KEY"] = "key"
	assert.NotContains(t, runWith(t, env, "stdio", "--log-level", "info").stderr, "made up")
}
