package auth

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// MetadataPath is where the metadata of the resource at /mcp stands (RFC 9728,
// section 3.1).
const MetadataPath = "/.well-known/oauth-protected-resource/mcp"

// resourcePath is that of the resource, which the tokens' audience usually names.
const resourcePath = "/mcp"

// ownScopes are what a person needs for themself.
var ownScopes = []access.Scope{access.SleepRead, access.SleepWrite}

// Refusal is what a caller is told who is not admitted.
type Refusal struct {
	Status     int           // 400, 401, 403 or 503
	Challenge  string        // for the WWW-Authenticate header; "" for 503
	RetryAfter time.Duration // 0: not told
	Text       string        // for people
}

// SetHeaders sets the headers of a refusal.
func (r *Refusal) SetHeaders(h http.Header) {
	if r.Challenge != "" {
		h.Set("WWW-Authenticate", r.Challenge)
	}
	if r.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(r.RetryAfter/time.Second)))
	}
}

func (g *Gate) refusal(r *http.Request, err error) *Refusal {
	switch {
	case errors.Is(err, errUnsure):
		return &Refusal{Status: http.StatusServiceUnavailable, RetryAfter: notBefore, Text: "The token cannot be checked at the moment. Try again in ten seconds."}
	case errors.Is(err, errAwkward):
		return &Refusal{
			Status: http.StatusBadRequest, Challenge: g.challenge(r, "invalid_request"),
			Text: "Send one token, in one Authorization header, and none in the address.",
		}
	case errors.Is(err, errNoToken):
		return &Refusal{
			Status: http.StatusUnauthorized, Challenge: g.challenge(r, "", ownScopes...),
			Text: `A token is needed, in a header "Authorization: Bearer …".`,
		}
	}
	return &Refusal{
		Status: http.StatusUnauthorized, Challenge: g.challenge(r, "invalid_token", ownScopes...),
		Text: "The token is not valid here, or no longer valid. Get a new one.",
	}
}

// Insufficient refuses a caller whose token lacks scopes for what they asked.
// needed are all scopes of the operation.
func (g *Gate) Insufficient(r *http.Request, needed ...access.Scope) *Refusal {
	return &Refusal{
		Status: http.StatusForbidden, Challenge: g.challenge(r, "insufficient_scope", needed...),
		Text: "The token lacks a scope. Needed: " + joined(needed) + ".",
	}
}

// challenge says which tokens count here and where to get them (RFC 6750,
// section 3; RFC 9728, section 5.1).
func (g *Gate) challenge(r *http.Request, problem string, scopes ...access.Scope) string {
	var parts []string
	if problem != "" {
		parts = append(parts, `error="`+problem+`"`)
	}
	if len(scopes) > 0 {
		parts = append(parts, `scope="`+joined(scopes)+`"`)
	}
	if g.provider != nil {
		parts = append(parts, `resource_metadata="`+g.base(r)+MetadataPath+`"`)
	}
	return strings.TrimSpace("Bearer " + strings.Join(parts, ", "))
}

func joined(scopes []access.Scope) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return strings.Join(names, " ")
}

// base is scheme and host as callers write them.
func (g *Gate) base(r *http.Request) string {
	switch {
	case g.publicURL != "":
		return g.publicURL
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// ServeMetadata answers with the metadata of the protected resource. It offers what a
// person needs for themself, sign-up included: clients ask for every scope in it, and
// for more when a call needs more.
func (g *Gate) ServeMetadata(w http.ResponseWriter, r *http.Request) {
	body, err := json.Marshal(struct {
		Resource string         `json:"resource"`
		Servers  []string       `json:"authorization_servers"`
		Scopes   []access.Scope `json:"scopes_supported"`
		Methods  []string       `json:"bearer_methods_supported"`
		Name     string         `json:"resource_name"`
	}{
		Resource: g.base(r) + resourcePath,
		Servers:  []string{g.provider.issuer},
		Scopes:   ownScopes,
		Methods:  []string{"header"},
		Name:     "asleep-mcp",
	})
	if err != nil {
		panic(err) // strings can be written
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(body, '\n')) // nobody is left to tell
}

// HasMetadata reports whether there is a provider that callers can get tokens from.
func (g *Gate) HasMetadata() bool { return g.provider != nil }
