package asleep

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/semaphore"
)

func TestRedirectsDoNotCarryTheKey(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the redirect was followed")
	}))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{elsewhere.URL, "/elsewhere", "http://%zz/" + testUser} {
			s, c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(status)
			})
			asked := 0
			for op, call := range everyRead {
				e := requireCode(t, BadResponse, call(t, c))
				assert.Equal(t, status, e.Status, op)
				asked++
			}
			for _, call := range everyWrite {
				requireCode(t, BadResponse, call(t, c))
				asked++
			}
			assert.Len(t, s.asked(), asked, "one request a call: no redirect is followed or retried")
		}
	}
}

func TestSwitchedProtocolsDoNotHang(t *testing.T) {
	t.Parallel()
	_, c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if !assert.NoError(t, err) {
			return
		}
		defer func() { _ = conn.Close() }()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
		_, _ = conn.Read(make([]byte, 1)) // until the client leaves
	})
	_, err := c.User(t.Context(), testUser)
	assert.Equal(t, 101, requireCode(t, BadResponse, err).Status)
}

// Bodies with status 200 that are not answers. 777 stands for a health value.
func TestUnreadableAnswers(t *testing.T) {
	t.Parallel()
	type odd struct{ body, says string }
	everywhere := []odd{
		{"<html><body>777</body></html>", "the body is not JSON"},
		{"null", "result is missing"},
		{"{}", "result is missing"},
		{`{"detail":"OK","result":null}`, "result is missing"},
		{`{"detail":"OK","result":[777]}`, "result is not an object"},
		{`{"detail":"OK","result":"777"}`, "result is not an object"},
		{`[777]`, "the body is not an object"},
		{`777`, "the body is not an object"},
		{`{"result":{}} 777`, "the body is not JSON"},
	}
	perRoute := map[string][]odd{
		getUser: {
			{`{"result":{}}`, "result.user_id is missing"},
			{`{"result":{"user_id":777}}`, "result.user_id is not a string"},
			{`{"result":{"user_id":"a","to_be_deleted":777}}`, "result.to_be_deleted is not true or false"},
			{`{"result":{"user_id":"a","last_session_info":{}}}`, "result.last_session_info.id is missing"},
			{`{"result":{"user_id":"a","metadata":{"birth_year":777.5}}}`, "result.metadata.birth_year is not a whole number"},
		},
		listSessions: {
			{`{"result":{}}`, "result.sleep_session_list is missing"},
			{`{"result":{"sleep_session_list":null}}`, "result.sleep_session_list is missing"},
			{`{"result":{"sleep_session_list":{}}}`, "result.sleep_session_list is not a list"},
			{`{"result":{"sleep_session_list":[null]}}`, "result.sleep_session_list.0.id is missing"},
			{`{"result":{"sleep_session_list":[{"session_id":"20250101000000_a"}]}}`, "result.sleep_session_list.0.start_time is missing"},
			{
				`{"result":{"sleep_session_list":[{"session_id":"20250101000000_a","session_start_time":"777"}]}}`,
				"result.sleep_session_list.0.session_start_time is not a timestamp",
			},
		},
		getSession: {
			{`{"result":{}}`, "result.session is missing"},
			{`{"result":{"session":{"id":777}}}`, "result.session.id is not a string"},
			{`{"result":{"session":{"id":"` + strings.Repeat("777", maxText) + `"}}}`, "a string has more than 1024 bytes"},
			{`{"result":{"session":{"sleep_stages":[0,"777"]}}}`, "result.session.sleep_stages.1 is not a whole number"},
			{`{"result":{"session":{"sleep_stages":777}}}`, "result.session.sleep_stages is not a list"},
			{`{"result":{"stat":{"time_in_bed":"777"}}}`, "result.stat.time_in_bed is not a number"},
			{`{"result":{"stat":{"time_in_bed":1e777}}}`, "result.stat.time_in_bed is not a number"},
			{`{"result":{"stat":{"sleep_time":777}}}`, "result.stat.sleep_time is not a timestamp"},
			{`{"result":{"peculiarities":"777"}}`, "result.peculiarities is not a list"},
			{`{"result":{"peculiarities":[` + strings.Repeat(`"777",`, maxItems) + `"777"]}}`, "more than 1000 items"},
			{`{"result":{"session":{"sleep_stages":[` + strings.Repeat("3,", maxEpochs) + `3]}}}`, "more than 20000 items"},
			{`{"result":{"session":{"sleep_stages":[3],"sleep_stages":[3]}}}`, "a list is given twice"},
		},
		averageStats: {
			{`{"result":{}}`, "result.slept_sessions is missing"},
			{`{"result":{"slept_sessions":"777"}}`, "result.slept_sessions is not a list"},
			{`{"result":{"slept_sessions":[{"id":"20250101000000_a"}]}}`, "result.slept_sessions.0.start_time is missing"},
			{
				`{"result":{"slept_sessions":[{"id":"20250101000000_a","start_time":"2025-01-01T00:00:00Z"},{"time_in_sleep":"777"}]}}`,
				"result.slept_sessions.1.time_in_sleep is not a number",
			},
			{`{"result":{"slept_sessions":[],"never_slept_sessions":[{"id":"20250101000000_a"}]}}`, "result.never_slept_sessions.0.start_time is missing"},
			{`{"result":{"average_stats":{"sleep_time":"777"}}}`, "result.average_stats.sleep_time is not a clock time"},
			{`{"result":{"average_stats":{"sleep_time":"25:00:00"}}}`, "result.average_stats.sleep_time is not a clock time"},
			{`{"result":{"period":{"start_date":"777"}}}`, "result.period.start_date is not a date"},
			{`{"result":{"slept_sessions":[` + strings.Repeat(minimal+"},", maxItems) + minimal + `}]}}`, "more than 1000 items"},
		},
	}
	for op, call := range everyRead {
		for _, tc := range append(perRoute[op], everywhere...) {
			s, c := serve(t, raw(http.StatusOK, tc.body))
			e := requireCode(t, BadResponse, call(t, c))
			assert.Equal(t, op, e.Op)
			assert.Equal(t, 200, e.Status)
			assert.Contains(t, e.Error(), tc.says)
			assert.NotContains(t, e.Error(), "777")
			assert.NotContains(t, e.Detail, "777")
			assert.Len(t, s.asked(), 1, "asking again does not help")
		}
	}
}

