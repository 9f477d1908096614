package asleep

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/semaphore"
)

// reply is how a script handles one request.
type reply struct {
	status int
	body   string
	header []string // names and values in turn
	err    error
	after  time.Duration
	hang   bool // for two minutes
}

// script plays replies in turn, repeating the last one, and records when each was
// requested.
type script struct {
	replies []reply
	mu      sync.Mutex
	at      []time.Time
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.at = append(s.at, time.Now())
	next := s.replies[min(len(s.at), len(s.replies))-1]
	s.mu.Unlock()
	if next.hang {
		next.after, next.err = 2*time.Minute, io.EOF
	}
	select {
	case <-r.Context().Done():
		return nil, r.Context().Err()
	case <-time.After(next.after):
	}
	if next.err != nil {
		return nil, next.err
	}
	return response(next.status, next.body, next.header...), nil
}

// waits returns the pauses between requests.
func (s *script) waits() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []time.Duration
	for i := 1; i < len(s.at); i++ {
		out = append(out, s.at[i].Sub(s.at[i-1]))
	}
	return out
}

func play(t *testing.T, replies ...reply) (*script, *Client) {
	t.Helper()
	s := &script{replies: replies}
	return s, offline(t, s.RoundTrip)
}

func assertBackOff(t *testing.T, waits []time.Duration) {
	t.Helper()
	for i, wait := range waits {
		middle := 500 * time.Millisecond << i
		assert.InDelta(t, middle, wait, float64(middle)/4)
	}
}

func TestReadsAreRetried(t *testing.T) {
	t.Parallel()
	good := reply{status: 200, body: string(recorded(t, "user.json"))}
	for name, tc := range map[string]struct {
		replies  []reply
		requests int
		code     Code // "" is success
	}{
		"second works":  {[]reply{{status: 503}, good}, 2, ""},
		"third works":   {[]reply{{err: io.EOF}, {status: 500}, good}, 3, ""},
		"none works":    {[]reply{{status: 502, body: "<html>"}}, 3, Unavailable},
		"rate limit":    {[]reply{{status: 403, body: `{"detail":"Rate limit exceeded"}`}}, 3, RateLimited},
		"429":           {[]reply{{status: 429}, good}, 2, ""},
		"no connection": {[]reply{{err: syscall.ECONNREFUSED}}, 3, Unavailable},
		"last counts":   {[]reply{{status: 503}, {status: 404}}, 2, NotFound},
		"quota":         {[]reply{{status: 403, body: `{"detail":"Quota exceeded"}`}}, 1, Quota},
		"plan":          {[]reply{{status: 403, body: `{"detail":"Plan is expired"}`}}, 1, PlanExpired},
		"key":           {[]reply{{status: 401, body: `{"detail":"Unauthorized"}`}}, 1, BadKey},
		"not found":     {[]reply{{status: 404}}, 1, NotFound},
		"invalid":       {[]reply{{status: 422}}, 1, Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, c := play(t, tc.replies...)
				_, err := c.User(t.Context(), testUser)
				if tc.code == "" {
					require.NoError(t, err)
				} else {
					requireCode(t, tc.code, err)
				}
				assert.Len(t, s.at, tc.requests)
				assertBackOff(t, s.waits())
			})
		})
	}
}

