package auth_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
)

// newDirectory knows the logins anna (a person), coach, analyst and both.
func newDirectory(t *testing.T, issuer string) *directory.Store {
	t.Helper()
	store, err := directory.Open(t.Context(), filepath.Join(t.TempDir(), "directory.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	for _, organization := range []string{"north", "south"} {
		require.NoError(t, store.CreateOrganization(t.Context(), directory.Organization{ID: organization, Name: organization}))
	}
	for _, m := range []struct {
		login, organization string
		role                directory.Role
	}{
		{"anna", "north", directory.User},
		{"coach", "north", directory.Coach},
		{"analyst", "south", directory.Analyst},
		{"both", "north", directory.Analyst},
		{"both", "south", directory.Coach},
	} {
		r, err := store.Reserve(t.Context(), directory.Member{Organization: m.organization, Email: m.login + "@example.org", Role: m.role})
		require.NoError(t, err)
		require.NoError(t, store.Confirm(t.Context(), r, "U-"+m.login))
		require.NoError(t, store.MapSubject(t.Context(), issuer, m.login, "U-"+m.login))
	}
	return store
}

func newGate(t *testing.T, i *issuer, now func() time.Time) *auth.Gate {
	t.Helper()
	g, err := auth.New(auth.Options{Issuer: i.URL, Audience: audience, Directory: newDirectory(t, i.URL), Now: now})
	require.NoError(t, err)
	return g
}

// show sends a token to the gate.
func show(t *testing.T, g *auth.Gate, token string) (access.Principal, *auth.Refusal) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:80/mcp", nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return g.Authenticate(r)
}

func TestWhoIsCalling(t *testing.T) {
	t.Parallel()
	key := rsaPair(t, "1")
	i := newIssuer(t, key.public())
	g := newGate(t, i, nil)
	names := map[string]bool{}
	for subject, sees := range map[string]map[string]bool{
		"anna":    {"": true, "U-anna": true, "U-coach": false},
		"coach":   {"": true, "U-coach": true, "U-anna": true, "U-analyst": false},
		"analyst": {"": false, "U-analyst": false, "U-anna": false},
		"both":    {"": true, "U-both": true, "U-analyst": true, "U-anna": false},
		"nobody":  {"": false, "U-anna": false},
	} {
		caller, refusal := show(t, g, i.token(t, key, subject, map[string]any{"scope": "sleep:read org:members"}))
		require.Nil(t, refusal, subject)
		assert.Equal(t, i.URL, caller.Login().Issuer)
		assert.Equal(t, subject, caller.Login().Subject)
		assert.NotContains(t, caller.Name(), subject)
		names[caller.Name()] = true
		if subject != "nobody" {
			assert.Equal(t, "U-"+subject, caller.Self())
		}
		for user, want := range sees {
			_, err := access.Resolve(access.With(t.Context(), caller), user)
			assert.Equal(t, want, err == nil, "%s asks about %q: %v", subject, user, err)
		}
	}
	assert.Len(t, names, 5, "everybody has a name of their own")
}

func TestScopesOfTokens(t *testing.T) {
	t.Parallel()
	key := edPair(t, "1")
	i := newIssuer(t, key.public())
	g := newGate(t, i, nil)
	for name, c := range map[string]struct {
		changes map[string]any
		may     bool
	}{
		"scope":         {map[string]any{"scope": "openid sleep:read"}, true},
		"scope holding": {map[string]any{"scope": "sleep:write"}, true},
		"scope list":    {map[string]any{"scope": []string{"openid", "sleep:read"}}, true},
		"scp":           {map[string]any{"scope": nil, "scp": "sleep:read"}, true},
		"scp list":      {map[string]any{"scope": nil, "scp": []string{"sleep:read"}}, true},
		"none":          {map[string]any{"scope": nil}, false},
		"empty":         {map[string]any{"scope": ""}, false},
		"other":         {map[string]any{"scope": "sleep:readx"}, false},
		"beyond role":   {map[string]any{"scope": "org:read"}, false},
	} {
		caller, refusal := show(t, g, i.token(t, key, "anna", c.changes))
		require.Nil(t, refusal, name)
		assert.Equal(t, c.may, caller.May(access.SleepRead), name)
		assert.False(t, caller.May(access.OrgRead), name)
	}
	_, refusal := show(t, g, i.token(t, key, "anna", map[string]any{"scope": 7}))
	require.NotNil(t, refusal, "a scope that is no text")
}

