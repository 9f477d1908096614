package main

import (
	"crypto/tls"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/jobs"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

// service is what the settings of the HTTP server mean.
type service struct {
	publicURL  string
	issuer     string // "": no provider
	audience   string
	joinEmail  bool
	tokens     *auth.TokenFile // nil: none
	tls        *tls.Config     // nil: plain HTTP
	origins    []string
	perMinute  int
	webhookKey string
	worker     bool // jobs run here
	limits     jobs.Limits
	traces     *watch.OTLP // nil: none are sent
}

// webhookVariable has no flag: it is a key.
const webhookVariable = "ASLEEP_MCP_WEBHOOK_KEY"

// isPlainURL reports whether a text is a URL of scheme and host, and of a path if it may
// have one. The scheme must be https, unless the host is this machine.
func isPlainURL(text string, mayHavePath bool) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsAny(text, "?#") {
		return false
	}
	if !mayHavePath && strings.Trim(u.Path, "/") != "" {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	local := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && local
}

func (m *mistakes) readPublicURL(text string) string {
	if text != "" && !isPlainURL(text, false) {
		m.add("--public-url (ASLEEP_MCP_PUBLIC_URL)", "it must be https:// and a host, without a path, such as https://sleep.example.org")
	}
	return text
}

func (m *mistakes) readIssuer(text string) string {
	if text != "" && !isPlainURL(text, true) {
		m.add("--oidc-issuer (ASLEEP_MCP_OIDC_ISSUER)", "it must be the provider's https:// URL, exactly as its tokens name it")
	}
	return text
}

func (m *mistakes) readTokens(path string) *auth.TokenFile {
	if path == "" {
		return nil
	}
	tokens, err := auth.OpenTokenFile(path)
	if err != nil {
		m.add("--token-file (ASLEEP_MCP_TOKEN_FILE)", "%w", err)
	}
	return tokens
}

func (m *mistakes) readTLS(cert, key string) *tls.Config {
	if cert == "" && key == "" {
		return nil
	}
	if cert == "" || key == "" {
		m.add("--tls-cert (ASLEEP_MCP_TLS_CERT), --tls-key (ASLEEP_MCP_TLS_KEY)", "one needs the other")
		return nil
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		m.add("--tls-cert (ASLEEP_MCP_TLS_CERT), --tls-key (ASLEEP_MCP_TLS_KEY)", "%w", err)
		return nil
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
}

func (m *mistakes) readOrigins(all []string) []string {
	for _, origin := range all {
		u, err := url.Parse(origin)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || origin != u.Scheme+"://"+u.Host {
			m.add("--cors-origin (ASLEEP_MCP_CORS_ORIGIN)", "%q is not an origin; write each as https://app.example.org, without a slash at the end; \"*\" is not possible", origin)
		}
	}
	return all
}

func (m *mistakes) readRateLimit(text string) int {
	const most = 1_000_000
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		m.add("--rate-limit (ASLEEP_MCP_RATE_LIMIT)", "%q is not a whole number from 0 to %d", text, most)
	}
	return n
}

func (m *mistakes) readWebhookKey(key string) string {
	const least = 16
	if key != "" && len(key) < least {
		m.add(webhookVariable, "it must have at least %d characters: anybody who guesses it can make the server read nights again", least)
	}
	return key
}

// gated reports whether callers are authenticated.
func (s *service) gated() bool { return s != nil && (s.issuer != "" || s.tokens != nil) }

// callers says briefly how callers are authenticated.
func (s *service) callers() string {
	var by []string
	if s.issuer != "" {
		by = append(by, "oidc")
	}
	if s.tokens != nil {
		by = append(by, "tokens")
	}
	if by == nil {
		return "everybody on this machine"
	}
	return strings.Join(by, "+")
}
