package rest

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"maps"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// describe is the OpenAPI document, with the tools' own schemas of their answers.
func describe(api *huma.OpenAPI, routes []route) []byte {
	written, err := api.MarshalJSON()
	if err != nil {
		panic(err) // all of it is known at start
	}
	var document map[string]any
	if err := json.Unmarshal(written, &document); err != nil {
		panic(err)
	}
	for _, r := range routes {
		at(document, "paths", r.path, "get", "responses")["200"] = map[string]any{
			"description": "The answer of the tool " + r.tool.Name + ".",
			"content":     map[string]any{"application/json": map[string]any{"schema": r.tool.Output}},
		}
	}
	written, err = json.Marshal(document)
	if err != nil {
		panic(err)
	}
	return written
}

// at goes down into objects, which are made where they are missing.
func at(object map[string]any, names ...string) map[string]any {
	for _, name := range names {
		next, ok := object[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			object[name] = next
		}
		object = next
	}
	return object
}

//go:embed docs.css
var style string

//go:embed docs.html
var pageText string

// pagePolicy lets a browser use the page's own style and nothing else.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; frame-ancestors 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

// operation is what the page shows of one.
type operation struct {
	Method, Path         string
	Summary, Description string
	Parameters           []parameter
	RequestBody          struct {
		Content map[string]struct{ Schema schema }
	}
}

// parameter is one in the path, in the query, or in the body.
type parameter struct {
	Name, In, Description string
	Required              bool
	Schema                schema
}

type schema struct {
	Ref         string `json:"$ref"`
	Type        any    // a text, or a list of them
	Format      string
	Description string
	Enum        []any
	Default     any
	Properties  map[string]schema
	Required    []string
}

// fields are the members of a body's schema, and those of the objects in it.
func (s schema) fields(named map[string]schema, prefix string) (all []parameter) {
	if to, ok := named[strings.TrimPrefix(s.Ref, "#/components/schemas/")]; ok {
		s = to
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		field := s.Properties[name]
		if inner := field.fields(named, prefix+name+"."); len(inner) > 0 {
			all = append(all, inner...)
			continue
		}
		all = append(all, parameter{prefix + name, "body", field.Description, slices.Contains(s.Required, name), field})
	}
	return all
}

// page is the document for people.
func page(description []byte) []byte {
	var document struct {
		Info       struct{ Title, Version, Description string }
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(description, &document); err != nil {
		panic(err) // it was written above
	}
	var all []operation
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(document.Paths[path])) {
			o := document.Paths[path][method]
			o.Method, o.Path = method, path
			o.Parameters = append(o.Parameters, o.RequestBody.Content["application/json"].Schema.fields(document.Components.Schemas, "")...)
			all = append(all, o)
		}
	}
	var b bytes.Buffer
	err := template.Must(template.New("docs").Parse(pageText)).Execute(&b, map[string]any{
		"Info": document.Info, "Operations": all, "Style": template.CSS(style),
	})
	if err != nil {
		panic(err)
	}
	return b.Bytes()
}
