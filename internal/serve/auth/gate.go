package auth

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Options say whom a [Gate] lets in. At least one of Tokens and Issuer is set.
type Options struct {
	Tokens    TokenSource      // static tokens; nil: none count
	Issuer    string           // URL of the OpenID provider; "": its tokens do not count
	Audience  string           // that a JSON Web Token must be made for; with Issuer
	Directory *directory.Store // knows logins and members; with Issuer, and for coaches
	// JoinByEmail makes a login that stands for nobody yet stand for the member with its
	// e-mail, if the issuer says that it verified that.
	JoinByEmail bool
	// Joined is called when a login joined a member; nil: nobody is told.
	Joined    func(ctx context.Context, login string)
	PublicURL string // scheme and host that callers use, such as https://sleep.example.org; "": those of each request
	Now       func() time.Time
	Log       *slog.Logger // told why tokens cannot be checked; nil: nobody is
}

// Gate authenticates callers. It may be used by several goroutines at once.
type Gate struct {
	tokens    TokenSource // nil: none count
	provider  *provider   // nil: none
	joined    func(ctx context.Context, login string)
	directory *directory.Store
	publicURL string
	log       *slog.Logger
}

// New makes a gate. It asks nobody anything: the provider is looked up when its
// first token comes, so that a provider that is down does not keep the server
// from starting.
func New(o Options) (*Gate, error) {
	g := &Gate{tokens: o.Tokens, joined: o.Joined, directory: o.Directory, publicURL: strings.TrimSuffix(o.PublicURL, "/"), log: o.Log}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	if g.joined == nil {
		g.joined = func(context.Context, string) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	switch {
	case o.Issuer == "" && o.Tokens == nil:
		return nil, errors.New("auth: neither tokens nor an issuer are given, so nobody could come in")
	case o.Issuer != "" && (o.Audience == "" || o.Directory == nil):
		return nil, errors.New("auth: an issuer needs an audience and a directory")
	case o.Directory == nil && o.Tokens != nil && o.Tokens.Current().NeedDirectory():
		return nil, errors.New("auth: the tokens of coaches need a directory")
	}
	if o.Issuer != "" {
		g.provider = newProvider(o.Issuer, o.Audience, o.Now, g.log)
		if o.JoinByEmail {
			g.provider.joinByEmail()
		}
	}
	return g, nil
}

// Ready returns nil if tokens of the provider can be checked, now or with keys that were
// read within the last hour; also without a provider.
func (g *Gate) Ready(ctx context.Context) error {
	if g.provider == nil {
		return nil
	}
	_, err := g.provider.keys.named(ctx, "")
	return err
}

// Issuer is the URL of the OpenID provider whose tokens count; "" for none.
func (g *Gate) Issuer() string {
	if g.provider == nil {
		return ""
	}
	return g.provider.issuer
}
