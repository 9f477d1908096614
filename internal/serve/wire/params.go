package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/charts/app"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/surface"
	"github.com/asleep-mcp/asleep-mcp/prompts"
)

// shapes are examples of the params that are checked here.
var shapes = map[mcp.MCPMethod]string{
	mcp.MethodInitialize:         `{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"a-client","version":"1.0"}}`,
	mcp.MethodToolsCall:          `{"name":"get_session","arguments":{"timezone":"Europe/Paris"}}`,
	mcp.MethodPromptsGet:         `{"name":"explain_last_night","arguments":{"timezone":"Europe/Paris"}}, where every argument is a text`,
	mcp.MethodResourcesRead:      `{"uri":"asleep://guide/metrics"}`,
	mcp.MethodCompletionComplete: `{"ref":{"type":"ref/prompt","name":"explain_last_night"},"argument":{"name":"timezone","value":"Eur"}}`,

	mcp.MethodToolsList:              emptyObject,
	mcp.MethodPromptsList:            emptyObject,
	mcp.MethodResourcesList:          emptyObject,
	mcp.MethodResourcesTemplatesList: emptyObject,

	skillsList:    emptyObject,
	skillsGet:     `{"uri":"skill://last-night-explained/SKILL.md"}`,
	directoryRead: `{"uri":"skill://last-night-explained"}`,
}

const emptyObject = "{}"

// Bounds of what is repeated in an error, in bytes.
const (
	longestMethod = 128
	longestURI    = 2048
)

// checks looks at the params of requests before mcp-go does. mcp-go would answer a
// mistake in a prompt's arguments with an internal error, and params of another
// shape with the words of its decoder. Mistakes in a tool's arguments are the
// tool's to tell.
type checks struct {
	offers *surface.Surface
	log    *slog.Logger
}

// refuse returns why a request for a list, a tool, a prompt, a resource or a
// completion cannot be answered; nil when it can.
func (c checks) refuse(ctx context.Context, m message) *refusal {
	method := mcp.MCPMethod(m.method)
	if len(m.method) > longestMethod { // mcp-go would repeat it
		return &refusal{code: mcp.METHOD_NOT_FOUND, text: "There is no method with that name.", id: m.id}
	}
	switch {
	case !m.wantsAnswer():
		return nil
	case slices.Contains(unsupported, method):
		return &refusal{code: mcp.METHOD_NOT_FOUND, text: "This server does not support " + m.method + ".", id: m.id}
	case !c.covers(method):
		return misshapen(m)
	}
	if why := unambiguous(m); why != nil {
		return &refusal{code: why.code, text: why.text, id: m.id}
	}
	code, err := c.check(ctx, method, m)
	if err == nil {
		return nil
	}
	c.log.LogAttrs(ctx, slog.LevelWarn, "request refused", slog.String("method", string(method)), slog.Int("code", code))
	why := &refusal{code: code, text: err.Error(), id: m.id}
	if missing, ok := errors.AsType[*surface.NotFound](err); ok && len(missing.URI) <= longestURI {
		why.data = map[string]string{"uri": missing.URI}
	}
	return why
}

// unsupported are methods whose params mcp-go decodes before it says that they are not there.
var unsupported = []mcp.MCPMethod{mcp.MethodResourcesSubscribe, mcp.MethodResourcesUnsubscribe, mcp.MethodSetLogLevel}

// misshapen refuses params of a method that takes none, and others that are not checked further,
// where mcp-go would answer with the words of its decoder.
func misshapen(m message) *refusal {
	var params struct {
		Meta *mcp.Meta `json:"_meta"`
	}
	if len(m.params) == 0 || json.Unmarshal(m.params, &params) == nil {
		return nil
	}
	return &refusal{code: mcp.INVALID_PARAMS, text: `The params must be a JSON object, and so must their "_meta".`, id: m.id}
}

