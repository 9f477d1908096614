package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	smallBody = 16 << 10        // bytes of nearly every request
	mostLarge = 32              // bodies longer than that may be in memory at a time
	largeWait = 2 * time.Second // for another one to be answered
)

// bodyLimit bounds the body of a request, and the memory that the bodies of all requests
// take: thousands may arrive at a time, and each may be left half-sent.
type bodyLimit struct {
	bytes   int64
	tooLong string // what the sender of a longer one is told
	large   *semaphore.Weighted
}

func newBodyLimit(bytes int64, tooLong string) bodyLimit {
	return bodyLimit{bytes, tooLong, semaphore.NewWeighted(mostLarge)}
}

// read reads the whole body, or answers. Free must be called once the request is answered.
func (l bodyLimit) read(w http.ResponseWriter, r *http.Request, tell Tell) (body []byte, free func(), ok bool) {
	free = func() {}
	all := http.MaxBytesReader(w, r.Body, l.bytes)
	body, err := io.ReadAll(io.LimitReader(all, smallBody))
	if err == nil && len(body) == smallBody {
		if !l.makeRoom(r) {
			w.Header().Set("Retry-After", "5")
			tell(w, http.StatusServiceUnavailable, "Too many long messages are arriving at once. Try again in a few seconds.")
			return nil, free, false
		}
		free = func() { l.large.Release(1) }
		body, err = readOn(all, body, min(r.ContentLength, l.bytes))
	}
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	switch {
	case tooLarge:
		tell(w, http.StatusRequestEntityTooLarge, l.tooLong)
	case err != nil:
		tell(w, http.StatusBadRequest, "The body could not be read completely.")
	default:
		return body, free, true
	}
	free()
	return nil, func() {}, false
}

// makeRoom waits a little for room for a long body.
func (l bodyLimit) makeRoom(r *http.Request) bool {
	ctx, cancel := context.WithTimeout(r.Context(), largeWait)
	defer cancel()
	return l.large.Acquire(ctx, 1) == nil
}

// readOn reads the rest of a body of which a part is there, into memory for as much as it
// says it has; that may be untrue, or not said.
func readOn(rest io.Reader, body []byte, length int64) ([]byte, error) {
	buffer := bytes.NewBuffer(make([]byte, 0, max(length, 2*smallBody)+bytes.MinRead))
	buffer.Write(body)
	_, err := buffer.ReadFrom(rest)
	return buffer.Bytes(), err
}
