package web

import (
	"bytes"
	"io"
	"net/http"
)

// Door is what answers at a path. One of Admitted and Open is set.
type Door struct {
	Path  string
	Below bool // it answers at all paths below Path too
	Tell  Tell // for requests that do not come through

	// Admitted answers callers who were admitted, once all of the body is there.
	Admitted func(w http.ResponseWriter, r *http.Request, body []byte)
	// Open answers everybody.
	Open http.HandlerFunc
	// AnyPage has pages of every origin read the answer, where there is a gate: it is
	// public. Without one, pages need not know what runs on this machine.
	AnyPage bool
}

// doorkeeper lets callers through a door.
type doorkeeper struct {
	Door

	admission *admission
	body      bodyLimit
}

// answer passes a request on once its caller is admitted and all of it is there.
// Until then its connection is one of those that wait.
func (d *doorkeeper) answer(w http.ResponseWriter, r *http.Request, tell Tell) {
	if d.Open != nil {
		d.Open(w, r)
		return
	}
	if r = d.admission.admit(w, r, tell); r == nil {
		return
	}
	body, free, ok := d.body.read(w, r, tell)
	if !ok {
		return
	}
	defer free()
	defer serving(r.Context())()
	r.Body = io.NopCloser(bytes.NewReader(body))
	d.Admitted(w, r, body)
}
