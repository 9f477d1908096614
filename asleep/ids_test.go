package asleep

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// attacks are no id of either kind.
var attacks = map[string]string{
	"empty":      "",
	"dot":        ".",
	"dots":       "..",
	"slash":      "/",
	"climb":      "../../ai/v1/users",
	"trailing":   testNight + "/",
	"query":      testNight + "?x=1",
	"fragment":   testNight + "#x",
	"escaped":    testNight + "%2F..",
	"blank":      " ",
	"inner":      "G-1 2",
	"break":      testNight + "\n",
	"header":     "a\r\nx-api-key: b",
	"zero":       "a\x00",
	"other abc":  "ｕｓｅｒ",
	"too long":   strings.Repeat("a", 10_000),
	"digit long": "20240305025029_" + strings.Repeat("9", 10_000),
}

func TestIDsAreRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	s, c := serve(t, raw(http.StatusNoContent, ""))
	for name, id := range attacks {
		for op, call := range map[string]func() error{
			getUser:       func() error { _, err := c.User(t.Context(), id); return err },
			deleteUser:    func() error { return c.DeleteUser(t.Context(), id) },
			listSessions:  func() error { _, err := c.ListSessions(t.Context(), id, ListOptions{}); return err },
			getSession:    func() error { _, err := c.Session(t.Context(), testUser, id); return err },
			deleteSession: func() error { return c.DeleteSession(t.Context(), testUser, id) },
			averageStats: func() error {
				_, err := c.AverageStats(t.Context(), id, date("2025-01-01"), date("2025-01-02"), "")
				return err
			},
		} {
			e := requireCode(t, BadID, call())
			assert.Equal(t, op, e.Op, name)
			assert.Zero(t, e.Status)
			assert.Contains(t, e.Error(), "letters", "says what an id looks like")
			if len(id) > 2 {
				assert.NotContains(t, e.Error(), id)
			}
		}
		for _, call := range []func() error{
			func() error { _, err := c.Session(t.Context(), id, testNight); return err },
			func() error { return c.DeleteSession(t.Context(), id, testNight) },
			func() error { _, err := c.RecentSessions(t.Context(), id); return err },
			func() error { _, err := c.Nights(t.Context(), id, date("2025-01-01"), date("2025-01-02")); return err },
			func() error {
				for _, err := range c.Sessions(t.Context(), id, ListOptions{}) {
					return err
				}
				return nil
			},
		} {
			requireCode(t, BadID, call())
		}
	}
	assert.Empty(t, s.asked())
}

func TestIDForms(t *testing.T) {
	t.Parallel()
	for _, id := range []string{testUser, "a", "_-_", strings.Repeat("a", 128)} {
		require.NoError(t, CheckUserID(id))
	}
	require.Error(t, CheckUserID(strings.Repeat("a", 129)))

	for _, id := range []string{testNight, "20240305025029", "20240305025029_" + strings.Repeat("a", 49)} {
		require.NoError(t, CheckSessionID(id))
	}
	for _, id := range []string{
		"2024030502502", "20240305025029_", "20240305025029_K3X9P", "20240305025029-k3x9p",
		"20240305025029_" + strings.Repeat("a", 50), testUser,
	} {
		require.Error(t, CheckSessionID(id), id)
	}
}

// The last door holds even where a caller forgot to check.
func TestDeleteWithoutIDCannotBeBuilt(t *testing.T) {
	t.Parallel()
	s, c := serve(t, raw(http.StatusNoContent, ""))
	for _, id := range []string{"", ".", ".."} {
		requireCode(t, BadID, remove(t.Context(), c, call{op: deleteSession, id: id, user: testUser}))
	}
	assert.Empty(t, s.asked())

	require.NoError(t, remove(t.Context(), c, call{op: deleteSession, id: "a/../b?c#d", user: testUser}))
	assert.Equal(t, prefix+"/ai/v1/sessions/a%2F..%2Fb%3Fc%23d", s.only(t).URL.EscapedPath())
}
