package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// wordForm may be a tool's name; one in quotes is what was received, and one after a
// slash stands in a path already.
var wordForm = regexp.MustCompile(`["/]?\b[a-z]+(_[a-z]+)+\b`)

// failureText is a tool's failure as a caller of REST would word it: arguments by their
// names in queries, examples as requests that can be sent.
func (r route) failureText(f *tool.Failure) string {
	return r.naming(f.Render(func(name string) string { return strconv.Quote(r.publicName(name)) }, r.example))
}

// publicName is an argument's name in queries.
func (r route) publicName(name string) string {
	for public, a := range r.arguments {
		if a.name == name {
			return public
		}
	}
	return name
}

// naming is a text in which tools that have a route are named by that.
func (r route) naming(text string) string {
	return wordForm.ReplaceAllStringFunc(text, func(word string) string {
		if path, ok := r.others[word]; ok {
			return "GET " + path
		}
		return word
	})
}

// example is an object of arguments as a path with its query, or with its body where that has
// the arguments, or as it is when it is none of this route's.
func (r route) example(object json.RawMessage) string {
	var given map[string]any
	if json.Unmarshal(object, &given) != nil {
		return string(object)
	}
	path, query, body := r.path, url.Values{}, map[string]any{}
	for name, value := range given {
		public := r.publicName(name)
		_, known := r.arguments[public]
		list, isList := value.([]any)
		switch {
		case !known:
			return string(object)
		case r.inPath(public):
			path = strings.ReplaceAll(path, "{"+public+"}", url.PathEscape(fmt.Sprint(value)))
		case r.method == http.MethodPost:
			body[public] = value
		case isList:
			for _, one := range list {
				query.Add(public, fmt.Sprint(one))
			}
		default:
			query.Set(public, fmt.Sprint(value))
		}
	}
	for public := range r.arguments {
		path = strings.ReplaceAll(path, "{"+public+"}", lastSession)
	}
	if r.method == http.MethodPost {
		sent, err := json.Marshal(body)
		if err != nil {
			return string(object) // never: it was decoded
		}
		return "POST " + path + " with " + string(sent)
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
