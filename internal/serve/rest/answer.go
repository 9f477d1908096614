package rest

import (
	"encoding/json"
	"net/http"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// operation is the route as what can be asked for.
func (r route) operation() *operation {
	return &operation{
		id: r.tool.Name, method: r.method, path: r.path, summary: r.tool.Title, description: r.naming(r.tool.Description),
		tag: r.tool.Toolset, parameters: r.parameters(),
		responses: map[int]map[string]any{http.StatusOK: r.described()},
		problems:  []int{400, 401, 403, 404, 429, 500, 502, 503, 504},
		answer:    r.answer,
	}
}

// described is the answer in an OpenAPI document: JSON, or the picture that was asked for.
func (r route) described() map[string]any {
	d := described("The answer of the tool "+r.tool.Name, "application/json", r.tool.Output())
	if _, ok := r.arguments["chart"]; ok {
		content, _ := d["content"].(map[string]any)
		for _, format := range []charts.Format{charts.PNG, charts.SVG} {
			content[format.MediaType()] = map[string]any{"schema": map[string]any{"type": "string", "contentMediaType": format.MediaType()}}
		}
	}
	return d
}

// answer calls the tool.
func (r route) answer(request *http.Request, _ []byte) (response, error) {
	if err := needScope(request, r.options, r.tool.Scope()); err != nil {
		return response{}, err
	}
	arguments, err := r.read(request)
	if err != nil {
		return response{}, err
	}
	return r.call(request, arguments)
}

func (r route) call(request *http.Request, arguments map[string]any) (response, error) {
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return response{}, err
	}
	answer, failure := r.options.Call(request.Context(), r.tool, encoded)
	if failure != nil {
		return response{}, newProblem(statusOf(failure.Code), r.failureText(failure))
	}
	if image := answer.Image; image != nil {
		return response{status: http.StatusOK, body: image.Data, media: image.Format.MediaType()}, nil
	}
	return response{status: http.StatusOK, body: answer.JSON}, nil
}

// statusOf is what a failure is over HTTP. Whatever is wrong with the database, the
// caller can only come back.
func statusOf(code tool.Code) int {
	switch code {
	case tool.InvalidArgument, tool.Code(asleep.BadID), tool.Code(asleep.Invalid):
		return http.StatusBadRequest
	case tool.Forbidden:
		return http.StatusForbidden
	case tool.NotFound:
		return http.StatusNotFound
	case tool.NotConfirmed, tool.Exists, tool.Pending, tool.NotAdded:
		return http.StatusConflict
	case tool.Code(asleep.BadKey), tool.Code(asleep.PlanExpired), tool.Code(asleep.Quota), tool.Code(asleep.BadResponse),
		tool.Orphaned, tool.Unfinished, tool.OutcomeUnknown:
		return http.StatusBadGateway
	case tool.Code(asleep.RateLimited), tool.Code(asleep.Unavailable), tool.NoKey, tool.NoDirectory, tool.NoDiary, tool.Cancelled:
		return http.StatusServiceUnavailable
	case tool.TimedOut:
		return http.StatusGatewayTimeout
	}
	if code.OfDatabase() {
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError // a fault of this program
}
