package serve_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/skills"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// The people of the guarded server: anna and bo are members of north, sue of
// south. Nobody but an operator may see sue, except sue.
const (
	anna = "G-20260101000000-anna"
	bo   = "G-20260101000000-bo"
	sue  = "G-20260101000000-sue"

	apiKey = "secret-api-key"
)

var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// spy stands between the server and Asleep and remembers who was asked about.
type spy struct {
	next http.Handler
	mu   sync.Mutex
	seen []string // header and path of each request
}

func (s *spy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.seen = append(s.seen, r.Header.Get("x-user-id")+" "+r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
	s.mu.Unlock()
	s.next.ServeHTTP(w, r)
}

// asked is what was asked since the last time.
func (s *spy) asked() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := strings.Join(s.seen, "\n")
	s.seen = nil
	return all
}

// guarded is a server whose callers show static tokens.
type guarded struct {
	url    string
	server *serve.Server
	tokens map[string]string // by the name of who shows it
	spy    *spy
	logged *logBuffer
	store  *directory.Store
	ahead  atomic.Int64 // how far the clock is ahead of today
}

// entries are who shows tokens. "bare" ones have scopes that fit nothing they do.
var entries = []auth.Entry{
	{Name: "operator", Role: "operator", Scopes: []access.Scope{access.Admin}},
	{Name: "anna", Role: "user", User: anna, Scopes: []access.Scope{access.SleepWrite}},
	{Name: "coach", Role: "coach", User: bo, Organizations: []string{"north"}, Scopes: []access.Scope{access.SleepRead, access.OrgMembers}},
	{Name: "analyst", Role: "analyst", Organizations: []string{"north"}, Scopes: []access.Scope{access.OrgRead}},
	{Name: "bare-coach", Role: "coach", User: bo, Organizations: []string{"north"}, Scopes: []access.Scope{access.OrgRead}},
	{Name: "bare-operator", Role: "operator", Scopes: []access.Scope{access.SleepRead}},
}

func newGuarded(t *testing.T, change func(*serve.Options)) *guarded {
	t.Helper()
	g := &guarded{tokens: map[string]string{}, logged: &logBuffer{}}
	var people []sandbox.Person
	for i, id := range []string{anna, bo, sue} {
		people = append(people, sandbox.Generate(id, time.UTC, today.AddDate(0, 0, -30), today, uint64(i+1)))
	}
	now := func() time.Time { return today.Add(time.Duration(g.ahead.Load())) }
	g.spy = &spy{next: sandbox.New(sandbox.Options{Key: apiKey, Now: now, People: people})}
	upstream := httptest.NewServer(g.spy)
	t.Cleanup(upstream.Close)
	g.store = newStore(t)

	var file strings.Builder
	for _, e := range entries {
		token, line, err := auth.NewToken(e)
		require.NoError(t, err)
		g.tokens[e.Name] = token
		file.WriteString(line + "\n")
	}
	tokens, err := auth.ReadTokens(strings.NewReader(file.String()))
	require.NoError(t, err)
	gate, err := auth.New(auth.Options{Tokens: tokens, Directory: g.store})
	require.NoError(t, err)
	w := watch.New(watch.Options{Log: g.logged.logger(), Secret: []byte("secret")})
	client, err := asleep.New(upstream.URL, apiKey, asleep.WithClock(now), asleep.WithObserver(asleep.Observer{
		Attempt: func(ctx context.Context, route string) func(asleep.Code) {
			end := w.Attempt(ctx, route)
			return func(c asleep.Code) { end(string(c)) }
		},
		Lookup: w.Lookup,
	}))
	require.NoError(t, err)
	o := serve.Options{
		Version: "v1.2.3", Tools: tools.All(), Prompts: prompts.All(), Resources: prompts.Resources(), Skills: skills.All(), Log: g.logged.logger(), Watch: w,
		Deps: &tool.Deps{
			Client: client, Now: now, DataSource: "asleep", Zone: time.UTC,
			Directory: func(context.Context) (*directory.Store, error) { return g.store, nil },
		},
		HTTP: web.Settings{Gate: gate},
	}
	if change != nil {
		change(&o)
	}
	g.server, err = serve.New(o)
	require.NoError(t, err)
	g.url = newHTTP(t, g.server)
	return g
}

