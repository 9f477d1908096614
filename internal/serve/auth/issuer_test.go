package auth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
)

const audience = "https://sleep.example.org/mcp"

// issuer is an OpenID provider as far as a resource server sees it: a discovery
// document and keys. It signs whatever it is told to.
type issuer struct {
	*httptest.Server
	mu       sync.Mutex
	public   []jose.JSONWebKey
	discover map[string]any // instead of the right document
	down     bool
	instead  http.HandlerFunc // of everything; asked without the lock
	reads    int              // of the keys
}

func newIssuer(t *testing.T, public ...jose.JSONWebKey) *issuer {
	t.Helper()
	i := &issuer{public: public}
	i.Server = httptest.NewServer(i)
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	if instead := i.instead; instead != nil {
		i.mu.Unlock()
		instead(w, r)
		return
	}
	i.mu.Unlock()
	i.answer(w, r)
}

// answer is what it says unless something else is to be said instead.
func (i *issuer) answer(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case i.down:
		w.WriteHeader(http.StatusBadGateway)
	case r.URL.Path == "/keys":
		i.reads++
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: i.public})
	case i.discover != nil:
		_ = json.NewEncoder(w).Encode(i.discover)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	}
}

func (i *issuer) keysRead() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.reads
}

func (i *issuer) change(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

// pair is a private key with its public half.
type pair struct {
	private crypto.Signer
	alg     jose.SignatureAlgorithm
	kid     string
}

func (p pair) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: p.private.Public(), KeyID: p.kid, Algorithm: string(p.alg), Use: "sig"}
}

func rsaPair(t *testing.T, kid string) pair {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return pair{k, jose.RS256, kid}
}

func ecPair(t *testing.T, kid string) pair {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return pair{k, jose.ES256, kid}
}

func edPair(t *testing.T, kid string) pair {
	t.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return pair{k, jose.EdDSA, kid}
}

// sign makes a token of claims. Header members are set, "" for one left out.
func sign(t *testing.T, alg jose.SignatureAlgorithm, key any, header map[string]any, claims any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType("at+jwt")
	for name, value := range header {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	require.NoError(t, err)
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	signed, err := signer.Sign(payload)
	require.NoError(t, err)
	compact, err := signed.CompactSerialize()
	require.NoError(t, err)
	return compact
}

// claims of a token that counts, with some members replaced; nil takes one out.
func (i *issuer) claims(subject string, changes map[string]any) map[string]any {
	c := map[string]any{
		"iss": i.URL, "sub": subject, "aud": audience, "scope": "openid sleep:read",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	for name, value := range changes {
		c[name] = value
		if value == nil {
			delete(c, name)
		}
	}
	return c
}

// token is one that counts, signed with p.
func (i *issuer) token(t *testing.T, p pair, subject string, changes map[string]any) string {
	t.Helper()
	return sign(t, p.alg, p.private, map[string]any{"kid": p.kid}, i.claims(subject, changes))
}
