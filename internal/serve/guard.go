package serve

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// let passes a request on once its caller may come in and all of it is there.
// Until then its connection is one of those that wait.
func (s *Server) let(w http.ResponseWriter, r *http.Request, tell tell, next func(r *http.Request, body []byte)) {
	if r = s.admit(w, r, tell); r == nil {
		return
	}
	body, ok := readBody(w, r, tell)
	if !ok {
		return
	}
	defer serving(r.Context())()
	r.Body = io.NopCloser(bytes.NewReader(body))
	next(r, body)
}

// readBody reads the whole body, which may have one message of the longest kind,
// or answers.
func readBody(w http.ResponseWriter, r *http.Request, tell tell) (body []byte, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		tell(w, http.StatusRequestEntityTooLarge, tooLong.text)
	case err != nil:
		tell(w, http.StatusBadRequest, "The body could not be read to its end.")
	default:
		return body, true
	}
	return nil, false
}

var tooLong = &refusal{code: mcp.INVALID_REQUEST, text: "The message is longer than 1 MiB and was not read."}

// guard passes the messages on that mcp-go may see.
func (s *Server) guard(w http.ResponseWriter, r *http.Request, body []byte, inner http.Handler) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, &refusal{code: mcp.INVALID_REQUEST, text: "Use POST: this server keeps no streams and no sessions."})
		return
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, &refusal{code: mcp.INVALID_REQUEST, text: "The Content-Type must be application/json."})
		return
	}
	m, why := inspect(body)
	if why != nil {
		refuse(w, http.StatusBadRequest, why)
		return
	}
	if !m.wantsAnswer() && (m.method == cancelled || m.method == "") {
		// mcp-go would cancel whichever client's call has the id: without
		// sessions it cannot tell them apart. Closing the connection cancels.
		// Answers are dropped too, since no client was asked anything.
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if !s.scoped(w, r, m) {
		return
	}
	if why := s.refuses(r.Context(), m); why != nil && !misaddressed(r, m) {
		refuse(w, refusedStatus(m), why)
		return
	}
	// Neither means anything here, and mcp-go keys its state by the first.
	r.Header.Del(server.HeaderKeySessionID)
	r.Header.Del(mcp.HeaderLastEventID)
	w.Header().Set("X-Accel-Buffering", "no")
	inner.ServeHTTP(w, r)
}

// refuse answers with a JSON-RPC error, which an MCP client can read whatever
// the status.
func refuse(w http.ResponseWriter, status int, why *refusal) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(why.encode(), '\n')) // nobody is left to tell
}