// worlds are where the nights of a guarded server come from: live, from an archive that
// holds everybody's, with nights of another tracker among them, and from that alone.
func worlds(t *testing.T) map[string]func(*serve.Options) {
	t.Helper()
	kept := func(alone bool) func(*serve.Options) {
		return func(o *serve.Options) {
			d := o.Deps
			store := archive.Lazy(filepath.Join(t.TempDir(), "nights.db"), d.Now)
			t.Cleanup(func() { assert.NoError(t, store.Close()) })
			for _, user := range []string{anna, bo, sue} {
				_, err := archive.Sync{Store: store, Service: d.Client, Key: apiKey}.Run(t.Context(), user)
				require.NoError(t, err)
				_, err = store.Import(t.Context(), user, map[string][]*asleep.Session{"oura": {importedSession}})
				require.NoError(t, err)
			}
			from := archive.Options{Key: apiKey, Keep: true, Now: d.Now, Live: d.Client}
			if alone {
				from.Live, d.Client = nil, nil
			}
			d.Archive = archive.NewSource(store, from)
		}
	}
	return map[string]func(*serve.Options){"live": nil, "kept": kept(false), "kept, without a key": kept(true)}
}

// importedSession is one of another tracker, before those of the service.
var importedSession = func() *asleep.Session {
	start := today.AddDate(0, 0, -40)
	end := start.Add(7 * time.Hour)
	return &asleep.Session{
		Recording: asleep.Recording{ID: "oura-1", State: asleep.Complete, Start: start, End: &end, CreatedTimezone: "UTC", Origin: &asleep.Origin{Tracker: "oura"}},
		Stat:      &asleep.Stat{SleepTime: &start, WakeTime: &end, TimeInBed: new(7 * 3600.0), TimeInSleep: new(6.5 * 3600)},
	}
}()

func newStore(t *testing.T) *directory.Store {
	t.Helper()
	store, err := directory.Open(t.Context(), filepath.Join(t.TempDir(), "directory.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	for _, m := range []struct{ organization, email, user string }{
		{"north", "anna@example.org", anna}, {"north", "bo@example.org", bo}, {"south", "sue@example.org", sue},
	} {
		err := store.CreateOrganization(t.Context(), directory.Organization{ID: m.organization, Name: m.organization})
		if err != nil {
			require.ErrorIs(t, err, directory.ErrExists)
		}
		r, err := store.Reserve(t.Context(), directory.Member{Organization: m.organization, Email: m.email})
		require.NoError(t, err)
		require.NoError(t, store.Confirm(t.Context(), r, m.user))
	}
	return store
}

// request is one to the guarded server with somebody's token, "" for none.
func (g *guarded) request(t *testing.T, who, method, path, body string) *http.Request {
	t.Helper()
	r := newRequest(t, method, g.url+path, body)
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+g.tokens[who])
	}
	return r
}

// rpc sends a legacy request of id 1 as somebody.
func (g *guarded) rpc(t *testing.T, who, method, params string) reply {
	t.Helper()
	return send(t, g.request(t, who, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":{`+params+`}}`))
}

// call calls a tool as somebody.
func (g *guarded) call(t *testing.T, who, tool, arguments string) reply {
	t.Helper()
	return g.rpc(t, who, "tools/call", `"name":"`+tool+`","arguments":{`+arguments+`}`)
}

func (g *guarded) get(t *testing.T, who, path string) reply {
	t.Helper()
	return send(t, g.request(t, who, http.MethodGet, path, ""))
}

// sessionOf is the newest session of a user, which an operator may know.
func (g *guarded) sessionOf(t *testing.T, user string) string {
	t.Helper()
	var listed struct {
		Sessions []struct {
			ID string `json:"session_id"`
		}
	}
	got := g.get(t, "operator", "/api/sessions?user_id="+user)
	require.Equal(t, http.StatusOK, got.status, got.body)
	require.NoError(t, json.Unmarshal([]byte(got.body), &listed))
	require.NotEmpty(t, listed.Sessions)
	return listed.Sessions[0].ID
}
