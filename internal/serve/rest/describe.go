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

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// problemSchemas are those of a problem, as RFC 9457 has it.
//
//go:embed problem.json
var problemSchemas []byte

// describe is the OpenAPI document, with the tools' own schemas of their answers.
func describe(o Options, operations []*operation) []byte {
	var schemas map[string]any
	if err := json.Unmarshal(problemSchemas, &schemas); err != nil {
		panic(err) // a test reads it
	}
	id := map[string]any{
		"type": "object", "additionalProperties": false, "required": []string{"user_id"}, "properties": map[string]any{"user_id": map[string]any{"type": "string"}},
	}
	schemas["UserID"] = id
	paths := map[string]map[string]any{}
	for _, o := range operations {
		if paths[o.path] == nil {
			paths[o.path] = map[string]any{}
		}
		paths[o.path][strings.ToLower(o.method)] = o.describe()
		if o.body != nil {
			schemas[o.bodyName] = o.body.schema()
		}
	}
	components := map[string]any{"schemas": schemas}
	document := map[string]any{
		"openapi": "3.1.0", "paths": paths, "components": components, "tags": tagsOf(operations),
		"security": []map[string][]string{}, // none, without a gate
		"info": map[string]any{
			"title": "asleep-mcp", "version": o.Version, "license": map[string]string{"name": "MIT", "identifier": "MIT"},
			"description": "Sleep data from Asleep: the answers of the MCP server's tools, which are also at /mcp. The date of a night is that of its final awakening.",
		},
	}
	if o.PublicURL != "" {
		document["servers"] = []map[string]string{{"url": strings.TrimSuffix(o.PublicURL, "/")}}
	}
	if o.Gate != nil {
		components["securitySchemes"] = map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
		document["security"] = []map[string][]string{{"token": {}}}
	}
	written, err := json.Marshal(document)
	if err != nil {
		panic(err) // all of it is known at start
	}
	return written
}

// tagged says what the operations with a tag are about.
var tagged = map[string]string{
	tool.ToolsetSleep:  "One person's nights",
	tool.ToolsetCohort: "Groups of people",
	tool.ToolsetManage: "Organizations, members and users",
	"users":            "Who a login is",
}

// tagsOf declares the tags of the operations.
func tagsOf(operations []*operation) (tags []map[string]string) {
	used := map[string]bool{}
	for _, o := range operations {
		used[o.tag] = true
	}
	for _, tag := range slices.Sorted(maps.Keys(used)) {
		tags = append(tags, map[string]string{"name": tag, "description": tagged[tag]})
	}
	return tags
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

// shownOperation is what the page shows of one.
type shownOperation struct {
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
		Paths      map[string]map[string]shownOperation
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(description, &document); err != nil {
		panic(err) // it was written above
	}
	var all []shownOperation
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
