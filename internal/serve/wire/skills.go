package wire

import (
	"context"
	"encoding/json"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/skills"
)

// folderType is the media type of a folder.
const folderType = "inode/directory"

// skillBook answers the extension's requests, of which the params were checked.
type skillBook struct {
	offers  *surface.Skills
	private bool // what is shown differs from caller to caller
	server  mcp.Implementation
}

// answers reports whether m is a request to the extension.
func (b skillBook) answers(m message) bool {
	return m.wantsAnswer() && ofSkills(mcp.MCPMethod(m.method)) && len(b.offers.All()) > 0
}

// answer returns the response to m.
func (b skillBook) answer(ctx context.Context, m message) (json.RawMessage, *refusal) {
	var params folderParams
	_ = json.Unmarshal(m.params, &params) // a list may have none
	result := map[string]any{"resultType": mcp.ResultTypeComplete, "_meta": map[string]any{mcp.MetaKeyServerInfo: b.server}}
	var err error
	switch mcp.MCPMethod(m.method) {
	case skillsList:
		entries := []skillEntry{}
		for _, s := range b.offers.Visible(ctx) {
			entries = append(entries, newSkillEntry(s))
		}
		result["skills"] = entries
		b.hint(result)
	case skillsGet:
		var found skills.Skill
		found, err = b.offers.Find(ctx, params.URI)
		if err == nil {
			result["skill"] = newSkillEntry(found)
			b.hint(result)
		}
	default:
		result["resources"], err = b.folder(ctx, params.URI)
	}
	if err != nil {
		return nil, &refusal{code: mcp.INVALID_PARAMS, text: err.Error(), id: m.id}
	}
	response, err := json.Marshal(map[string]any{"jsonrpc": mcp.JSONRPC_VERSION, "id": m.id, "result": result})
	if err != nil {
		return nil, &refusal{code: mcp.INTERNAL_ERROR, text: "asleep-mcp failed on this message.", id: m.id}
	}
	return response, nil
}

// hint says how long, and by whom, a result may be kept.
func (b skillBook) hint(result map[string]any) {
	result["ttlMs"], result["cacheScope"] = listTTL.Milliseconds(), mcp.CacheScopePublic
	if b.private {
		result["cacheScope"] = mcp.CacheScopePrivate
	}
}

// folder lists what is directly in a folder of a skill.
func (b skillBook) folder(ctx context.Context, uri string) ([]mcp.Resource, error) {
	files, folders, err := b.offers.In(ctx, uri)
	if err != nil {
		return nil, err
	}
	var inside []mcp.Resource
	for _, f := range files {
		inside = append(inside, mcp.Resource{URI: f.URI, Name: f.Name, Title: f.Title, Description: f.Description, MIMEType: skills.MediaType})
	}
	for _, f := range folders {
		inside = append(inside, mcp.Resource{URI: f, Name: f[len(uri)+1:], MIMEType: folderType})
	}
	return inside, nil
}

// skillEntry is what a client is told of a skill: enough to check each file that it reads.
type skillEntry struct {
	URI         string          `json:"uri"`
	Frontmatter json.RawMessage `json:"frontmatter"`
	Resources   []skillFile     `json:"resources"`
}

type skillFile struct {
	URI    string `json:"uri"`
	Digest string `json:"digest"`
	Size   int    `json:"size"`
}

func newSkillEntry(s skills.Skill) skillEntry {
	entry := skillEntry{URI: s.URI(), Frontmatter: s.Frontmatter}
	for _, f := range s.Files {
		entry.Resources = append(entry.Resources, skillFile{f.URI, f.Digest, len(f.Text)})
	}
	return entry
}
