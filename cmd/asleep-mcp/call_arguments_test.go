package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestArgumentsOfACall(t *testing.T) {
	t.Parallel()
	for want, words := range map[string][]string{
		"":                                     nil,
		`{"days":14}`:                          {`{"days":14}`},
		`{"days":"14"}`:                        {"days=14"},
		`{"days":"7","from":"2026-11-01"}`:     {"--days=7", "from=2026-11-01"},
		`{"week_ending":"2026-11-22"}`:         {"week-ending=2026-11-22"},
		`{"user_ids":"[\"a\",\"b\"]","x":"="}`: {`user_ids=["a","b"]`, "x=="},
		`{"from":"standard input"}`:            {"-"},
	} {
		k := callCommand{}
		if len(words) > 0 {
			k.Arguments, k.More = words[0], words[1:]
		}
		got, err := k.object(strings.NewReader("\ufeff" + `{"from":"standard input"}` + "\n"))
		require.NoError(t, err, want)
		assert.Equal(t, want, got)
	}
	for _, words := range [][]string{{"14"}, {"=14"}, {`{"days":14}`, "days=7"}, {"days=1", "days=2"}, {"-", "days=1"}} {
		_, err := callCommand{Arguments: words[0], More: words[1:]}.object(strings.NewReader(""))
		require.Error(t, err, words)
	}
}

// What people type first works, and says what there is.
func TestTypedFirst(t *testing.T) {
	t.Parallel()
	demo := func(args ...string) result {
		return runWith(t, variablesOf{}, append(args, "--demo", "--now", "2026-11-23T09:12:00+01:00")...)
	}
	listed := demo("call")
	assert.Equal(t, exitOK, listed.code)
	assert.Contains(t, listed.stdout, "weekly_report")
	assert.NotContains(t, listed.stdout, "delete_user", "its toolset is off")
	assert.NotContains(t, demo("call", "nosuch").stderr, "delete_user")
	assert.Equal(t, demo("call", "sleep_score", `{"days":14}`).stdout, demo("call", "sleep_score", "days=14").stdout)
	for _, flags := range [][]string{{"--days", "14"}, {"--days=14"}, {"--timezone", "Europe/Paris", "--days", "14"}} {
		assert.Equal(t, demo("call", "sleep_score", "days=14").stdout, demo(append([]string{"call", "sleep_score"}, flags...)...).stdout, flags)
	}
	assert.Contains(t, demo("call", "sleep_score", "--days").stderr, "unknown flag --days")
	assert.Contains(t, demo("call", "sleep_score", "--nights", "14").stderr, "unknown flag --nights")
	assert.Equal(t, demo("call", "get_session").stdout, demo("last-night").stdout)
	assert.Equal(t, demo("call", "weekly_report").stdout, demo("week").stdout)
	version := runWith(t, variablesOf{}, "--version")
	assert.Equal(t, exitOK, version.code)
	assert.Equal(t, runWith(t, variablesOf{}, "version").stdout, version.stdout)
}
