package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// longestDiscovery is how much of a discovery document is read, in bytes.
const longestDiscovery = 1 << 20

// examineProvider reads the OpenID provider's description of itself, which is
// where the HTTP server finds the keys of its tokens.
func examineProvider(ctx context.Context, issuer string) finding {
	if issuer == "" {
		return finding{"provider", notSet, "needed only to serve other people over HTTP"}
	}
	ctx, cancel := context.WithTimeout(ctx, heardWithin)
	defer cancel()
	address := strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return finding{"provider", problem, "its address cannot be used: check ASLEEP_MCP_OIDC_ISSUER"}
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if wrong := errtext.Certificate(err); wrong != "" {
		return finding{"provider", problem, "its certificate is not trusted: " + wrong + "; install the certificate of its authority, or set SSL_CERT_FILE to it"}
	}
	if err != nil {
		return finding{"provider", problem, "it does not respond: check the connection and ASLEEP_MCP_OIDC_ISSUER"}
	}
	defer func() { _ = response.Body.Close() }() // read only
	var described struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	err = json.NewDecoder(io.LimitReader(response.Body, longestDiscovery)).Decode(&described)
	switch {
	case response.StatusCode != http.StatusOK || err != nil:
		return finding{"provider", problem, "there is no OpenID configuration at its address: check ASLEEP_MCP_OIDC_ISSUER"}
	case described.Issuer != issuer:
		return finding{"provider", problem, "its configuration names another issuer: ASLEEP_MCP_OIDC_ISSUER must match it exactly, including a final slash"}
	case described.Keys == "":
		return finding{"provider", problem, "its configuration has no jwks_uri: ask whoever runs it"}
	}
	return finding{"provider", fine, "its configuration is valid"}
}
