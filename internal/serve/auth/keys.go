package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

const (
	freshFor  = 10 * time.Minute // then keys are read again
	keptFor   = time.Hour        // while the provider does not answer
	notBefore = 10 * time.Second // between two reads

	providerTime = 5 * time.Second
	providerBody = 1 << 20
)

// keys are the issuer's public keys. go-oidc has such a set too, which asks the
// issuer for every made-up key id and keeps withdrawn keys.
type keys struct {
	issuer string
	client *http.Client
	now    func() time.Time
	log    *slog.Logger
	reads  singleflight.Group

	mu    sync.Mutex
	all   []jose.JSONWebKey
	read  time.Time // when all was read
	tried time.Time // when that was last begun
	busy  bool      // it is under way
	err   error     // how it last ended
}

func newKeys(issuer string, now func() time.Time, log *slog.Logger) *keys {
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: providerTime, IdleConnTimeout: time.Minute}
	return &keys{issuer: issuer, now: now, log: log, client: &http.Client{
		Timeout:       providerTime,
		Transport:     bounded{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// named returns the keys of an id, all of them for "". The error is errBadToken
// when there is none, errUnsure when that cannot be known.
func (k *keys) named(ctx context.Context, id string) ([]jose.JSONWebKey, error) {
	found, age, due := k.look(id)
	if len(found) > 0 && age < freshFor {
		return found, nil
	}
	err := k.failed()
	if due {
		read := k.refresh(ctx)
		if len(found) > 0 && age < keptFor && k.failed() != nil {
			return found, nil // a provider that hangs must not hold up every caller
		}
		err = result(ctx, read)
		found, age, _ = k.look(id)
	}
	switch {
	case len(found) > 0 && age < keptFor:
		return found, nil
	case err != nil || age >= keptFor:
		return nil, errors.Join(errUnsure, err)
	}
	return nil, errBadToken
}

// look returns the keys of an id, how old they are, and whether a read is due, or
// under way.
func (k *keys) look(id string) (found []jose.JSONWebKey, age time.Duration, due bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, key := range k.all {
		if id == "" || key.KeyID == id {
			found = append(found, key)
		}
	}
	now := k.now()
	return found, now.Sub(k.read), k.busy || now.Sub(k.tried) >= notBefore
}

// failed is why the last read that ended came to nothing, nil when it did not.
func (k *keys) failed() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.err
}

// refresh reads the keys, once for all who wait, and goes on when they leave.
func (k *keys) refresh(ctx context.Context) <-chan singleflight.Result {
	return k.reads.DoChan("", func() (any, error) {
		if !k.begin() {
			return nil, k.end(nil, nil) // it was read since this caller looked
		}
		return nil, k.end(k.fetch(context.WithoutCancel(ctx)))
	})
}

func result(ctx context.Context, read <-chan singleflight.Result) error {
	select {
	case r := <-read:
		return r.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (k *keys) begin() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	if now.Sub(k.tried) < notBefore {
		return false
	}
	k.tried, k.busy = now, true
	return true
}

// end keeps what was read, and returns how the last read ended.
func (k *keys) end(all []jose.JSONWebKey, err error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.busy {
		k.busy, k.err = false, err
		if err == nil {
			k.all, k.read = all, k.now()
		} else {
			k.log.Warn("the keys of the OpenID provider were not read", slog.String("cause", err.Error()))
		}
	}
	return k.err
}

// fetch reads where the keys are, then the keys.
func (k *keys) fetch(ctx context.Context) ([]jose.JSONWebKey, error) {
	ctx, cancel := context.WithTimeout(ctx, providerTime)
	defer cancel()
	found, err := oidc.NewProvider(oidc.ClientContext(ctx, k.client), k.issuer)
	if err != nil {
		return nil, unreachable(err, "the provider's discovery document cannot be read, or names another issuer")
	}
	var where struct {
		URL string `json:"jwks_uri"`
	}
	if found.Claims(&where) != nil {
		return nil, errors.New("the provider's discovery document says nothing of its keys")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, where.URL, nil)
	if err != nil {
		return nil, errors.New("the provider's jwks_uri is no URL")
	}
	response, err := k.client.Do(r)
	if err != nil {
		return nil, unreachable(err, "the provider's keys cannot be reached")
	}
	defer func() { _ = response.Body.Close() }() // read to its end or given up
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the provider's keys cannot be read (status %d)", response.StatusCode)
	}
	return publicKeys(body)
}

// unreachable says why a provider was not reached, without its address: what is wrong
// with its certificate, or otherwise.
func unreachable(err error, otherwise string) error {
	if wrong := errtext.Certificate(err); wrong != "" {
		return errors.New("the provider's certificate is not trusted: " + wrong)
	}
	return errors.New(otherwise)
}

// publicKeys reads a key set. A key of a kind that is not known is left out, as
// is a symmetric or private one.
func publicKeys(body []byte) ([]jose.JSONWebKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, errors.New("the provider's keys are not a JSON Web Key Set")
	}
	var all []jose.JSONWebKey
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(raw) == nil && key.IsPublic() && key.Valid() && key.Use != "enc" {
			all = append(all, key)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("the provider publishes no key that can be used")
	}
	return all, nil
}

// bounded cuts bodies off: what a provider says is short.
type bounded struct{ http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, providerBody), response.Body}
	}
	return response, err
}
