package asleep

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNew(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		base, key string
		opts      []Option
		want      string // "" is no error
	}{
		"default":          {base: DefaultBaseURL, key: testKey},
		"base path":        {base: "http://127.0.0.1:1/a/b/", key: testKey},
		"no key":           {base: DefaultBaseURL, want: "the API key is empty"},
		"key with break":   {base: DefaultBaseURL, key: testKey + "\n", want: "blanks, control characters"},
		"key of two words": {base: DefaultBaseURL, key: "two words", want: "blanks, control characters"},
		"no base":          {key: testKey, want: "must start with http"},
		"other scheme":     {base: "ftp://api.asleep.ai", key: testKey, want: "must start with http"},
		"key in clear":     {base: "http://api.asleep.ai", key: testKey, want: "unencrypted"},
		"to a neighbour":   {base: "http://10.0.0.7:8080", key: testKey, want: "unencrypted"},
		"to a name":        {base: "http://localhost.example.org", key: testKey, want: "unencrypted"},
		"allowed":          {base: "http://sandbox:8080", key: testKey, opts: []Option{WithPlainHTTP()}},
		"this machine":     {base: "http://localhost:8080", key: testKey},
		"this machine, v6": {base: "http://[::1]:8080", key: testKey},
		"no host":          {base: "https://:443", key: testKey, want: "names no host"},
		"unreadable":       {base: "https://api.asleep.ai/%zz", key: testKey, want: "cannot be read"},
		"password":         {base: "https://a:secret@api.asleep.ai", key: testKey, want: "must not hold a user"},
		"query":            {base: "https://api.asleep.ai?a=secret", key: testKey, want: "must not hold a query"},
		"no clock":         {base: DefaultBaseURL, key: testKey, opts: []Option{WithClock(nil)}, want: "the clock is nil"},
		"nothing allowed":  {base: DefaultBaseURL, key: testKey, opts: []Option{WithMaxInFlight(0)}, want: "at least one"},
		"user agent":       {base: DefaultBaseURL, key: testKey, opts: []Option{WithUserAgent("a\nb")}, want: "user agent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := New(tc.base, tc.key, tc.opts...)
			if tc.want == "" {
				require.NoError(t, err)
				assert.NotNil(t, c)
				return
			}
			require.ErrorContains(t, err, tc.want)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestRequests(t *testing.T) {
	t.Parallel()
	year := 1990
	for name, tc := range map[string]struct {
		call                   func(*Client) error
		body                   string // recorded answer; "" is 204
		method, path           string
		query                  url.Values
		user, zone, wantedBody string
	}{
		"create user": {
			call: func(c *Client) error { _, err := c.CreateUser(t.Context(), nil); return err },
			body: "user_created.json", method: "POST", path: "/ai/v1/users",
		},
		"create user with metadata": {
			call: func(c *Client) error { _, err := c.CreateUser(t.Context(), &Metadata{BirthYear: &year}); return err },
			body: "user_created.json", method: "POST", path: "/ai/v1/users", wantedBody: `{"metadata":{"birth_year":1990}}`,
		},
		"user": {
			call: func(c *Client) error { _, err := c.User(t.Context(), testUser); return err },
			body: "user.json", method: "GET", path: "/ai/v1/users/" + testUser,
		},
		"delete user": {
			call:   func(c *Client) error { return c.DeleteUser(t.Context(), testUser) },
			method: "DELETE", path: "/ai/v1/users/" + testUser,
		},
		"session": {
			call: func(c *Client) error { _, err := c.Session(t.Context(), testUser, testNight); return err },
			body: "session.json", method: "GET", path: "/data/v3/sessions/" + testNight, user: testUser, zone: "UTC",
		},
		"delete session": {
			call:   func(c *Client) error { return c.DeleteSession(t.Context(), testUser, testNight) },
			method: "DELETE", path: "/ai/v1/sessions/" + testNight, user: testUser,
		},
		"list": {
			call: func(c *Client) error { _, err := c.ListSessions(t.Context(), testUser, ListOptions{}); return err },
			body: "session_list.json", method: "GET", path: "/data/v1/sessions", user: testUser, zone: "UTC",
			query: url.Values{"order_by": {"DESC"}, "offset": {"0"}, "limit": {"100"}},
		},
		"list with options": {
			call: func(c *Client) error {
				_, err := c.ListSessions(t.Context(), testUser, ListOptions{
					From: date("2025-01-01"), To: date("2025-01-31"), Timezone: "Asia/Seoul", Ascending: true, Offset: 7, Limit: 3,
				})
				return err
			},
			body: "session_list.json", method: "GET", path: "/data/v1/sessions", user: testUser, zone: "Asia/Seoul",
			query: url.Values{
				"order_by": {"ASC"}, "offset": {"7"}, "limit": {"3"}, "date_gte": {"2025-01-01"}, "date_lte": {"2025-01-31"},
			},
		},
		"average stats": {
			call: func(c *Client) error {
				_, err := c.AverageStats(t.Context(), testUser, date("2025-01-14"), date("2025-01-16"), "Asia/Seoul")
				return err
			},
			body: "average_stats.json", method: "GET", path: "/data/v1/users/" + testUser + "/average-stats", zone: "Asia/Seoul",
			query: url.Values{"start_date": {"2025-01-14"}, "end_date": {"2025-01-16"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sent string
			status, body := http.StatusNoContent, ""
			if tc.body != "" {
				status, body = http.StatusOK, string(recorded(t, tc.body))
			}
			s, c := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.ContentLength > 0 {
					var v any
					assert.NoError(t, json.NewDecoder(r.Body).Decode(&v))
					b, _ := json.Marshal(v)
					sent = string(b)
				}
				raw(status, body)(w, r)
			}, WithUserAgent("a test"))
			require.NoError(t, tc.call(c))

			r := s.only(t)
			assert.Equal(t, tc.method, r.Method)
			assert.Equal(t, prefix+tc.path, r.URL.Path)
			assert.Equal(t, tc.query.Encode(), r.URL.Query().Encode())
			assert.Equal(t, []string{testKey}, r.Header["X-Api-Key"])
			assert.Equal(t, tc.user, r.Header.Get("x-user-id"))
			assert.Equal(t, tc.zone, r.Header.Get("timezone"))
			assert.Equal(t, "a test", r.Header.Get("User-Agent"))
			assert.NotContains(t, r.URL.String(), testKey)
			assert.Equal(t, tc.wantedBody, sent)
			assert.Equal(t, tc.wantedBody != "", r.Header.Get("Content-Type") != "")
		})
	}
}