func TestAlgorithms(t *testing.T) {
	t.Parallel()
	for _, key := range []pair{rsaPair(t, "1"), ecPair(t, "1"), edPair(t, "1")} {
		i := newIssuer(t, key.public())
		_, refusal := show(t, newGate(t, i, nil), i.token(t, key, "anna", nil))
		assert.Nil(t, refusal, key.alg)
	}
}

// forgeries are tokens that must not count, each wrong in one way.
func forgeries(t *testing.T, i *issuer, key, other pair) map[string]string {
	t.Helper()
	kid := map[string]any{"kid": key.kid}
	der, err := x509.MarshalPKIXPublicKey(key.private.Public())
	require.NoError(t, err)
	publicPEM := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	good := i.token(t, key, "anna", nil)
	parts := strings.Split(good, ".")
	encode := base64.RawURLEncoding.EncodeToString
	unsigned := func(alg string) string {
		return encode([]byte(`{"alg":"`+alg+`","kid":"1"}`)) + "." + parts[1] + "."
	}
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	changed := func(changes map[string]any) string { return i.token(t, key, "anna", changes) }
	all := map[string]string{
		"alg none":              unsigned("none"),
		"alg None":              unsigned("None"),
		"no alg":                encode([]byte(`{"kid":"1"}`)) + "." + parts[1] + "." + parts[2],
		"HS256 with public PEM": sign(t, jose.HS256, publicPEM, kid, i.claims("anna", nil)),
		"HS256 with public DER": sign(t, jose.HS256, der, kid, i.claims("anna", nil)),
		"PS256":                 sign(t, jose.PS256, key.private, kid, i.claims("anna", nil)),
		"RS512 for RS256 key":   sign(t, jose.RS512, key.private, kid, i.claims("anna", nil)),
		"other key, its own id": i.token(t, other, "anna", nil),
		"other key, our id":     sign(t, other.alg, other.private, kid, i.claims("anna", nil)),
		"other key, no id":      sign(t, other.alg, other.private, nil, i.claims("anna", nil)),
		"id as path":            sign(t, key.alg, key.private, map[string]any{"kid": "../1"}, i.claims("anna", nil)),
		"other issuer":          changed(map[string]any{"iss": "https://evil.example"}),
		"issuer with slash":     changed(map[string]any{"iss": i.URL + "/"}),
		"no issuer":             changed(map[string]any{"iss": nil}),
		"other audience":        changed(map[string]any{"aud": "https://other.example.org/mcp"}),
		"audience prefix":       changed(map[string]any{"aud": audience + "/"}),
		"audiences":             changed(map[string]any{"aud": []string{"a", "b"}}),
		"no audience":           changed(map[string]any{"aud": nil}),
		"expired":               changed(map[string]any{"exp": ago(time.Second)}),
		"no expiry":             changed(map[string]any{"exp": nil}),
		"expiry a text":         changed(map[string]any{"exp": "tomorrow"}),
		"not yet valid":         changed(map[string]any{"nbf": ago(-10 * time.Minute)}),
		"valid after 9.3e18 s":  changed(map[string]any{"nbf": json.Number("9300000000000000000")}),
		"valid after 1e400 s":   changed(map[string]any{"nbf": json.Number("1e400")}),
		"valid for 1e18 s":      changed(map[string]any{"exp": json.Number("1e18")}),
		"no subject":            changed(map[string]any{"sub": nil}),
		"subject not printable": changed(map[string]any{"sub": "an\x00na"}),
		"an ID token's type":    sign(t, key.alg, key.private, map[string]any{"kid": key.kid, "typ": "logout+jwt"}, i.claims("anna", nil)),
		"a type that is none":   sign(t, key.alg, key.private, map[string]any{"kid": key.kid, "typ": 5}, i.claims("anna", nil)),
		"SUB beside sub":        changed(map[string]any{"SUB": "coach"}),
		"Sub for sub":           changed(map[string]any{"sub": nil, "Sub": "anna"}),
		"sub with a long s":     changed(map[string]any{"\u017fub": "coach"}),
		"EXP beside exp":        changed(map[string]any{"exp": ago(time.Hour), "EXP": ago(-time.Hour)}),
		"AUD beside aud":        changed(map[string]any{"aud": "https://other.example.org/mcp", "AUD": audience}),
		"Scope beside scope":    changed(map[string]any{"scope": "", "Scope": "admin"}),
		"subject twice":         sign(t, key.alg, key.private, kid, json.RawMessage(`{"sub":"coach",`+decode(t, parts[1])[1:])),
		"claims changed":        parts[0] + "." + encode([]byte(strings.Replace(decode(t, parts[1]), `"anna"`, `"coach"`, 1))) + "." + parts[2],
		"no signature":          parts[0] + "." + parts[1] + ".",
		"two parts":             parts[0] + "." + parts[1],
		"five parts":            good + ".a.b",
		"JSON":                  `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
		"no token":              "garbage",
		"static":                "asleep_ABCDEFGHIJKLMNOPQRSTUVWXYZ",
		"two":                   good + "," + good,
		"huge":                  parts[0] + "." + strings.Repeat("A", 64<<10) + "." + parts[2],
		"key of its own":        embedded(t, i, other),
		"critical extension":    sign(t, key.alg, key.private, map[string]any{"kid": key.kid, "crit": []string{"exp"}, "exp": 1}, i.claims("anna", nil)),
		"unencoded payload":     parts[0] + "." + encode([]byte(`{"alg":"RS256","b64":false,"crit":["b64"],"kid":"1"}`)) + "." + parts[2],
		"encrypted":             encode([]byte(`{"alg":"dir","enc":"A128GCM"}`)) + "..." + parts[1] + "." + parts[2],
		"claims twice":          i.token(t, key, "anna", nil) + good,
		"deep header":           encode([]byte(`{"alg":"RS256","kid":"1","x":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+`}`)) + "." + parts[1] + "." + parts[2],
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { assert.Fail(t, "asked where a token said") }))
	t.Cleanup(elsewhere.Close)
	for _, where := range []string{"jku", "x5u"} {
		all[where] = sign(t, other.alg, other.private, map[string]any{"kid": other.kid, where: elsewhere.URL}, i.claims("anna", nil))
		all[where+", our id"] = sign(t, other.alg, other.private, map[string]any{"kid": key.kid, where: elsewhere.URL}, i.claims("anna", nil))
	}
	return all
}

