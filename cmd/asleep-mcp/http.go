package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
)

type httpCommand struct {
	Addr      string   `placeholder:"HOST:PORT" default:"${addr}" variable:"ASLEEP_MCP_ADDR" help:"Address to listen on (default ${addr}). Beyond loopback, --oidc-issuer or --token-file is required. Port 0 picks a free port."`
	PublicURL string   `name:"public-url" placeholder:"URL" variable:"ASLEEP_MCP_PUBLIC_URL" help:"Public URL of the server, such as https://sleep.example.org."`
	Issuer    string   `name:"oidc-issuer" placeholder:"URL" variable:"ASLEEP_MCP_OIDC_ISSUER" help:"OpenID provider that callers sign in with. The database maps each login to an Asleep user."`
	Audience  string   `name:"oidc-audience" placeholder:"TEXT" variable:"ASLEEP_MCP_OIDC_AUDIENCE" help:"Audience that the provider's tokens must have, usually the public URL followed by /mcp."`
	JoinEmail bool     `name:"oidc-join-email" variable:"ASLEEP_MCP_OIDC_JOIN_EMAIL" help:"Trust the provider's verified e-mails: match a new login to the member with the same e-mail, and a new member to the login that signed up with it."`
	TokenFile string   `name:"token-file" placeholder:"FILE" variable:"ASLEEP_MCP_TOKEN_FILE" help:"File of static tokens, one line for each, as asleep-mcp token prints them."`
	TLSCert   string   `name:"tls-cert" placeholder:"FILE" variable:"ASLEEP_MCP_TLS_CERT" help:"Certificate chain in PEM. Without it, the server speaks plain HTTP."`
	TLSKey    string   `name:"tls-key" placeholder:"FILE" variable:"ASLEEP_MCP_TLS_KEY" help:"Private key of the certificate, in PEM."`
	Origins   []string `name:"cors-origin" placeholder:"ORIGIN" variable:"ASLEEP_MCP_CORS_ORIGIN" help:"Origins whose pages may use the server, such as https://app.example.org (default none)."`
	RateLimit string   `name:"rate-limit" placeholder:"N" default:"300" type:"number" variable:"ASLEEP_MCP_RATE_LIMIT" help:"Requests a minute for each authenticated caller; 0 means unlimited (default 300)."`
	Worker    bool     `negatable:"" default:"true" variable:"ASLEEP_MCP_WORKER" help:"Run jobs in this process, where nights are kept. With false, asleep-mcp worker runs them."`

	upstream `embed:""`
}

func (h httpCommand) Run(p *program, ctx bound) error {
	m := mistakes{p.settings.unread}
	c := p.settings.read(&m, p.getenv)
	c.service = h.read(&m, p.getenv)
	if c.service.gated() && c.role != access.RoleOperator {
		m.add("--role (ASLEEP_MCP_ROLE)", "leave it out where callers are authenticated: each has a role of their own")
	}
	if c.service.gated() && c.birthYear != 0 {
		m.add("--birth-year (ASLEEP_MCP_BIRTH_YEAR)", "leave it out where callers are authenticated: it is one person's, and would be taken for everybody's")
	}
	if err := m.err(); err != nil {
		return err
	}
	log := c.logger(p.stderr, slog.LevelInfo)
	s, stop, err := c.newServer(ctx, log)
	if err != nil {
		return err
	}
	defer stop()
	l, err := s.Listen(ctx, h.Addr)
	if err != nil {
		return fmt.Errorf("--addr (ASLEEP_MCP_ADDR): %w", err)
	}
	scheme := "http://"
	if c.service.tls != nil {
		scheme = "https://"
	}
	log.Info("serving MCP over HTTP", slog.String("url", scheme+l.Addr().String()+"/mcp"), slog.String("version", version()),
		slog.Bool("demo", c.demo), slog.String("callers", c.service.callers()))
	return s.Serve(ctx, l)
}

