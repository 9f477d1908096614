package auth

import (
	"net/http"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// Authenticate returns who sends r, or why that is not known.
func (g *Gate) Authenticate(r *http.Request) (access.Principal, *Refusal) {
	caller, err := g.authenticate(r)
	if err != nil {
		return access.Principal{}, g.refusal(r, err)
	}
	return caller, nil
}

func (g *Gate) authenticate(r *http.Request) (access.Principal, error) {
	token, err := bearer(r)
	if err != nil {
		return access.Principal{}, err
	}
	if strings.HasPrefix(token, tokenPrefix) {
		if g.tokens == nil {
			return access.Principal{}, errBadToken
		}
		return g.tokens.Current().caller(token, g.directory)
	}
	if g.provider == nil {
		return access.Principal{}, errBadToken
	}
	claims, err := g.provider.verify(r.Context(), token)
	if err != nil {
		return access.Principal{}, err
	}
	return g.login(r.Context(), claims)
}

// bearer is the token in the Authorization header. One in the query is refused
// even beside it: queries are written to logs.
func bearer(r *http.Request) (string, error) {
	if r.URL.Query().Has("access_token") || len(r.Header.Values("Authorization")) > 1 {
		return "", errAwkward
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return "", errNoToken
	}
	if token == "" || strings.ContainsAny(token, " \t,") {
		return "", errBadToken
	}
	return token, nil
}