// embedded is a token that brings the key it is to be checked with.
func embedded(t *testing.T, i *issuer, p pair) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: p.alg, Key: p.private}, (&jose.SignerOptions{EmbedJWK: true}).WithType("at+jwt"))
	require.NoError(t, err)
	signed, err := signer.Sign([]byte(`{"iss":"` + i.URL + `","sub":"anna","aud":"` + audience + `","exp":9999999999}`))
	require.NoError(t, err)
	compact, err := signed.CompactSerialize()
	require.NoError(t, err)
	return compact
}

func decode(t *testing.T, part string) string {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(part)
	require.NoError(t, err)
	return string(b)
}

func TestForgedTokens(t *testing.T) {
	t.Parallel()
	key, other := rsaPair(t, "1"), rsaPair(t, "2")
	i := newIssuer(t, key.public())
	g := newGate(t, i, nil)
	_, refusal := show(t, g, i.token(t, key, "anna", nil))
	require.Nil(t, refusal, "the one that counts")
	for name, token := range forgeries(t, i, key, other) {
		caller, refusal := show(t, g, token)
		if assert.NotNil(t, refusal, name) {
			assert.Equal(t, http.StatusUnauthorized, refusal.Status, name)
			assert.Contains(t, refusal.Challenge, `error="invalid_token"`, name)
			assert.Contains(t, refusal.Challenge, `resource_metadata="http://127.0.0.1:80`+auth.MetadataPath+`"`)
			assert.NotContains(t, refusal.Challenge+refusal.Text, "anna", name)
		}
		assert.Equal(t, access.Principal{}, caller, name)
	}
}

