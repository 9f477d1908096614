package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// operation is what can be asked for with one method at one path.
type operation struct {
	id, method, path     string
	summary, description string
	tag                  string
	parameters           []map[string]any
	body                 *field // nil: none
	bodyName             string // of its schema
	responses            map[int]map[string]any
	problems             []int // statuses

	// answer is called once the body is what it must be; nil stands for none.
	answer func(r *http.Request, body []byte) (response, error)
}

// response is an answer with a body; nil: none.
type response struct {
	status int
	body   []byte
	media  string // media type of the body; "": JSON
}

// maxBody bounds a body, in bytes.
const maxBody = 16 << 10

// ServeHTTP implements [http.Handler].
func (o *operation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := o.read(w, r)
	var answer response
	if err == nil {
		answer, err = o.answer(r, body)
	}
	if err != nil {
		p, known := errors.AsType[*problem](err)
		if !known {
			p = newProblem(http.StatusInternalServerError, "asleep-mcp failed on this request. Try again.")
		}
		p.write(w)
		return
	}
	if answer.body != nil {
		w.Header().Set("Content-Type", cmp.Or(answer.media, "application/json"))
	}
	w.WriteHeader(answer.status)
	_, _ = w.Write(answer.body) // nobody is left to tell
}

// read returns the body; nil where there is none.
func (o *operation) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if o.body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	switch _, tooLarge := errors.AsType[*http.MaxBytesError](err); {
	case tooLarge:
		return nil, newProblem(http.StatusRequestEntityTooLarge, "The body is longer than 16 KiB.")
	case err != nil:
		return nil, newProblem(http.StatusBadRequest, "The body could not be read completely.")
	case len(body) == 0 && o.body.required:
		return nil, newProblem(http.StatusBadRequest, "A body is required.")
	case len(body) == 0:
		return nil, nil
	}
	if kind := r.Header.Get("Content-Type"); kind != "" {
		if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
			return nil, newProblem(http.StatusUnsupportedMediaType, "The Content-Type must be application/json.")
		}
	}
	value, err := readBody(body)
	if err != nil {
		return nil, err
	}
	read, mistakes := o.body.read("body", value)
	if mistakes != nil {
		return nil, invalid(mistakes)
	}
	return json.Marshal(read)
}

// readBody decodes a body. It refuses a name that is given twice, as parsers differ in which
// one they take, and drops a byte order mark.
func readBody(body []byte) (value any, err error) {
	err = jsonv2.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &value)
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok && errors.Is(err, jsontext.ErrDuplicateName) {
		return nil, newProblem(http.StatusBadRequest, fmt.Sprintf("The body has %s twice. Give it once.", tool.Shown(syntax.JSONPointer.LastToken())))
	}
	if err != nil {
		return nil, newProblem(http.StatusBadRequest, "The body is not valid JSON in UTF-8.")
	}
	return value, nil
}

// describe is the operation in an OpenAPI document.
func (o *operation) describe() map[string]any {
	responses := map[string]any{}
	for status, response := range o.responses {
		responses[strconv.Itoa(status)] = response
	}
	for _, status := range o.problems {
		responses[strconv.Itoa(status)] = described(http.StatusText(status), "application/problem+json", named("ErrorModel"))
	}
	d := map[string]any{
		"operationId": o.id, "summary": o.summary, "description": o.description, "tags": []string{o.tag}, "responses": responses,
	}
	if len(o.parameters) > 0 {
		d["parameters"] = o.parameters
	}
	if o.body != nil {
		request := map[string]any{"content": map[string]any{"application/json": map[string]any{"schema": named(o.bodyName)}}}
		if o.body.required {
			request["required"] = true
		}
		d["requestBody"] = request
	}
	return d
}

// described is a response in an OpenAPI document.
func described(what, media string, schema any) map[string]any {
	return map[string]any{"description": what, "content": map[string]any{media: map[string]any{"schema": schema}}}
}

// named refers to a schema of the document.
func named(schema string) map[string]any {
	return map[string]any{"$ref": "#/components/schemas/" + schema}
}

// needScope is nil where the caller's token has the scope, or where no token
// could give it to them: then the tool refuses.
func needScope(r *http.Request, o Options, scope access.Scope) error {
	if o.Gate == nil || !access.From(r.Context()).Lacks(scope) {
		return nil
	}
	why := o.Gate.Insufficient(r, scope)
	p := newProblem(why.Status, why.Text)
	p.headers = http.Header{}
	why.SetHeaders(p.headers)
	return p
}
