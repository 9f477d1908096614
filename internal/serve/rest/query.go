package rest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// parameters are the route's arguments in an OpenAPI document.
func (r route) parameters() (all []map[string]any) {
	for _, public := range slices.Sorted(maps.Keys(r.arguments)) {
		a := r.arguments[public]
		p := map[string]any{"name": public, "in": "query", "description": r.naming(a.description), "schema": a.schema}
		if a.required {
			p["required"] = true
		}
		if r.inPath(public) {
			p["in"], p["required"] = "path", true
			p["description"] = r.naming(a.description) + ` "` + lastSession + `" is the newest finished night.`
		}
		all = append(all, p)
	}
	return all
}

// read makes arguments of a query, as texts: tools read whatever they take from texts.
func (r route) read(request *http.Request) (map[string]any, error) {
	query, err := url.ParseQuery(request.URL.RawQuery)
	if err != nil { // a part left out could be the one that says whose nights
		return nil, newProblem(http.StatusBadRequest, `The query cannot be read. Write it as name=value&name=value, with "%" and two hexadecimal digits for characters other than letters and digits.`)
	}
	arguments := map[string]any{}
	for public, values := range query {
		a, ok := r.arguments[public]
		if !ok || r.inPath(public) {
			return nil, r.unknown(public)
		}
		arguments[a.name] = a.value(values)
	}
	for public, a := range r.arguments {
		if id := request.PathValue(public); r.inPath(public) && (a.name != "session_id" || id != lastSession) {
			arguments[a.name] = id
		}
	}
	return arguments, nil
}

func (r route) unknown(public string) *problem {
	known := slices.DeleteFunc(slices.Sorted(maps.Keys(r.arguments)), r.inPath)
	hint := ""
	if near := tool.Closest(public, known); near != "" {
		hint = fmt.Sprintf(" Did you mean %q?", near)
	}
	return newProblem(http.StatusBadRequest, fmt.Sprintf("There is no parameter %.60q.%s Known: %s.", public, hint, strings.Join(known, ", ")))
}

func (a argument) value(values []string) any {
	if a.kind == "array" && len(values) > 1 {
		var all []string
		for _, v := range values {
			all = append(all, strings.Split(v, ",")...)
		}
		return all
	}
	if len(values) > 1 {
		return values // refused: not a list
	}
	return values[0]
}