func TestWhereTheTokenStands(t *testing.T) {
	t.Parallel()
	key := rsaPair(t, "1")
	i := newIssuer(t, key.public())
	g := newGate(t, i, nil)
	good := i.token(t, key, "anna", nil)
	for name, c := range map[string]struct {
		query  string
		header []string
		want   int
	}{
		"header":           {header: []string{"Bearer " + good}, want: 0},
		"lower case":       {header: []string{"bearer " + good}, want: 0},
		"query":            {query: "?access_token=" + good, want: 400},
		"query and header": {query: "?access_token=" + good, header: []string{"Bearer " + good}, want: 400},
		"two headers":      {header: []string{"Bearer " + good, "Bearer " + good}, want: 400},
		"no scheme":        {header: []string{good}, want: 401},
		"basic":            {header: []string{"Basic " + good}, want: 401},
		"no token":         {header: []string{"Bearer "}, want: 401},
		"blanks":           {header: []string{"Bearer  " + good}, want: 401},
		"nothing":          {want: 401},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp"+c.query, nil)
		r.Header["Authorization"] = c.header
		_, refusal := g.Authenticate(r)
		got := 0
		if refusal != nil {
			got = refusal.Status
		}
		assert.Equal(t, c.want, got, name)
	}
	_, refusal := show(t, g, "")
	require.NotNil(t, refusal)
	assert.NotContains(t, refusal.Challenge, "error=", "nothing was wrong with the token: there was none")
	assert.Contains(t, refusal.Challenge, `scope="sleep:read sleep:write"`)
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	first, second := rsaPair(t, "1"), ecPair(t, "2")
	i := newIssuer(t, first.public())
	var ahead atomic.Int64
	g := newGate(t, i, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	admitted := func(p pair) bool {
		_, refusal := show(t, g, i.token(t, p, "anna", map[string]any{"exp": time.Now().Add(24 * time.Hour).Unix()}))
		return refusal == nil
	}
	require.True(t, admitted(first))

	i.change(func() { i.public = []jose.JSONWebKey{first.public(), second.public()} })
	assert.False(t, admitted(second), "the keys were read a moment ago")
	assert.Equal(t, 1, i.reads)
	ahead.Store(int64(10 * time.Second))
	assert.True(t, admitted(second))
	assert.Equal(t, 2, i.reads)

	i.change(func() { i.public = []jose.JSONWebKey{second.public()} })
	ahead.Store(int64(9 * time.Minute))
	assert.True(t, admitted(first), "not noticed yet")
	ahead.Store(int64(11 * time.Minute))
	assert.False(t, admitted(first), "withdrawn")
	assert.True(t, admitted(second))

	i.change(func() { i.down = true })
	ahead.Store(int64(60 * time.Minute))
	assert.True(t, admitted(second), "a provider that is down for a while does no harm")
	ahead.Store(int64(90 * time.Minute))
	_, refusal := show(t, g, i.token(t, second, "anna", map[string]any{"exp": time.Now().Add(24 * time.Hour).Unix()}))
	require.NotNil(t, refusal)
	assert.Equal(t, http.StatusServiceUnavailable, refusal.Status)
	assert.Equal(t, 10*time.Second, refusal.RetryAfter)
	assert.Empty(t, refusal.Challenge)
}

func TestUnknownKeyIDsDoNotReachTheIssuer(t *testing.T) {
	t.Parallel()
	key, other := rsaPair(t, "1"), edPair(t, "made up")
	i := newIssuer(t, key.public())
	g := newGate(t, i, nil)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, refusal := show(t, g, i.token(t, other, "anna", nil))
			assert.NotNil(t, refusal)
		})
	}
	all.Wait()
	assert.LessOrEqual(t, i.reads, 1)
}

// The first callers come together, before any key was read.
func TestManyAtFirst(t *testing.T) {
	t.Parallel()
	key := rsaPair(t, "1")
	i := newIssuer(t, key.public())
	g := newGate(t, i, nil)
	token := i.token(t, key, "anna", nil)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			_, refusal := show(t, g, token)
			assert.Nil(t, refusal)
		})
	}
	all.Wait()
	assert.Equal(t, 1, i.reads)
}

