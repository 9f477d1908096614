package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// shapes are the params of the methods that are looked at before mcp-go sees
// them.
var shapes = map[mcp.MCPMethod]string{
	mcp.MethodToolsCall:          `{"name":"get_session","arguments":{"timezone":"Europe/Paris"}}`,
	mcp.MethodPromptsGet:         `{"name":"explain_last_night","arguments":{"timezone":"Europe/Paris"}}, where every argument is a text`,
	mcp.MethodResourcesRead:      `{"uri":"asleep://guide/metrics"}`,
	mcp.MethodCompletionComplete: `{"ref":{"type":"ref/prompt","name":"explain_last_night"},"argument":{"name":"timezone","value":"Eur"}}`,

	mcp.MethodToolsList:              emptyObject,
	mcp.MethodPromptsList:            emptyObject,
	mcp.MethodResourcesList:          emptyObject,
	mcp.MethodResourcesTemplatesList: emptyObject,
}

const emptyObject = "{}"

// refuses says why a request for a list, a tool, a prompt, a resource or a completion
// cannot be answered. mcp-go would answer a mistake in a prompt's arguments with an
// internal error, and params of another shape with the words of its decoder. Mistakes
// in a tool's arguments are the tool's to tell.
func (s *Server) refuses(ctx context.Context, m message) *refusal {
	method := mcp.MCPMethod(m.method)
	if !m.wantsAnswer() || !s.looksAt(method) {
		return nil
	}
	code, err := s.checkParams(ctx, method, m)
	if err == nil {
		return nil
	}
	s.log.LogAttrs(ctx, slog.LevelWarn, "request refused", slog.String("method", string(method)), slog.Int("code", code))
	why := &refusal{code: code, text: err.Error(), id: m.id}
	if missing, ok := errors.AsType[*noResource](err); ok {
		why.data = map[string]string{"uri": missing.uri}
	}
	return why
}

// looksAt says whether the params of a method are checked here: not where mcp-go
// answers that there is no such method.
func (s *Server) looksAt(method mcp.MCPMethod) bool {
	switch method {
	case mcp.MethodToolsList, mcp.MethodToolsCall:
		return true
	case mcp.MethodPromptsList, mcp.MethodPromptsGet, mcp.MethodCompletionComplete:
		return len(s.prompts) > 0
	case mcp.MethodResourcesList, mcp.MethodResourcesTemplatesList, mcp.MethodResourcesRead:
		return len(s.resources) > 0
	}
	return false
}

func (s *Server) checkParams(ctx context.Context, method mcp.MCPMethod, m message) (code int, err error) {
	switch method {
	case mcp.MethodToolsList, mcp.MethodPromptsList, mcp.MethodResourcesList, mcp.MethodResourcesTemplatesList:
		var params struct{ Cursor json.RawMessage }
		if len(m.params) > 0 {
			err = readParams(m, &params)
		}
		if err == nil {
			err = checkCursor(params.Cursor)
		}
	case mcp.MethodToolsCall:
		var params mcp.CallToolParams
		if err = readParams(m, &params); err == nil {
			err = s.checkTool(ctx, params.Name)
		}
	case mcp.MethodPromptsGet:
		var params mcp.GetPromptParams
		if err = readParams(m, &params); err == nil {
			err = s.checkPrompt(ctx, params)
		}
	case mcp.MethodResourcesRead:
		var params mcp.ReadResourceParams
		if err = readParams(m, &params); err != nil {
			break
		}
		if err := s.checkResource(params.URI); err != nil {
			return notFoundCode(m), err
		}
	case mcp.MethodCompletionComplete:
		err = readParams(m, &mcp.CompleteParams{})
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

// checkTool says which tools the caller has when name is none of them.
func (s *Server) checkTool(ctx context.Context, name string) error {
	if s.serves(name) && s.shows(ctx, name) {
		return nil
	}
	var known []string
	for _, t := range s.offered {
		if s.shows(ctx, t.Name) {
			known = append(known, t.Name)
		}
	}
	hint := ""
	if near := tool.Closest(name, known); near != "" {
		hint = fmt.Sprintf(" Did you mean %s?", near)
	}
	return &prompts.Mistake{Text: fmt.Sprintf("There is no tool %s.%s Known: %s.", errtext.Text(name), hint, strings.Join(known, ", "))}
}

// shows says whether a tool is not hidden from the caller; see [Server.hideByRole].
func (s *Server) shows(ctx context.Context, tool string) bool {
	return s.http.Gate == nil || s.usable(ctx, tool)
}

func (s *Server) checkPrompt(ctx context.Context, params mcp.GetPromptParams) (err error) {
	p, err := prompts.Find(s.prompts, params.Name)
	if err != nil {
		return err
	}
	defer s.recoverAs(ctx, p.Name, &err)
	_, err = s.resolve(s.asking(ctx), p, params.Arguments)
	return err
}

// notFoundCode is the code for a resource that is not there: each era has its own.
func notFoundCode(m message) int {
	if m.modern() {
		return mcp.INVALID_PARAMS
	}
	return mcp.RESOURCE_NOT_FOUND
}

// modern says whether the message is of protocol version 2026-07-28 or later.
func (m message) modern() bool {
	var params struct {
		Meta mcp.Meta `json:"_meta"`
	}
	return json.Unmarshal(m.params, &params) == nil && mcp.IsModernProtocol(params.Meta.ProtocolVersion())
}

// misaddressed says whether mcp-go refuses r for its headers, which comes before
// what is wrong with its params.
func misaddressed(r *http.Request, m message) bool {
	return m.modern() && mcp.ValidateStandardHeaders(r.Header.Get, r.Header.Get(mcp.HeaderProtocolVersion), mcp.MCPMethod(m.method), m.params) != nil
}

// refusedStatus is the status of an answer that refuses m's params: clients of
// the legacy protocol read the error of an answer only where it is 200.
func refusedStatus(m message) int {
	if m.modern() {
		return http.StatusBadRequest
	}
	return http.StatusOK
}