// covers reports whether the params of a method are checked here: not where
// mcp-go answers that there is no such method.
func (c checks) covers(method mcp.MCPMethod) bool {
	switch method {
	case mcp.MethodInitialize, mcp.MethodToolsList, mcp.MethodToolsCall:
		return true
	case mcp.MethodPromptsList, mcp.MethodPromptsGet, mcp.MethodCompletionComplete:
		return len(c.offers.Prompts.All()) > 0
	case mcp.MethodResourcesList, mcp.MethodResourcesTemplatesList, mcp.MethodResourcesRead:
		return len(c.offers.Resources.All()) > 0
	}
	return ofSkills(method) && len(c.offers.Skills.All()) > 0
}

func (c checks) check(ctx context.Context, method mcp.MCPMethod, m message) (code int, err error) {
	switch method {
	case mcp.MethodToolsList, mcp.MethodPromptsList, mcp.MethodResourcesList, mcp.MethodResourcesTemplatesList, skillsList:
		var params struct {
			Meta   *mcp.Meta `json:"_meta"`
			Cursor json.RawMessage
		}
		if len(m.params) > 0 {
			err = readParams(m, &params)
		}
		if err == nil {
			err = checkCursor(params.Cursor)
		}
	case mcp.MethodInitialize:
		if len(m.params) > 0 {
			err = readParams(m, &mcp.InitializeParams{})
		}
	case mcp.MethodToolsCall:
		var params mcp.CallToolParams
		if err = readParams(m, &params); err == nil {
			err = checkProgressToken(params.Meta)
		}
		if err == nil {
			err = c.offers.Tools.Check(ctx, params.Name)
		}
	case mcp.MethodPromptsGet:
		var params mcp.GetPromptParams
		if err = readParams(m, &params); err == nil {
			err = c.offers.Prompts.Check(ctx, params.Name, params.Arguments)
		}
	case mcp.MethodResourcesRead:
		var params mcp.ReadResourceParams
		if err = readParams(m, &params); err != nil {
			break
		}
		if err := c.offers.Resources.Check(ctx, params.URI); err != nil && params.URI != app.URI {
			return notFoundCode(m), err
		}
	case mcp.MethodCompletionComplete:
		err = readParams(m, &mcp.CompleteParams{})
	case skillsGet, directoryRead:
		var params folderParams
		if err = readParams(m, &params); err == nil {
			err = checkCursor(params.Cursor)
		}
	}
	if _, theirs := errors.AsType[*prompts.Mistake](err); err != nil && !theirs {
		return mcp.INTERNAL_ERROR, err
	}
	return mcp.INVALID_PARAMS, err
}

// readParams reads the params of m as mcp-go does, or says what they must be like.
func readParams(m message, into any) error {
	if json.Unmarshal(m.params, into) == nil {
		return nil
	}
	return &prompts.Mistake{Text: "The params of " + m.method + " must be like " + shapes[mcp.MCPMethod(m.method)] + "."}
}

// checkCursor refuses every cursor, since no list is paged. mcp-go would start
// in the middle of the list, or show the words of its decoder.
func checkCursor(cursor json.RawMessage) error {
	switch string(cursor) {
	case "", "null", `""`:
		return nil
	}
	return &prompts.Mistake{Text: `No list of this server has a second page, so "cursor" is of another one. Leave it out.`}
}

// checkProgressToken refuses a number that mcp-go, which keeps it as floating point, would send
// back as another one.
func checkProgressToken(meta *mcp.Meta) error {
	if meta == nil {
		return nil
	}
	if n, is := meta.ProgressToken.(float64); is && math.Abs(n) > mostID {
		return &prompts.Mistake{Text: fmt.Sprintf(`The "progressToken" is a number that cannot be represented exactly. Send a text, or a number of at most %d.`, int64(mostID))}
	}
	return nil
}

// notFoundCode is the code for a resource that is not there: each era has its own.
func notFoundCode(m message) int {
	if m.modern() {
		return mcp.INVALID_PARAMS
	}
	return mcp.RESOURCE_NOT_FOUND
}
