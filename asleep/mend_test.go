package asleep

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func sessionsOf(all ...string) []byte {
	return []byte(`{"result":{"period":{"timezone":"UTC"},"slept_sessions":[` + strings.Join(all, ",") + `],"never_slept_sessions":[]}}`)
}

const (
	sound  = `{"id":"20260101220000_aaaaa","start_time":"2026-01-01T22:00:00Z","time_in_bed":28800,"time_in_sleep":25200}`
	broken = `{"id":"20260102220000_bbbbb","start_time":"2026-01-02T22:00:00Z","session_end_time":"2026-01-03T06:00:00Z","time_in_bed":{"hours":8},"time_in_sleep":25200}`
)

// A session whose metrics cannot be read costs no other session.
func TestOneUnreadableSession(t *testing.T) {
	t.Parallel()
	for name, body := range map[string][]byte{"beside a sound one": sessionsOf(sound, broken), "before one": sessionsOf(broken, sound), "alone": sessionsOf(broken)} {
		got, err := decode[wireNights](averageStats, 200, body)
		require.NoError(t, err, name)
		slept, _ := merge(got.nights())
		for _, s := range slept {
			assert.Equal(t, s.ID == "20260101220000_aaaaa", s.HasMetrics(), name)
		}
		last := slept[len(slept)-1]
		assert.Equal(t, "20260102220000_bbbbb", last.ID, name)
		assert.Equal(t, 6, last.End.Hour(), name)
		assert.Equal(t, Stat{}, last.Stat, name)
	}
}

// Neither does one in the list of the last days.
func TestOneUnreadableRecording(t *testing.T) {
	t.Parallel()
	listed := func(sessions string) (*wireList, error) {
		return decode[wireList](listSessions, 200, []byte(`{"result":{"sleep_session_list":[`+sessions+`]}}`))
	}
	const (
		first  = `{"session_id":"20260101220000_aaaaa","session_start_time":"2026-01-01T22:00:00Z","state":"COMPLETE"}`
		second = `{"session_id":"20260102220000_bbbbb","session_start_time":"2026-01-02T22:00:00Z","session_end_time":"2026-01-03T06:00:00Z","unexpected_end_time":"late"}`
	)
	got, err := listed(second + "," + first)
	require.NoError(t, err)
	infos := got.infos()
	require.Len(t, infos, 2)
	assert.Equal(t, "20260102220000_bbbbb", infos[0].ID)
	assert.Equal(t, 6, infos[0].End.Hour())
	assert.Nil(t, infos[0].UnexpectedEnd)
	assert.Equal(t, Complete, infos[1].State)
	for _, sessions := range []string{first + ",7", first + `,{"session_id":"../users"}`, second + "," + strings.ReplaceAll(second, "bbbbb", "ccccc")} {
		_, err := listed(sessions)
		assert.Equal(t, BadResponse, CodeOf(err), sessions)
	}
}

// What is no session at all, and an answer of which nothing can be read, is an error.
func TestNotMended(t *testing.T) {
	t.Parallel()
	for name, body := range map[string][]byte{
		"nothing but poison":   sessionsOf(broken, strings.ReplaceAll(broken, "bbbbb", "ccccc")),
		"no id":                sessionsOf(sound, `{"session_id":7,"start_time":"2026-01-02T22:00:00Z"}`),
		"no start":             sessionsOf(sound, `{"id":"20260102220000_bbbbb","time_in_bed":"long"}`),
		"an unreadable start":  sessionsOf(sound, `{"id":"20260102220000_bbbbb","start_time":"at ten"}`),
		"an impossible id":     sessionsOf(sound, `{"id":"../users","start_time":"2026-01-02T22:00:00Z","time_in_bed":"long"}`),
		"no object":            sessionsOf(sound, `7`),
		"too many":             sessionsOf(append(strings.Split(strings.Repeat(sound+"|", maxItems), "|")[:maxItems], broken)...),
		"another list's fault": []byte(`{"result":{"slept_sessions":[` + sound + `],"never_slept_sessions":[7]}}`),
	} {
		_, err := decode[wireNights](averageStats, 200, body)
		assert.Equal(t, BadResponse, CodeOf(err), name)
	}
}
