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
		return finding{"provider", notSet, "only an HTTP server for other people needs one"}
	}
	ctx, cancel := context.WithTimeout(ctx, heardWithin)
	defer cancel()
	address := strings.TrimSuffix(issuer, "/") + "/.well-known/openid-configuration"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return finding{"provider", notFine, "its address cannot be asked: check ASLEEP_MCP_OIDC_ISSUER"}
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if wrong := errtext.Certificate(err); wrong != "" {
		return finding{"provider", notFine, "its certificate is not trusted: " + wrong + "; install the authority's certificate, or name its file in SSL_CERT_FILE"}
	}
	if err != nil {
		return finding{"provider", notFine, "it does not answer: check the connection, and ASLEEP_MCP_OIDC_ISSUER"}
	}
	defer func() { _ = response.Body.Close() }() // read only
	var described struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	err = json.NewDecoder(io.LimitReader(response.Body, longestDiscovery)).Decode(&described)
	switch {
	case response.StatusCode != http.StatusOK || err != nil:
		return finding{"provider", notFine, "there is no description of an OpenID provider at its address: check ASLEEP_MCP_OIDC_ISSUER"}
	case described.Issuer != issuer:
		return finding{"provider", notFine, "it calls itself something else: ASLEEP_MCP_OIDC_ISSUER must be written exactly as it does, down to the last slash"}
	case described.Keys == "":
		return finding{"provider", notFine, "its description names no keys (jwks_uri): ask whoever runs it"}
	}
	return finding{"provider", fine, "it describes itself as it should"}
}
