package rest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

var (
	// exampleForm is an object of arguments in a tool's text.
	exampleForm = regexp.MustCompile(`\{"[a-z_]+":[^{}]*\}`)
	// wordForm may be a tool's name; one in quotes is what was received.
	wordForm = regexp.MustCompile(`"?\b[a-z]+(_[a-z]+)+\b`)
)

// spoken is a tool's text as a caller of REST would say it: other tools that have a
// route by that, arguments by their names in queries, examples as paths.
func (r route) spoken(text string) string {
	for public, a := range r.arguments {
		text = strings.ReplaceAll(text, strconv.Quote(a.name), strconv.Quote(public))
	}
	text = exampleForm.ReplaceAllStringFunc(text, r.example)
	return wordForm.ReplaceAllStringFunc(text, func(word string) string {
		if path, ok := r.others[word]; ok {
			return "GET " + path
		}
		return word
	})
}

// example is an object of arguments as a path with its query, or as it is when it is
// none of this route's.
func (r route) example(object string) string {
	var given map[string]any
	if json.Unmarshal([]byte(object), &given) != nil {
		return object
	}
	path, query := r.path, url.Values{}
	for public, value := range given {
		_, known := r.arguments[public]
		list, isList := value.([]any)
		switch {
		case !known:
			return object
		case r.inPath(public):
			path = strings.ReplaceAll(path, "{"+public+"}", url.PathEscape(fmt.Sprint(value)))
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
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
