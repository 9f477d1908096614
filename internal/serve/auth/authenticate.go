package auth

import (
	"net/http"
	"strings"
)

// Authenticate says who sends r, or why that is not known.
func (g *Gate) Authenticate(r *http.Request) (Caller, *Refusal) {
	caller, err := g.authenticate(r)
	if err != nil {
		return Caller{}, g.refusal(r, err)
	}
	return caller, nil
}

func (g *Gate) authenticate(r *http.Request) (Caller, error) {
	token, err := bearer(r)
	if err != nil {
		return Caller{}, err
	}
	if strings.HasPrefix(token, tokenPrefix) {
		return g.tokens.caller(token, g.directory)
	}
	if g.provider == nil {
		return Caller{}, errBadToken
	}
	claims, err := g.provider.verify(r.Context(), token)
	if err != nil {
		return Caller{}, err
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