func TestWritesAreSentOnce(t *testing.T) {
	t.Parallel()
	for op, call := range everyWrite {
		for _, failure := range []reply{
			{status: 503},
			{status: 429, header: []string{"Retry-After", "1"}},
			{err: io.EOF},
			{status: 200, body: `{"resu`},
			{hang: true},
		} {
			synctest.Test(t, func(t *testing.T) {
				s, c := play(t, failure)
				require.Error(t, call(t, c), op)
				assert.Len(t, s.at, 1, op)
			})
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	good := reply{status: 200, body: string(recorded(t, "user.json"))}
	for name, tc := range map[string]struct {
		status   int
		header   []string
		deadline time.Duration
		waited   time.Duration // -1: by the back-off; 0: not at all
		reported time.Duration // of the failure, if not waited for
	}{
		"seconds":                 {status: 503, header: []string{"Retry-After", "3"}, waited: 3 * time.Second},
		"ten seconds":             {status: 429, header: []string{"Retry-After", "10"}, waited: 10 * time.Second},
		"eleven seconds":          {status: 429, header: []string{"Retry-After", "11"}, reported: 11 * time.Second},
		"an hour":                 {status: 503, header: []string{"Retry-After", "3600"}, reported: time.Hour},
		"a year":                  {status: 503, header: []string{"Retry-After", "31536000"}, reported: 24 * time.Hour},
		"too long for the caller": {status: 429, header: []string{"Retry-After", "7"}, deadline: 5 * time.Second, reported: 7 * time.Second},
		"date against their clock": {
			status: 429, waited: 4 * time.Second,
			header: []string{"Date", "Tue, 05 Mar 2024 03:00:00 GMT", "Retry-After", "Tue, 05 Mar 2024 03:00:04 GMT"},
		},
		"date against ours":        {status: 429, header: []string{"Retry-After", "Sat, 01 Jan 2000 00:00:06 GMT"}, waited: 6 * time.Second},
		"past date":                {status: 429, header: []string{"Retry-After", "Fri, 31 Dec 1999 00:00:00 GMT"}, waited: -1},
		"zero":                     {status: 503, header: []string{"Retry-After", "0"}, waited: -1},
		"negative":                 {status: 503, header: []string{"Retry-After", "-5"}, waited: -1},
		"nonsense":                 {status: 503, header: []string{"Retry-After", "soon"}, waited: -1},
		"no time for the back-off": {status: 503, deadline: 100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // begins on 1 January 2000
				s, c := play(t, reply{status: tc.status, header: tc.header}, good)
				ctx := t.Context()
				if tc.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tc.deadline)
					defer cancel()
				}
				began := time.Now()
				_, err := c.User(ctx, testUser)
				switch {
				case tc.waited > 0:
					require.NoError(t, err)
					assert.Equal(t, []time.Duration{tc.waited}, s.waits())
				case tc.waited < 0:
					require.NoError(t, err)
					assert.Len(t, s.at, 2)
					assertBackOff(t, s.waits())
				default:
					require.Error(t, err)
					e, ok := errors.AsType[*Error](err)
					require.True(t, ok, "%v", err)
					assert.Equal(t, tc.status, e.Status)
					assert.Equal(t, tc.reported, e.RetryAfter)
					assert.Len(t, s.at, 1)
					assert.Zero(t, time.Since(began), "reported at once")
				}
			})
		})
	}
}

func TestHangingServer(t *testing.T) {
	t.Parallel()
	t.Run("without a deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, c := play(t, reply{hang: true})
			began := time.Now()
			_, err := c.User(t.Context(), testUser)
			requireCode(t, Unavailable, err)
			require.NotErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, callTimeout, time.Since(began))
			require.Len(t, s.at, 3)
			for i, wait := range s.waits() {
				assert.InDelta(t, attemptTimeout+500*time.Millisecond<<i, wait, float64(attemptTimeout))
				assert.GreaterOrEqual(t, wait, attemptTimeout)
			}
		})
	})
	t.Run("with a deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			_, c := play(t, reply{hang: true})
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
			defer cancel()
			began := time.Now()
			_, err := c.User(ctx, testUser)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, 4*time.Second, time.Since(began))
		})
	})
	t.Run("after an answer", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			_, c := play(t, reply{status: 503, body: `{"detail":"down"}`}, reply{hang: true})
			ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
			defer cancel()
			_, err := c.User(ctx, testUser)
			e := requireCode(t, Unavailable, err)
			assert.Equal(t, 503, e.Status)
			assert.Equal(t, "down", e.Detail)
		})
	})
	t.Run("an attempt", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s, c := play(t, reply{hang: true}, reply{status: 200, body: string(recorded(t, "user.json"))})
			_, err := c.User(t.Context(), testUser)
			require.NoError(t, err)
			assert.Len(t, s.at, 2)
		})
	})
}

// The same through a real connection, as far as no waiting is needed.
func TestHangingConnection(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	_, c := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	for op, call := range everyContext {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		require.ErrorIs(t, call(ctx, c), context.DeadlineExceeded, op)
		cancel()
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(30*time.Millisecond, cancel)
		require.ErrorIs(t, call(ctx, c), context.Canceled, op)
	}
}

