package web

import (
	"errors"
	"io"
	"net/http"
)

// bodyLimit bounds the body of a request.
type bodyLimit struct {
	bytes   int64
	tooLong string // what the sender of a longer one is told
}

// read reads the whole body, or answers.
func (l bodyLimit) read(w http.ResponseWriter, r *http.Request, tell Tell) (body []byte, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, l.bytes))
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case tooLarge:
		tell(w, http.StatusRequestEntityTooLarge, l.tooLong)
	case err != nil:
		tell(w, http.StatusBadRequest, "The body could not be read to its end.")
	default:
		return body, true
	}
	return nil, false
}