func (h httpCommand) read(m *mistakes, getenv func(string) string) *service {
	s := &service{
		publicURL:  m.readPublicURL(h.PublicURL),
		issuer:     m.readIssuer(h.Issuer),
		audience:   h.Audience,
		joinEmail:  h.JoinEmail,
		tokens:     m.readTokens(h.TokenFile),
		tls:        m.readTLS(h.TLSCert, h.TLSKey),
		origins:    m.readOrigins(h.Origins),
		perMinute:  m.readRateLimit(h.RateLimit),
		webhookKey: m.readWebhookKey(strings.TrimSpace(getenv(webhookVariable))),
		worker:     h.Worker,
		limits:     h.limits(m),
	}
	var err error
	if s.traces, err = watch.ReadOTLP(getenv); err != nil {
		m.found = append(m.found, err)
	}
	switch {
	case h.Issuer != "" && h.Audience == "":
		m.add("--oidc-audience (ASLEEP_MCP_OIDC_AUDIENCE)", "it is needed with --oidc-issuer: tokens made for other services must not count here")
	case h.Issuer == "" && h.Audience != "":
		m.add("--oidc-issuer (ASLEEP_MCP_OIDC_ISSUER)", "it is needed with --oidc-audience")
	case h.Issuer == "" && h.JoinEmail:
		m.add("--oidc-issuer (ASLEEP_MCP_OIDC_ISSUER)", "it is needed with --oidc-join-email")
	}
	h.checkAddr(m)
	return s
}

// checkAddr reports what is missing to listen at the given address.
func (h httpCommand) checkAddr(m *mistakes) {
	err := web.CheckAddr(h.Addr)
	gated := h.Issuer != "" || h.TokenFile != ""
	switch {
	case err == nil:
	case !gated || !errors.Is(err, web.ErrExposed):
		m.add("--addr (ASLEEP_MCP_ADDR)", "%w", err)
	case h.PublicURL == "":
		m.add("--public-url (ASLEEP_MCP_PUBLIC_URL)", "it is needed to listen beyond loopback: requests for other names are refused")
	}
}

// openHTTP makes o reachable over HTTP as the service's settings say.
func (c config) openHTTP(ctx context.Context, o *serve.Options, d *lazyDirectory) error {
	s := c.service
	o.HTTP = web.Settings{
		PublicURL: s.publicURL, Origins: s.origins, CallsPerMinute: s.perMinute, TLS: s.tls, WebhookKey: s.webhookKey,
		Ready: map[string]func(context.Context) error{
			"database": d.ready,
			"upstream": func(ctx context.Context) error {
				if o.Deps.Client == nil {
					return errors.New("no key is set")
				}
				return o.Deps.Client.Reachable(ctx)
			},
		},
	}
	if c.keep {
		o.HTTP.Dispensable = []string{"upstream"} // kept nights are answered about without it
	}
	if !s.gated() {
		return nil
	}
	var store *directory.Store
	var err error
	if s.issuer != "" || s.tokens != nil && s.tokens.Current().NeedDirectory() {
		if store, err = d.open(ctx); err != nil {
			return fmt.Errorf("--database-url (ASLEEP_MCP_DATABASE_URL), which says who a caller is: %w", err)
		}
	}
	options := auth.Options{
		Issuer: s.issuer, Audience: s.audience, Directory: store, PublicURL: s.publicURL, Log: o.Log,
		JoinByEmail: s.joinEmail, Joined: func(ctx context.Context, login string) { o.Watch.Audit(ctx, login, "join by e-mail", "joined") },
	}
	if s.tokens != nil {
		s.tokens.Log = o.Log
		options.Tokens = s.tokens
	}
	if o.HTTP.Gate, err = auth.New(options); err != nil {
		return err
	}
	o.HTTP.Ready["provider"] = o.HTTP.Gate.Ready
	return nil
}
