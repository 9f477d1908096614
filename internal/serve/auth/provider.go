package auth

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// algorithms are those a token may be signed with: none that needs a shared
// secret, and not "none".
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
}

// longestToken bounds what is parsed, in bytes. Headers are bounded before.
const longestToken = 16 << 10

// provider checks the tokens of one issuer.
type provider struct {
	issuer   string
	joins    bool // logins join members by e-mail
	believed []string
	config   oidc.Config
	keys     *keys
}

func newProvider(issuer, audience string, now func() time.Time, log *slog.Logger) *provider {
	p := &provider{issuer: issuer, believed: believed, config: oidc.Config{ClientID: audience, Now: now}, keys: newKeys(issuer, now, log)}
	for _, a := range algorithms {
		p.config.SupportedSigningAlgs = append(p.config.SupportedSigningAlgs, string(a))
	}
	return p
}

// joinByEmail has verify return e-mails, too.
func (p *provider) joinByEmail() {
	p.joins, p.believed = true, slices.Concat(believed, believedToJoin)
}

// verify checks a token. The error is errBadToken, or errUnsure when the
// provider does not tell its keys.
func (p *provider) verify(ctx context.Context, token string) (claims, error) {
	if len(token) > longestToken {
		return claims{}, errBadToken
	}
	signed, err := jose.ParseSignedCompact(token, algorithms)
	if err != nil || !usualType(signed) {
		return claims{}, errBadToken
	}
	check := &signature{keys: p.keys, of: signed, believed: p.believed}
	verified, err := oidc.NewVerifier(p.issuer, check, &p.config).Verify(ctx, token)
	switch {
	case errors.Is(check.err, errUnsure):
		return claims{}, check.err
	case err != nil || verified.Subject == "":
		return claims{}, errBadToken
	}
	var more struct {
		Scope    words    `json:"scope"`
		Scp      words    `json:"scp"`
		Email    string   `json:"email"`
		Verified asserted `json:"email_verified"`
	}
	if verified.Claims(&more) != nil {
		return claims{}, errBadToken
	}
	c := claims{issuer: p.issuer, subject: verified.Subject}
	if p.joins && bool(more.Verified) && directory.CheckEmail(more.Email) == nil {
		c.email = more.Email
	}
	for _, s := range slices.Concat(more.Scope, more.Scp) {
		c.scopes = append(c.scopes, access.Scope(s))
	}
	return c, nil
}

// usualType reports whether the token says of itself that it is an access token, or
// nothing. An issuer signs other things with the same keys.
func usualType(signed *jose.JSONWebSignature) bool {
	if _, must := signed.Signatures[0].Header.ExtraHeaders["crit"]; must {
		return false // it names what must be understood, and here nothing is; a list of nothing is no list
	}
	said, there := signed.Signatures[0].Header.ExtraHeaders[jose.HeaderType]
	typ, isText := said.(string)
	if there && !isText {
		return false
	}
	switch strings.TrimPrefix(strings.ToLower(typ), "application/") {
	case "", "jwt", "at+jwt":
		return true
	}
	return false
}

// words is a list of strings, or one string of words: providers do both.
type words []string

// UnmarshalJSON implements [json.Unmarshaler].
func (w *words) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*w = strings.Fields(text)
		return nil
	}
	return json.Unmarshal(b, (*[]string)(w))
}

// asserted is true, or the text "true", which some providers send.
type asserted bool

// UnmarshalJSON implements [json.Unmarshaler]. Anything else is false.
func (a *asserted) UnmarshalJSON(b []byte) error {
	*a = string(b) == `true` || string(b) == `"true"`
	return nil
}

// signature checks one token's signature, and keeps why it could not be checked,
// which go-oidc puts into words.
type signature struct {
	keys     *keys
	of       *jose.JSONWebSignature
	believed []string
	err      error
}

// VerifySignature implements [oidc.KeySet].
func (s *signature) VerifySignature(ctx context.Context, _ string) ([]byte, error) {
	header := s.of.Signatures[0].Header
	var candidates []jose.JSONWebKey
	candidates, s.err = s.keys.named(ctx, header.KeyID)
	for _, key := range candidates {
		if key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if payload, err := s.of.Verify(key); err == nil {
			s.err = checkClaims(payload, s.believed)
			return payload, s.err
		}
	}
	if s.err == nil {
		s.err = errBadToken
	}
	return nil, s.err
}
