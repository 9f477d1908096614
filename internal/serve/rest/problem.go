package rest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
)

// problem is an error for the caller.
type problem struct {
	Title  string   `json:"title"`
	Status int      `json:"status"`
	Detail string   `json:"detail"`
	Errors []detail `json:"errors,omitempty"`

	headers http.Header
}

// detail is one mistake in a request.
type detail struct {
	Message  string `json:"message"`
	Location string `json:"location"` // such as body.metadata.height
}

func (p *problem) Error() string { return p.Detail }

func newProblem(status int, text string) *problem {
	return &problem{Title: http.StatusText(status), Status: status, Detail: text}
}

// invalid is the problem of a request whose parts are not what they must be.
func invalid(mistakes []detail) *problem {
	p := newProblem(http.StatusUnprocessableEntity, "validation failed")
	p.Errors = mistakes
	return p
}

func (p *problem) write(w http.ResponseWriter) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p) // texts can be written
	maps.Copy(w.Header(), p.headers)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(b.Bytes()) // nobody is left to tell
}

// Problem answers with a problem.
func Problem(w http.ResponseWriter, status int, detail string) { newProblem(status, detail).write(w) }