func TestCutBodiesAreReadAgain(t *testing.T) {
	t.Parallel()
	whole := string(recorded(t, "session.json"))
	cuts := map[string]http.HandlerFunc{
		"connection closed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(whole)))
			_, _ = io.WriteString(w, whole[:100])
		},
		"half a document": raw(http.StatusOK, whole[:100]),
		"empty":           raw(http.StatusOK, ""),
		"damaged gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(compressed(t, strings.NewReader(whole))[:200])
		},
		"no gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, whole)
		},
	}
	for name, cut := range cuts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := make(chan struct{}, 1)
			first <- struct{}{}
			s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-first:
					cut(w, r)
				default:
					raw(http.StatusOK, whole)(w, r)
				}
			})
			_, err := c.Session(t.Context(), testUser, testNight)
			require.NoError(t, err)
			assert.Len(t, s.asked(), 2)
		})
	}
}

func TestCutForGood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		c := offline(t, func(*http.Request) (*http.Response, error) {
			asked++
			return response(http.StatusOK, `{"result":{"ses`), nil
		})
		_, err := c.Session(t.Context(), testUser, testNight)
		e := requireCode(t, BadResponse, err)
		assert.Equal(t, 200, e.Status)
		assert.Equal(t, 1+maxRetries, asked)
	})
}

func compressed(t *testing.T, r io.Reader) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.Copy(z, r)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestHugeBodiesAreBounded(t *testing.T) { // not parallel: it measures memory
	const mebibytes = 256
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	// A gzip stream may consist of several members.
	packed := bytes.Repeat(compressed(t, bytes.NewReader(blanks)), mebibytes)
	pour := func(w http.ResponseWriter) {
		for range mebibytes {
			if _, err := w.Write(blanks); err != nil {
				return // the client has stopped reading
			}
		}
	}
	for name, h := range map[string]http.HandlerFunc{
		"plain": func(w http.ResponseWriter, _ *http.Request) { pour(w) },
		"packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(packed)
		},
		"error": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418); pour(w) },
	} {
		t.Run(name, func(t *testing.T) {
			_, c := serve(t, h)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := c.User(t.Context(), testUser)
			runtime.ReadMemStats(&after)
			var e *Error
			require.ErrorAs(t, err, &e)
			if e.Status == 418 {
				assert.Equal(t, Invalid, e.Code)
			} else {
				requireCode(t, BadResponse, err)
				require.ErrorContains(t, err, "larger than 8 MiB")
			}
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(96<<20), "everything allocated on the way")
		})
	}
}

func TestBodyJustUnderTheLimit(t *testing.T) {
	t.Parallel()
	body := string(recorded(t, "user.json"))
	for _, extra := range []int{0, 1} {
		_, c := serve(t, raw(http.StatusOK, body+strings.Repeat(" ", maxBody-len(body)+extra)))
		_, err := c.User(t.Context(), testUser)
		if extra == 0 {
			assert.NoError(t, err)
		} else {
			requireCode(t, BadResponse, err)
		}
	}
}

// Concurrent requests need as many connections, and keep them.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	const many = 8
	body := string(recorded(t, "user.json"))
	var wave sync.WaitGroup
	s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		wave.Done()
		wave.Wait()
		raw(200, body)(w, r)
	})
	from := map[string]bool{}
	for range 3 {
		wave.Add(many)
		var callers sync.WaitGroup
		for range many {
			callers.Go(func() {
				_, err := c.User(t.Context(), testUser)
				assert.NoError(t, err)
			})
		}
		callers.Wait()
	}
	for _, r := range s.asked() {
		from[r.RemoteAddr] = true
	}
	assert.Len(t, from, many)
}

func TestInFlight(t *testing.T) {
	t.Parallel()
	const limit = 3
	synctest.Test(t, func(t *testing.T) {
		arrived, release := make(chan struct{}, 100), make(chan struct{})
		c := offline(t, func(*http.Request) (*http.Response, error) {
			arrived <- struct{}{}
			<-release
			return response(http.StatusOK, string(recorded(t, "user.json"))), nil
		})
		c.slots = semaphore.NewWeighted(limit)
		done := make(chan error, 10)
		for range cap(done) {
			go func() { _, err := c.User(t.Context(), testUser); done <- err }()
		}
		synctest.Wait()
		assert.Len(t, arrived, limit)
		close(release)
		for range cap(done) {
			assert.NoError(t, <-done)
		}
	})
}
