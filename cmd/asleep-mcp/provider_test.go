package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// provider is a real OpenID provider, zitadel/oidc's, which signs everybody in as the same
// person at once.
type provider struct {
	*httptest.Server
	redirect string
	audience string
}

const (
	clientID = "mcp-client"
	person   = "id1" // the subject of tokens
)

// newProvider starts a provider whose tokens are made for audience. redirect is where its
// only client waits.
func newProvider(t testing.TB, audience, redirect string) *provider {
	t.Helper()
	p := &provider{redirect: redirect, audience: audience}
	mux := http.NewServeMux()
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	kept := &accounts{Storage: storage.NewStorage(storage.NewUserStore(p.URL)), provider: p}
	key := sha256.Sum256([]byte("a key for tests"))
	served, err := op.NewProvider(&op.Config{CryptoKey: key, CryptoKeyId: "1", CodeMethodS256: true}, kept, op.StaticIssuer(p.URL), op.WithAllowInsecure())
	require.NoError(t, err)
	mux.Handle("/", served)
	mux.Handle("/login", op.NewIssuerInterceptor(served.IssuerFromRequest).HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.URL.Query().Get("id")
		if err := kept.CheckUsernamePassword("test-user@127.0.0.1", "verysecure", id); err != nil {
			http.Error(w, err.Error(), http.StatusForbidden)
			return
		}
		http.Redirect(w, r, op.AuthCallbackURL(served)(r.Context(), id), http.StatusFound)
	}))
	return p
}

// accounts is the example storage of zitadel/oidc, with our own client and with JWTs for
// the audience as tokens.
type accounts struct {
	*storage.Storage
	provider *provider
}

func (a *accounts) GetClientByClientID(context.Context, string) (op.Client, error) {
	return nativeClient{storage.NativeClient(clientID, a.provider.redirect)}, nil
}

func (a *accounts) AuthRequestByCode(ctx context.Context, code string) (op.AuthRequest, error) {
	r, err := a.Storage.AuthRequestByCode(ctx, code)
	if err != nil {
		return nil, err
	}
	return forAudience{r, a.provider.audience}, nil
}

//nolint:unparam // the interface wants it
func (a *accounts) GetPrivateClaimsFromRequest(_ context.Context, r op.TokenRequest, _ []string) (map[string]any, error) {
	return map[string]any{"scope": strings.Join(r.GetScopes(), " ")}, nil
}

type nativeClient struct{ *storage.Client }

func (nativeClient) LoginURL(id string) string           { return "/login?id=" + url.QueryEscape(id) }
func (nativeClient) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }
func (nativeClient) DevMode() bool                       { return true }
func (nativeClient) IsScopeAllowed(string) bool          { return true }

type forAudience struct {
	op.AuthRequest
	audience string
}

func (f forAudience) GetAudience() []string { return []string{f.audience} }

// token gets an access token with these scopes, in the way a client does.
func (p *provider) token(t testing.TB, scopes string) string {
	t.Helper()
	const verifier = "a verifier that is long enough for the rules of PKCE"
	sum := sha256.Sum256([]byte(strings.ReplaceAll(verifier, " ", "-")))
	ask := p.URL + "/authorize?" + url.Values{
		"client_id": {clientID}, "redirect_uri": {p.redirect}, "response_type": {"code"}, "scope": {scopes}, "state": {"s"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode()
	var code string
	browser := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), p.redirect) {
			code = r.URL.Query().Get("code")
			return http.ErrUseLastResponse
		}
		return nil
	}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ask, nil)
	require.NoError(t, err)
	response, err := browser.Do(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.NotEmpty(t, code, "%s %s", response.Status, response.Header.Get("Location"))

	form := url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {p.redirect}, "client_id": {clientID},
		"code_verifier": {strings.ReplaceAll(verifier, " ", "-")},
	}
	r, err = http.NewRequestWithContext(t.Context(), http.MethodPost, p.URL+"/oauth/token", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err = http.DefaultClient.Do(r)
	require.NoError(t, err)
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	require.NoError(t, json.NewDecoder(response.Body).Decode(&answer))
	require.NoError(t, response.Body.Close())
	require.NotEmpty(t, answer.AccessToken, response.Status)
	return answer.AccessToken
}
