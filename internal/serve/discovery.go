package serve

import (
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/wire"
)

// Where the server is found by those who know only its host: the catalog of the AI Catalog
// specification, version 0.9, leads to the server's card (SEP-2127), and that to MCP.
const (
	endpoint    = "/mcp"
	catalogPath = "/.well-known/ai-catalog.json"
	cardPath    = endpoint + "/server-card"

	catalogType = "application/ai-catalog+json"
	cardType    = "application/mcp-server-card+json"
	cardSchema  = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"
)

// registryName is what the server is called in the MCP registry.
const registryName = "io.github.asleep-mcp/" + surface.Name

// discovery describes the server to clients that are not connected yet. It says what it is
// and where, which is the same for everybody, and nothing about whom it serves.
type discovery struct {
	version string
	http    web.Settings
}

type aiCatalog struct {
	SpecVersion string         `json:"specVersion"`
	Entries     []catalogEntry `json:"entries"`
}

type catalogEntry struct {
	Identifier  string `json:"identifier"`
	DisplayName string `json:"displayName"`
	Type        string `json:"type"`
	URL         string `json:"url"`
}

func (d discovery) catalog(w http.ResponseWriter, r *http.Request) {
	base := d.base(r)
	tellPublic(w, r, catalogType, aiCatalog{"0.9", []catalogEntry{{
		Identifier: "urn:air:" + base.Hostname() + ":" + surface.Name, DisplayName: surface.Title, Type: cardType, URL: base.String() + cardPath,
	}}})
}

type serverCard struct {
	Schema      string         `json:"$schema"`
	Name        string         `json:"name"`
	Version     string         `json:"version"`
	Title       string         `json:"title"`
	Description string         `json:"description"`
	WebsiteURL  string         `json:"websiteUrl"`
	Repository  cardRepository `json:"repository"`
	Icons       []cardIcon     `json:"icons"`
	Remotes     []cardRemote   `json:"remotes"`
}

type cardRepository struct {
	URL    string `json:"url"`
	Source string `json:"source"`
}

type cardIcon struct {
	Src      string   `json:"src"`
	MIMEType string   `json:"mimeType"`
	Sizes    []string `json:"sizes"`
}

type cardRemote struct {
	Type     string       `json:"type"`
	URL      string       `json:"url"`
	Versions []string     `json:"supportedProtocolVersions"`
	Headers  []cardHeader `json:"headers,omitempty"`
}

type cardHeader struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	Required    bool   `json:"isRequired"`
	Secret      bool   `json:"isSecret"`
}

func (d discovery) card(w http.ResponseWriter, r *http.Request) {
	remote := cardRemote{Type: "streamable-http", URL: d.base(r).String() + endpoint, Versions: wire.Revisions()}
	if d.http.Gate != nil && !d.http.Gate.HasMetadata() { // where there is, clients learn from it how to sign in
		remote.Headers = []cardHeader{{"Authorization", "Bearer and a token that the operator gave out.", true, true}}
	}
	tellPublic(w, r, cardType, serverCard{
		Schema: cardSchema, Name: registryName, Version: d.version, Title: surface.Title, Description: surface.Description,
		WebsiteURL: surface.Repository, Repository: cardRepository{surface.Repository, "github"},
		Icons:   []cardIcon{{surface.Icon, "image/png", []string{"512x512"}}},
		Remotes: []cardRemote{remote},
	})
}

// base is the address that callers use: the public one, or that of a request over loopback.
func (d discovery) base(r *http.Request) *url.URL {
	if public, err := url.Parse(d.http.PublicURL); err == nil && public.Host != "" {
		return &url.URL{Scheme: public.Scheme, Host: public.Host}
	}
	base := &url.URL{Scheme: "http", Host: r.Host}
	if r.TLS != nil {
		base.Scheme = "https"
	}
	return base
}

func tellPublic(w http.ResponseWriter, r *http.Request, mediaType string, document any) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		wire.Tell(w, http.StatusMethodNotAllowed, "Use GET.")
		return
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_ = json.NewEncoder(w).Encode(document) // nobody is left to tell
}