func TestProviderIsNotOne(t *testing.T) {
	t.Parallel()
	key := rsaPair(t, "1")
	honest := newIssuer(t, key.public())
	for name, spoil := range map[string]func(*issuer){
		"down": func(i *issuer) { i.down = true },
		"other issuer": func(i *issuer) {
			i.discover = map[string]any{"issuer": "https://evil.example", "jwks_uri": i.URL + "/keys"}
		},
		"no keys":        func(i *issuer) { i.public = nil },
		"no jwks_uri":    func(i *issuer) { i.discover = map[string]any{"issuer": i.URL} },
		"symmetric keys": func(i *issuer) { i.public = []jose.JSONWebKey{{Key: []byte("secret"), KeyID: "1"}} },
		"private keys":   func(i *issuer) { i.public = []jose.JSONWebKey{{Key: key.private, KeyID: "1"}} },
		"HTML": func(i *issuer) {
			i.instead = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>Sign in</html>") }
		},
		"discovery elsewhere": func(i *issuer) {
			i.instead = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, honest.URL+r.URL.Path, http.StatusFound)
			}
		},
		"keys elsewhere": func(i *issuer) {
			i.instead = func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/keys" {
					http.Redirect(w, r, honest.URL+r.URL.Path, http.StatusFound)
					return
				}
				_ = json.NewEncoder(w).Encode(map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
			}
		},
		"keys without end": func(i *issuer) {
			i.instead = func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/keys" {
					_ = json.NewEncoder(w).Encode(map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
					return
				}
				sent, err := 0, error(nil)
				for n := 0; err == nil; sent += n {
					n, err = io.WriteString(w, `{"keys":[`+strings.Repeat(`{"kty":"oct"},`, 4096))
				}
				assert.Less(t, sent, 32<<20, "cut off")
			}
		},
	} {
		i := newIssuer(t, key.public())
		i.change(func() { spoil(i) })
		_, refusal := show(t, newGate(t, i, nil), i.token(t, key, "anna", nil))
		if assert.NotNil(t, refusal, name) {
			assert.Equal(t, http.StatusServiceUnavailable, refusal.Status, name)
		}
	}
}

// A provider that hangs holds up one caller for a while, not every one: keys that
// were read are good for an hour.
func TestProviderHangs(t *testing.T) {
	t.Parallel()
	key := rsaPair(t, "1")
	i := newIssuer(t, key.public())
	var ahead atomic.Int64
	var logged bytes.Buffer
	g, err := auth.New(auth.Options{
		Issuer: i.URL, Audience: audience, Directory: newDirectory(t, i.URL), Log: slog.New(slog.NewTextHandler(&logged, nil)),
		Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
	})
	require.NoError(t, err)
	token := i.token(t, key, "anna", map[string]any{"exp": time.Now().Add(24 * time.Hour).Unix()})
	admitted := func() bool {
		_, refusal := show(t, g, token)
		return refusal == nil
	}
	require.True(t, admitted())
	i.change(func() { i.down = true })
	ahead.Store(int64(11 * time.Minute))
	require.True(t, admitted(), "waits for the answer, and does without")
	assert.Contains(t, logged.String(), "discovery document cannot be read")
	assert.NotContains(t, logged.String(), "127.0.0.1")

	hangs, asked := make(chan struct{}), make(chan struct{}, 10)
	i.change(func() {
		i.down = false
		i.instead = func(w http.ResponseWriter, r *http.Request) {
			asked <- struct{}{}
			select {
			case <-hangs:
				i.answer(w, r)
			case <-r.Context().Done():
			}
		}
	})
	ahead.Store(int64(12 * time.Minute))
	assert.True(t, admitted())
	<-asked
	for range 5 {
		assert.True(t, admitted(), "while it hangs")
	}
	assert.Empty(t, asked)
	close(hangs)
	// Had anybody waited for it, it would have been given up, and the next one is not
	// due: the clock stands.
	assert.Eventually(t, func() bool { return i.keysRead() == 2 }, time.Minute, 10*time.Millisecond, "somebody waited for it")
	assert.True(t, admitted())
}

// A key that is not known may be a new one as long as the provider does not tell its
// keys: its caller is to come back, not to get another token.
func TestKeyMayBeNew(t *testing.T) {
	t.Parallel()
	first, second := rsaPair(t, "1"), ecPair(t, "2")
	i := newIssuer(t, first.public())
	var ahead atomic.Int64
	g := newGate(t, i, func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) })
	status := func() int {
		_, refusal := show(t, g, i.token(t, second, "anna", nil))
		if refusal == nil {
			return http.StatusOK
		}
		return refusal.Status
	}
	require.Equal(t, http.StatusUnauthorized, status(), "the provider has no such key")
	i.change(func() { i.down, i.public = true, []jose.JSONWebKey{second.public()} })
	ahead.Store(int64(20 * time.Second))
	require.Equal(t, http.StatusServiceUnavailable, status())
	assert.Equal(t, http.StatusServiceUnavailable, status(), "asked again before the keys are")
	i.change(func() { i.down = false })
	ahead.Store(int64(40 * time.Second))
	assert.Equal(t, http.StatusOK, status())
}

