package auth

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Options say whom a [Gate] lets in. At least one of Tokens and Issuer is set.
type Options struct {
	Tokens    Tokens           // static tokens; nil: none count
	Issuer    string           // URL of the OpenID provider; "": its tokens do not count
	Audience  string           // that a JSON Web Token must be made for; with Issuer
	Directory *directory.Store // knows logins and members; with Issuer, and for coaches
	PublicURL string           // scheme and host that callers use, such as https://sleep.example.org; "": those of each request
	Now       func() time.Time
	Log       *slog.Logger // told why tokens cannot be checked; nil: nobody is
}

// Gate authenticates callers. It may be used by several goroutines at once.
type Gate struct {
	tokens    Tokens
	provider  *provider // nil: none
	directory *directory.Store
	publicURL string
	log       *slog.Logger
}

// New makes a gate. It asks nobody anything: the provider is looked up when its
// first token comes, so that a provider that is down does not keep the server
// from starting.
func New(o Options) (*Gate, error) {
	g := &Gate{tokens: o.Tokens, directory: o.Directory, publicURL: strings.TrimSuffix(o.PublicURL, "/"), log: o.Log}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	switch {
	case o.Issuer == "" && len(o.Tokens) == 0:
		return nil, errors.New("auth: neither tokens nor an issuer are given, so nobody could come in")
	case o.Issuer != "" && (o.Audience == "" || o.Directory == nil):
		return nil, errors.New("auth: an issuer needs an audience and a directory")
	case o.Directory == nil && o.Tokens.NeedDirectory():
		return nil, errors.New("auth: the tokens of coaches need a directory")
	}
	if o.Issuer != "" {
		g.provider = newProvider(o.Issuer, o.Audience, o.Now, g.log)
	}
	return g, nil
}

// Issuer is the URL of the OpenID provider whose tokens count; "" for none.
func (g *Gate) Issuer() string {
	if g.provider == nil {
		return ""
	}
	return g.provider.issuer
}

// Why a token does not count.
var (
	errNoToken  = errors.New("no token")
	errBadToken = errors.New("the token does not count")
	errAwkward  = errors.New("the token is not where it belongs")
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
		return g.known(token)
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
