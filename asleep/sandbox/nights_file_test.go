package sandbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
)

func TestReadNights(t *testing.T) {
	t.Parallel()
	people, err := ReadNights(strings.NewReader(`
{"user":"b","start":"2026-10-24T22:57:28","timezone":"Europe/Paris","source":"anything","stages":"0123.","snoring":"01100","state":"CLOSED"}

{"user":"a","start":"2026-10-25T02:30:00","timezone":"Europe/Paris","stages":"1"}
{"user":"a","start":"2026-10-25T06:00:00","timezone":"Europe/Paris","stages":"1"}
{"user":"b","start":"2026-10-26T06:00:00","timezone":"Asia/Seoul","stages":"00"}`))
	require.NoError(t, err)
	require.Len(t, people, 2)
	require.Len(t, people[1].Recordings, 2)
	assert.Equal(t, "b", people[0].ID)
	require.Len(t, people[0].Recordings, 2)
	first := people[0].Recordings[0]
	assert.Equal(t, "2026-10-24T20:57:28Z", first.Start.UTC().Format(time.RFC3339))
	assert.Equal(t, "Europe/Paris", first.Zone)
	assert.Equal(t, []int8{0, 1, 2, 3, -1}, first.Stages)
	assert.Equal(t, []int8{0, 1, 1, 0, 0}, first.Snoring)
	assert.Equal(t, Closed, first.State)
	second := people[0].Recordings[1]
	assert.Equal(t, "2026-10-25T21:00:00Z", second.Start.UTC().Format(time.RFC3339))
	assert.Nil(t, second.Snoring)
	assert.Equal(t, "2026-10-25T00:30:00Z", people[1].Recordings[0].Start.UTC().Format(time.RFC3339), "of two the first")
	assert.Equal(t, "2026-10-25T05:00:00Z", people[1].Recordings[1].Start.UTC().Format(time.RFC3339))
}

func TestReadNightsRefuses(t *testing.T) {
	t.Parallel()
	line := func(user, start, zone, stages, rest string) string {
		return fmt.Sprintf(`{"user":%q,"start":%q,"timezone":%q,"stages":%q%s}`, user, start, zone, stages, rest)
	}
	good := line("a", "2026-10-24T22:57:28", "Europe/Paris", "0123", "")
	for _, tc := range []struct{ name, line, want string }{
		{"no JSON", "stages=0123", "line 3: not a JSON object"},
		{"an array", "[1]", "line 3: not a JSON object"},
		{"cut", good[:20], "line 3: not a JSON object"},
		{"two objects", good + good, "line 3: not a JSON object"},
		{"wrong type", `{"user":"a","stages":[0,1]}`, "line 3: stages must be text, not array"},
		{"no user", line("", "2026-10-24T22:57:28", "Europe/Paris", "0", ""), `line 3: user ""`},
		{"user with a slash", line("a/b", "2026-10-24T22:57:28", "Europe/Paris", "0", ""), `line 3: user "a/b"`},
		{"long user", line(strings.Repeat("a", 10000), "2026-10-24T22:57:28", "Europe/Paris", "0", ""), `aaaa": 1 to 128 letters`},
		{"no zone", line("a", "2026-10-24T22:57:28", "", "0", ""), `line 3: timezone ""`},
		{"unknown zone", line("a", "2026-10-24T22:57:28", "Europe/Atlantis", "0", ""), `line 3: timezone "Europe/Atlantis"`},
		{"this machine's zone", line("a", "2026-10-24T22:57:28", "Local", "0", ""), `line 3: timezone "Local"`},
		{"half an offset", line("a", "2026-10-24T22:57:28+2", "UTC", "0", ""), `line 3: start "2026-10-24T22:57:28+2": a local time`},
		{"no such day", line("a", "2026-02-30T22:57:28", "UTC", "0", ""), `line 3: start "2026-02-30T22:57:28": a local time`},
		{"skipped hour", line("a", "2026-03-29T02:30:00", "Europe/Paris", "0", ""), `line 3: start "2026-03-29T02:30:00" does not exist in Europe/Paris`},
		{"no stages", line("a", "2026-10-24T22:57:28", "UTC", "", ""), "line 3: stages is missing or empty"},
		{"unknown stage", line("a", "2026-10-24T22:57:28", "UTC", "0124", ""), `line 3: stages has '4' at position 4`},
		{"an ellipsis", line("a", "2026-10-24T22:57:28", "UTC", "012…", ""), `line 3: stages has '…' at position 4`},
		{"snoring too short", line("a", "2026-10-24T22:57:28", "UTC", "0123", `,"snoring":"01"`), "line 3: snoring has 2 values for 4 stages"},
		{"snoring of another kind", line("a", "2026-10-24T22:57:28", "UTC", "0", `,"snoring":"."`), `line 3: snoring has '.' at position 1`},
		{"unknown state", line("a", "2026-10-24T22:57:28", "UTC", "0", `,"state":"complete"`), `line 3: state "complete"`},
		{"the same night twice", line("a", "2026-10-24T20:57:28", "UTC", "0", ""), "line 3: the user already has a recording with this start, on line 1"},
		{"endless line", line("a", "2026-10-24T22:57:28", "UTC", strings.Repeat("0", longestLine), ""), "line 3: longer than 262144 bytes"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			people, err := ReadNights(strings.NewReader(good + "\n\n" + tc.line + "\n"))
			require.ErrorContains(t, err, tc.want)
			assert.Nil(t, people)
			assert.Less(t, len(err.Error()), 300)
		})
	}
	_, err := ReadNights(strings.NewReader("\n"))
	require.EqualError(t, err, "no nights in the file")
}

