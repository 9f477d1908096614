package asleep

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/asleep-mcp/asleep-mcp/testdata"
)

const (
	prefix    = "/gateway/v9" // the base URL's own path
	testKey   = "key-4711-secret"
	testUser  = "G-20230601120000-AbCdEfGhIjKlMnOpQrSt"
	otherUser = "G-20230601120000-ZyXwVuTsRqPoNmLkJiHg"
	testNight = "20240305025029_k3x9p"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is a real HTTP server that remembers what it was asked.
type service struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request
}

// serve starts a server that answers with h below prefix, and returns a client of it.
func serve(t *testing.T, h http.HandlerFunc, opts ...Option) (*service, *Client) {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.Clone(t.Context()))
		s.mu.Unlock()
		if !strings.HasPrefix(r.URL.Path, prefix+"/") {
			http.Error(w, "outside the base path", http.StatusTeapot)
			return
		}
		h(w, r)
	}))
	t.Cleanup(s.Close)
	c, err := New(s.URL+prefix, testKey, opts...)
	require.NoError(t, err)
	t.Cleanup(c.transport.(*http.Transport).CloseIdleConnections)
	return s, c
}

// asked returns the requests so far.
func (s *service) asked() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.requests...)
}

// only returns the one request that was made.
func (s *service) only(t *testing.T) *http.Request {
	t.Helper()
	asked := s.asked()
	require.Len(t, asked, 1)
	return asked[0]
}

func recorded(t testing.TB, name string) []byte {
	t.Helper()
	b, err := testdata.Files.ReadFile(name)
	require.NoError(t, err)
	return b
}

// answer plays a recorded body.
func answer(t *testing.T, status int, name string) http.HandlerFunc {
	t.Helper()
	return raw(status, string(recorded(t, name)))
}

// raw plays a body as it is.
func raw(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// roundTrip is a transport without a network, for tests on fake time.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// offline returns a client on such a transport.
func offline(t *testing.T, f roundTrip) *Client {
	t.Helper()
	c, err := New("https://service.invalid", testKey)
	require.NoError(t, err)
	c.transport = f
	return c
}

// response is an answer for roundTrip; header holds names and values in turn.
func response(status int, body string, header ...string) *http.Response {
	rec := httptest.NewRecorder()
	for i := 0; i+1 < len(header); i += 2 {
		rec.Header().Set(header[i], header[i+1])
	}
	rec.WriteHeader(status)
	_, _ = rec.WriteString(body)
	return rec.Result()
}

// clock can be set; the client reads it from several goroutines.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func clockAt(s string) *clock { return &clock{t: instantOf(s)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func instantOf(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

func date(s string) civil.Date {
	d, err := civil.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// requireCode asserts err's code and that its text gives nothing away.
func requireCode(t *testing.T, want Code, err error) Error {
	t.Helper()
	var e *Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, want, e.Code, "%v", err)
	for _, secret := range []string{testKey, testUser, otherUser, testNight, "http://", "https://", "127.0.0.1"} {
		assert.NotContains(t, err.Error(), secret)
	}
	return *e
}

// everyRead calls each reading route.
var everyRead = map[string]func(*testing.T, *Client) error{
	getUser: func(t *testing.T, c *Client) error { _, err := c.User(t.Context(), testUser); return err },
	listSessions: func(t *testing.T, c *Client) error {
		_, err := c.ListSessions(t.Context(), testUser, ListOptions{})
		return err
	},
	getSession: func(t *testing.T, c *Client) error {
		_, err := c.Session(t.Context(), testUser, testNight)
		return err
	},
	averageStats: func(t *testing.T, c *Client) error {
		_, err := c.AverageStats(t.Context(), testUser, date("2025-01-14"), date("2025-01-16"), "")
		return err
	},
}

// everyWrite calls each changing route.
var everyWrite = map[string]func(*testing.T, *Client) error{
	createUser:    func(t *testing.T, c *Client) error { _, err := c.CreateUser(t.Context(), nil); return err },
	deleteUser:    func(t *testing.T, c *Client) error { return c.DeleteUser(t.Context(), testUser) },
	deleteSession: func(t *testing.T, c *Client) error { return c.DeleteSession(t.Context(), testUser, testNight) },
}
