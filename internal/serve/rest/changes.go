package rest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// change is a tool that changes something, at a path of its own. Its arguments are in the
// path, and in the body of a POST or the query of a DELETE: proxies may drop the body of
// a DELETE.
type change struct{ route }

// changes are the tools that have such a path, by name.
var changes = map[string]struct{ method, path string }{
	"create_organization":           {http.MethodPost, "/api/organizations"},
	"set_cadence":                   {http.MethodPost, "/api/organizations/{organization}/cadence"},
	"add_user_to_organization":      {http.MethodPost, "/api/organizations/{organization}/members"},
	"remove_user_from_organization": {http.MethodDelete, "/api/organizations/{organization}/members"},
}

func changeOf(o Options, t tool.Tool, others map[string]string) change {
	at := changes[t.Name]
	r := routeOf(o, t, others)
	r.method, r.path = at.method, at.path
	return change{r}
}

// operation is the change as what can be asked for.
func (c change) operation() *operation {
	o := c.route.operation()
	o.answer = c.answer
	o.problems = []int{400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503, 504}
	o.parameters = slices.DeleteFunc(o.parameters, func(p map[string]any) bool { return p["in"] == "query" && c.method == http.MethodPost })
	for _, p := range o.parameters {
		if public, _ := p["name"].(string); p["in"] == "path" {
			p["description"] = c.naming(c.arguments[public].description)
		}
	}
	if c.method == http.MethodPost {
		body := c.body()
		o.body, o.bodyName = &body, bodyName(c.tool.Name)
	}
	return o
}

// body has the arguments that are not in the path.
func (c change) body() field {
	body := field{kind: "object", required: true}
	for _, public := range slices.Sorted(maps.Keys(c.arguments)) {
		if !c.inPath(public) {
			body.fields = append(body.fields, c.arguments[public].field(public))
		}
	}
	return body
}

// field is the argument as a member of a body.
func (a argument) field(public string) field {
	f := field{name: public, doc: a.description, kind: a.kind, required: a.required}
	number := func(keyword string) float64 {
		n, _ := a.schema[keyword].(float64) // a schema that was decoded has no other numbers
		return n
	}
	if f.kind == "string" {
		f.least, f.most = number("minLength"), number("maxLength")
	} else {
		f.least, f.most = number("minimum"), number("maximum")
	}
	if words, ok := a.schema["enum"].([]any); ok {
		for _, word := range words {
			f.enum = append(f.enum, fmt.Sprint(word))
		}
	}
	return f
}

// bodyName is the name of the schema of a tool's body.
func bodyName(tool string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(tool, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String() + "Body"
}

// answer calls the tool.
func (c change) answer(request *http.Request, body []byte) (response, error) {
	if err := needScope(request, c.options, c.tool.Scope()); err != nil {
		return response{}, err
	}
	arguments := map[string]any{}
	if c.method == http.MethodPost {
		if request.URL.RawQuery != "" {
			return response{}, newProblem(http.StatusBadRequest, "The query must be empty: send everything in the body.")
		}
		if err := json.Unmarshal(body, &arguments); err != nil {
			return response{}, err
		}
	}
	inAddress, err := c.read(request)
	if err != nil {
		return response{}, err
	}
	maps.Copy(arguments, inAddress)
	return c.call(request, arguments)
}
