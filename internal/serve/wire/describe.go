package wire

import (
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// describeTool is t as clients see it. The fields are set by hand because mcp-go's
// builder sets a second input schema beside a raw one, which cannot be sent.
func describeTool(t tool.Tool) mcp.Tool {
	shown := mcp.Tool{
		Name:            t.Name,
		Title:           t.Title,
		Description:     t.Description,
		RawInputSchema:  t.Input(),
		RawOutputSchema: t.Output(),
		Annotations:     annotations(t.Spec),
	}
	if t.Pictured() {
		shown.Meta = appOf()
	}
	return shown
}

// annotations states every hint: what is left out counts as destructive, not
// repeatable and reaching the open world. The Asleep service is outside of this server, so
// a tool that asks it is open to the world, even one that only reads: that is how Claude's
// directory puts it, and hosts ask nobody about a tool that only reads.
func annotations(s tool.Spec) mcp.ToolAnnotation {
	return mcp.ToolAnnotation{
		ReadOnlyHint:    new(s.Access == tool.Reads),
		DestructiveHint: new(s.Access == tool.Deletes),
		IdempotentHint:  new(s.Access != tool.Writes),
		OpenWorldHint:   new(!s.Local),
	}
}

func describePrompt(p prompts.Prompt) mcp.Prompt {
	described := mcp.Prompt{Name: p.Name, Title: p.Title, Description: p.Description}
	for _, a := range p.Arguments {
		described.Arguments = append(described.Arguments, mcp.PromptArgument{Name: a.Name, Description: a.Description, Required: a.Required})
	}
	return described
}

func describeResource(r prompts.Resource) mcp.Resource {
	return mcp.Resource{URI: r.URI, Name: r.Name, Title: r.Title, Description: r.Description, MIMEType: r.MIMEType}
}
