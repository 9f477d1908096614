package wire

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// httpDoor passes the messages on that mcp-go may see, and answers the others.
type httpDoor struct {
	*Server

	inner http.Handler
}

// HTTP returns what answers one message over HTTP, whose caller is in the context
// of r and all of whose body is there.
func (s *Server) HTTP() func(w http.ResponseWriter, r *http.Request, body []byte) {
	inner := server.NewStreamableHTTPServer(s.mcp,
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithDisableLocalhostProtection(true), // it checks the Host of some requests only, and no Origin
		server.WithStreamableHTTPLogger(slog.New(constantOnly{s.log.Handler()})),
	)
	return httpDoor{s, withResponseWriter(withResultWriter(inner))}.serve
}

func (d httpDoor) serve(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		Tell(w, http.StatusMethodNotAllowed, "Use POST: this server keeps no streams and no sessions.")
		return
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		Tell(w, http.StatusUnsupportedMediaType, "The Content-Type must be application/json.")
		return
	}
	if message := withoutMark(body); len(message) < len(body) {
		body, r.Body = message, io.NopCloser(bytes.NewReader(message))
	}
	m, why := inspect(body)
	if why == nil {
		why = unknownVersion(r, m)
	}
	if why != nil {
		refuse(w, http.StatusBadRequest, why)
		return
	}
	if !m.wantsAnswer() && (m.method == cancelled || m.method == "") {
		// mcp-go would cancel whichever client's call has the id: without
		// sessions it cannot tell them apart. Closing the connection cancels.
		// Nor is there a call that an answer could be for: nobody was asked.
		w.WriteHeader(http.StatusAccepted)
		return
	}
	if !d.mayAsk(w, r, m) {
		return
	}
	if why := d.checks.refuse(r.Context(), m); why != nil && !misaddressed(r, m) {
		refuse(w, refusedStatus(m, why), why)
		return
	}
	if d.skills.answers(m) {
		d.answerSkills(w, r, m)
		return
	}
	// Neither means anything here, and mcp-go keys its state by the first.
	r.Header.Del(server.HeaderKeySessionID)
	r.Header.Del(mcp.HeaderLastEventID)
	w.Header().Set("X-Accel-Buffering", "no")
	d.inner.ServeHTTP(w, r)
}

// answerSkills answers a request to the extension for skills.
func (d httpDoor) answerSkills(w http.ResponseWriter, r *http.Request, m message) {
	if why := checkEnvelope(m, r.Header); why != nil {
		refuse(w, http.StatusBadRequest, why)
		return
	}
	response, why := d.skills.answer(r.Context(), m)
	if why != nil {
		refuse(w, refusedStatus(m, why), why)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(response) // nobody is left to tell
}

// mayAsk reports whether m's caller has the scopes for it, or answers with all that
// it needs. What the caller's role can never have is hidden, and refused inside.
func (d httpDoor) mayAsk(w http.ResponseWriter, r *http.Request, m message) bool {
	if d.gate == nil {
		return true
	}
	needed, why := neededScopes(d.offers, m)
	if why != nil {
		refuse(w, http.StatusBadRequest, &refusal{code: why.code, text: why.text, id: m.id})
		return false
	}
	if !slices.ContainsFunc(needed, access.From(r.Context()).Lacks) {
		return true
	}
	lack := d.gate.Insufficient(r, needed...)
	d.watch.Refused(lack.Status)
	lack.SetHeaders(w.Header())
	refuse(w, lack.Status, &refusal{code: mcp.INVALID_REQUEST, text: lack.Text, id: m.id})
	return false
}

// unknownVersion refuses a version of the protocol in the header that there is not, in a
// form that clients can read. Modern messages say their version themselves.
func unknownVersion(r *http.Request, m message) *refusal {
	version := r.Header.Get(mcp.HeaderProtocolVersion)
	if version == "" || mcp.IsValidProtocolVersion(version) || m.modern() {
		return nil
	}
	text := fmt.Sprintf("The header %s names an unknown version of the protocol, received %s. Known: %s.",
		mcp.HeaderProtocolVersion, errtext.Text(version), strings.Join(mcp.ValidProtocolVersions, ", "))
	return &refusal{code: mcp.INVALID_REQUEST, text: text, id: m.id}
}

// misaddressed reports whether mcp-go refuses r for its headers, which comes before
// what is wrong with its params.
func misaddressed(r *http.Request, m message) bool {
	return m.modern() && mcp.ValidateStandardHeaders(r.Header.Get, r.Header.Get(mcp.HeaderProtocolVersion), mcp.MCPMethod(m.method), m.params) != nil
}

// refusedStatus is the status of an answer that refuses m: clients of the legacy
// protocol read the error of an answer only where it is 200.
func refusedStatus(m message, why *refusal) int {
	switch {
	case !m.modern():
		return http.StatusOK
	case why.code == mcp.METHOD_NOT_FOUND:
		return http.StatusNotFound
	}
	return http.StatusBadRequest
}
