package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is the now of tests that do not move the clock.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

// serve starts a sandbox on a loopback port and returns it with its address.
func serve(t *testing.T, o Options) (*Server, string) {
	t.Helper()
	if o.Now == nil {
		o.Now = at(noon)
	}
	s := New(o)
	web := httptest.NewServer(s)
	t.Cleanup(func() { s.Close(); web.Close() })
	return s, web.URL
}

type reply struct {
	status int
	header http.Header
	raw    string
	detail any
	result map[string]any
}

// call sends one request with the key "k" and further headers as pairs.
func call(t *testing.T, method, url, body string, headers ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("X-Api-Key", "k")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	r := reply{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	var envelope struct {
		Detail any            `json:"detail"`
		Result map[string]any `json:"result"`
	}
	if json.Unmarshal(raw, &envelope) == nil {
		r.detail, r.result = envelope.Detail, envelope.Result
	}
	return r
}

func get(t *testing.T, url string, headers ...string) reply {
	t.Helper()
	return call(t, http.MethodGet, url, "", headers...)
}

// hypnogram reads "30×0 18×1": so many epochs of a stage.
func hypnogram(t *testing.T, runs string) []int8 {
	t.Helper()
	var stages []int8
	for run := range strings.FieldsSeq(runs) {
		n, stage, found := strings.Cut(run, "×")
		require.True(t, found, run)
		times, err := strconv.Atoi(n)
		require.NoError(t, err)
		value, err := strconv.Atoi(stage)
		require.NoError(t, err)
		stages = appendRun(stages, int8(value), times)
	}
	return stages
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	require.NoError(t, err)
	return z
}

// testdata opens a file of the folder with real nights and golden values.
func testdata(t *testing.T, name string) *os.File {
	t.Helper()
	dir := os.Getenv("ASLEEP_MCP_TESTDATA")
	if dir == "" {
		t.Skip("ASLEEP_MCP_TESTDATA is not set: real nights and golden values are not checked")
	}
	f, err := os.Open(filepath.Join(dir, name))
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}