func TestDirectoryIsGone(t *testing.T) {
	t.Parallel()
	key := rsaPair(t, "1")
	i := newIssuer(t, key.public())
	directory, err := directory.Open(t.Context(), filepath.Join(t.TempDir(), "directory.db"))
	require.NoError(t, err)
	var logged bytes.Buffer
	g, err := auth.New(auth.Options{Issuer: i.URL, Audience: audience, Directory: directory, Log: slog.New(slog.NewTextHandler(&logged, nil))})
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", nil)
	r.Header.Set("Authorization", "Bearer "+i.token(t, key, "anna", nil))
	_, refusal := g.Authenticate(r)
	require.Nil(t, refusal)

	left, leave := context.WithCancel(t.Context())
	leave()
	_, refusal = g.Authenticate(r.WithContext(left))
	require.NotNil(t, refusal)
	assert.Empty(t, logged.String(), "a caller who leaves is no trouble of the directory")

	require.NoError(t, directory.Close())
	_, refusal = g.Authenticate(r)
	require.NotNil(t, refusal)
	assert.Equal(t, http.StatusServiceUnavailable, refusal.Status)
	assert.Contains(t, logged.String(), "a caller was not looked up")
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	g := newGate(t, i, nil)
	require.True(t, g.HasMetadata())
	w := httptest.NewRecorder()
	g.ServeMetadata(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost:1234"+auth.MetadataPath, nil))
	assert.JSONEq(t, `{"resource":"http://localhost:1234/mcp","authorization_servers":["`+i.URL+`"],"scopes_supported":["sleep:read","sleep:write"],
		"bearer_methods_supported":["header"],"resource_name":"asleep-mcp"}`, w.Body.String())

	refusal := g.Insufficient(httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", nil), access.SleepRead, access.OrgRead)
	assert.Equal(t, http.StatusForbidden, refusal.Status)
	assert.Contains(t, refusal.Challenge, `error="insufficient_scope", scope="sleep:read org:read"`)
}

// A login joins a member only by an e-mail that the provider says it verified, only
// where that is switched on, and says so once.
func TestJoiningByEmail(t *testing.T) {
	t.Parallel()
	key := edPair(t, "1")
	i := newIssuer(t, key.public())
	store := newDirectory(t, i.URL)
	r, err := store.Reserve(t.Context(), directory.Member{Organization: "north", Email: "new@example.org", Role: directory.Coach})
	require.NoError(t, err)
	require.NoError(t, store.Confirm(t.Context(), r, "U-new"))
	var joined []string
	gate := func(join bool) *auth.Gate {
		g, err := auth.New(auth.Options{
			Issuer: i.URL, Audience: audience, Directory: store, JoinByEmail: join,
			Joined: func(_ context.Context, login string) { joined = append(joined, login) },
		})
		require.NoError(t, err)
		return g
	}
	on, off := gate(true), gate(false)
	self := func(g *auth.Gate, subject string, changes map[string]any) string {
		p, refusal := show(t, g, i.token(t, key, subject, changes))
		require.Nil(t, refusal)
		return p.Self()
	}
	verified := map[string]any{"email": "New@example.org", "email_verified": true}
	assert.Empty(t, self(off, "new", verified), "it is off by default")
	for name, changes := range map[string]map[string]any{
		"not verified":    {"email": "new@example.org", "email_verified": false},
		"not said":        {"email": "new@example.org"},
		"said elsewhere":  {"email": "new@example.org", "email_verified": []bool{true}},
		"nobody's e-mail": {"email": "nobody@example.org", "email_verified": true},
		"no e-mail":       {"email": "new", "email_verified": true},
		"a taken one":     {"email": "anna@example.org", "email_verified": true},
	} {
		assert.Empty(t, self(on, "new", changes), name)
	}
	_, refusal := show(t, on, i.token(t, key, "new", map[string]any{"EMAIL": "new@example.org", "email_verified": true}))
	assert.NotNil(t, refusal, "a claim that can be read in two ways")
	assert.Empty(t, joined)

	assert.Equal(t, "U-new", self(on, "new", map[string]any{"email": "New@example.org", "email_verified": "true"}))
	assert.Equal(t, "U-new", self(off, "new", nil), "from then on without the e-mail")
	assert.Equal(t, "U-new", self(on, "new", verified))
	require.Len(t, joined, 1)
	assert.Regexp(t, "^login:[0-9a-f]{32}$", joined[0])
	assert.Empty(t, self(on, "their successor", verified), "an e-mail that was given to somebody else")
}