var everyContext = map[string]func(context.Context, *Client) error{
	"user":    func(ctx context.Context, c *Client) error { _, err := c.User(ctx, testUser); return err },
	"session": func(ctx context.Context, c *Client) error { _, err := c.Session(ctx, testUser, testNight); return err },
	"nights": func(ctx context.Context, c *Client) error {
		_, err := c.Nights(ctx, testUser, date("2025-01-01"), date("2025-06-30"))
		return err
	},
	"recent": func(ctx context.Context, c *Client) error { _, err := c.RecentSessions(ctx, testUser); return err },
	"create": func(ctx context.Context, c *Client) error { _, err := c.CreateUser(ctx, nil); return err },
	"delete": func(ctx context.Context, c *Client) error { return c.DeleteUser(ctx, testUser) },
}

func TestContextThatIsOver(t *testing.T) {
	t.Parallel()
	s, c := serve(t, raw(500, ""))
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("a cause of the caller's"))
	for op, call := range everyContext {
		require.ErrorIs(t, call(ctx, c), context.Canceled, op)
	}
	assert.Empty(t, s.asked())
}

func TestCancelDuringAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := play(t, reply{status: 503, header: []string{"Retry-After", "8"}})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		began := time.Now()
		_, err := c.User(ctx, testUser)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, 2*time.Second, time.Since(began))
		assert.Len(t, s.at, 1)
	})
}

func TestPausesLeaveTheirSlot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := play(t, reply{status: 503, header: []string{"Retry-After", "8"}}, reply{status: 200, body: string(recorded(t, "user.json"))})
		c.slots = semaphore.NewWeighted(1)
		go func() { _, _ = c.User(t.Context(), testUser) }()
		synctest.Wait()
		_, err := c.User(t.Context(), testUser)
		require.NoError(t, err)
		assert.Equal(t, []time.Duration{0}, s.waits(), "the second caller need not wait for the first one's pause")
		time.Sleep(9 * time.Second) // on fake time
	})
}

func TestWaitingForASlotHonoursTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := play(t, reply{status: 200})
		require.True(t, c.slots.TryAcquire(defaultInFlight))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.User(ctx, testUser)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Empty(t, s.at)
	})
}

// A caller with its own deadline may queue for longer than the 30 seconds of one without.
func TestPatientCallersMayQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := play(t, reply{status: 200, body: string(recorded(t, "session.json"))})
		require.True(t, c.slots.TryAcquire(defaultInFlight))
		time.AfterFunc(2*callTimeout, func() { c.slots.Release(defaultInFlight) })
		ctx, cancel := context.WithTimeout(t.Context(), 3*callTimeout)
		defer cancel()
		_, err := c.Session(ctx, testUser, testNight)
		require.NoError(t, err)
	})
}

func TestNetworkFaultsInOurWords(t *testing.T) {
	t.Parallel()
	inURL := func(err error) error {
		return &url.Error{Op: "Get", URL: "https://service.invalid/ai/v1/users/" + testUser, Err: err}
	}
	for name, tc := range map[string]struct {
		err  error
		says string
	}{
		"refused":  {&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "connection refused"},
		"reset":    {&net.OpError{Op: "read", Err: syscall.ECONNRESET}, "connection reset"},
		"no host":  {&net.DNSError{Name: "service.invalid", IsNotFound: true}, "host name is not known"},
		"closed":   {io.ErrUnexpectedEOF, "closed without an answer"},
		"stranger": {errors.New("https://service.invalid/" + testUser), "the connection failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := play(t, reply{err: inURL(tc.err)})
			_, err := c.CreateUser(t.Context(), nil)
			e := requireCode(t, Unavailable, err)
			assert.Zero(t, e.Status)
			assert.ErrorContains(t, err, tc.says)
		})
	}
}

func TestCertificateIsChecked(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(raw(200, ""))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	c, err := New(s.URL, testKey)
	require.NoError(t, err)
	_, err = c.CreateUser(t.Context(), nil)
	requireCode(t, Unavailable, err)
	assert.ErrorContains(t, err, "certificate is not trusted")
}