func TestRealNights(t *testing.T) {
	t.Parallel()
	people, err := ReadNights(testdata(t, "real-nights.ndjson"))
	require.NoError(t, err)
	require.Len(t, people, 1)
	require.Len(t, people[0].Recordings, 53)
	_, url := serve(t, Options{Now: at(time.Date(2026, 10, 26, 11, 0, 0, 0, time.UTC)), People: people})
	rows := listed(t, get(t, url+"/data/v1/sessions?limit=100&order_by=ASC", "x-user-id", people[0].ID, "timezone", "Europe/Paris"))
	require.Len(t, rows, 53)
	assert.Equal(t, "2026-09-01T22:46:43+02:00", rows[0]["session_start_time"])
	assert.Equal(t, "2026-10-25T23:02:07+01:00", rows[52]["session_start_time"])
	got := get(t, url+"/data/v1/users/"+people[0].ID+"/average-stats?start_date=2026-09-01&end_date=2026-10-26", "timezone", "Europe/Paris")
	assert.Len(t, got.result["slept_sessions"], 53)
}

// A time that happens twice is told apart by its offset, and a line whose stages are not
// known is no recording.
func TestReadNightsWithOffsets(t *testing.T) {
	t.Parallel()
	people, err := ReadNights(strings.NewReader(`{"user":"a","session_id":"x","start":"2026-10-25T02:30:00+01:00","timezone":"Europe/Paris","stages":"01"}
{"user":"a","session_id":"y","start":"2026-10-26T02:30:00+01:00","timezone":"Europe/Paris","stages":null}
`))
	require.NoError(t, err)
	require.Len(t, people[0].Recordings, 1)
	assert.Equal(t, "2026-10-25T01:30:00Z", people[0].Recordings[0].Start.UTC().Format(time.RFC3339))
}

func TestNightsWithAByteOrderMark(t *testing.T) {
	t.Parallel()
	line := `{"user":"G-1","start":"2026-09-01T22:46:43","timezone":"Europe/Paris","stages":"0011223"}`
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(line + "\r\n")
	require.NoError(t, err)
	for _, file := range []string{"\ufeff" + line + "\r\n", wide, line + "\n\ufeff\n"} {
		people, err := ReadNights(strings.NewReader(file))
		require.NoError(t, err)
		assert.Len(t, people, 1)
	}
}
