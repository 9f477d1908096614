package wire

import (
	"context"
	"crypto/sha256"
	"encoding/base64"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// consentID is the name of the question whether something may be deleted.
const consentID = "confirm"

type askingKey struct{}

// withAsking marks a door whose clients can be asked something while a call runs. In
// revisions before 2026-07-28 that needs a connection that stays, which HTTP has not here.
func withAsking(ctx context.Context) context.Context {
	return context.WithValue(ctx, askingKey{}, true)
}

// withConsent returns ctx with what is known of the person's will: whether the client can
// ask them, and what they said, if it asked already.
func withConsent(ctx context.Context, request mcp.CallToolRequest) context.Context {
	able := capabilities(ctx, request).Elicitation
	if able == nil || able.Form == nil && able.URL != nil || !modernRequest(request) && ctx.Value(askingKey{}) == nil {
		return ctx
	}
	given := server.ElicitationResponse(request.Params.InputResponses, consentID)
	if given == nil || request.Params.RequestState != subject(request) {
		return tool.WithConsent(ctx, tool.NotAsked)
	}
	return tool.WithConsent(ctx, consentOf(given))
}

func consentOf(given *mcp.ElicitationResult) tool.Consent {
	if given.Action == mcp.ElicitationResponseActionAccept {
		return tool.Agreed
	}
	return tool.Declined
}

// subject ties an answer to what was asked, so that it is of no use for other arguments.
// It is not secret: who would make it up has the argument confirm.
func subject(request mcp.CallToolRequest) string {
	arguments := jsontext.Value(request.Params.RawArguments).Clone()
	_ = arguments.Canonicalize() // what is no JSON is refused by the tool
	sum := sha256.Sum256(append([]byte(request.Params.Name+"\x00"), arguments...))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func question(text string) mcp.ElicitationParams {
	return mcp.ElicitationParams{
		Mode: mcp.ElicitationModeForm, Message: text, RequestedSchema: map[string]any{"type": "object", "properties": map[string]any{}},
	}
}

// askedOf is the result that has a client ask and call again.
func askedOf(request mcp.CallToolRequest, text string) *mcp.CallToolResult {
	return server.NewInputRequestBuilder(subject(request)).Elicit(consentID, question(text)).ToolResult()
}

// askNow asks through a connection that stays. Who cannot be reached has not agreed.
func askNow(ctx context.Context, text string) tool.Consent {
	given, err := server.ServerFromContext(ctx).RequestElicitation(ctx, mcp.ElicitationRequest{Params: question(text)})
	if err != nil {
		return tool.Declined
	}
	return consentOf(given)
}
