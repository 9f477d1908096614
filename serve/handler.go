package serve

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// Handler answers MCP at /mcp and health at /healthz. It is for requests that
// came over loopback; Serve sees to that.
func (s *Server) Handler() http.Handler {
	inner := server.NewStreamableHTTPServer(s.mcp,
		server.WithStateLess(true),
		server.WithDisableStreaming(true),
		server.WithStreamableHTTPLogger(slog.New(constantOnly{s.log.Handler()})),
	)
	local := newLocalOnly()
	return s.recovered(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if why := local.refuses(r); why != "" {
			refuse(w, http.StatusForbidden, &refusal{code: mcp.INVALID_REQUEST, text: why})
			return
		}
		switch r.URL.Path {
		case "/mcp":
			guard(w, r, inner)
		case "/healthz":
			health(w, r)
		default:
			refuse(w, http.StatusNotFound, &refusal{code: mcp.INVALID_REQUEST, text: "There is nothing here. MCP is at /mcp, health at /healthz."})
		}
	})
}

// recovered answers a panic without its text, which net/http would print.
func (s *Server) recovered(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				s.log.LogAttrs(r.Context(), slog.LevelError, "request panicked", slog.String("stack", stack()))
				refuse(w, http.StatusInternalServerError, &refusal{code: mcp.INTERNAL_ERROR, text: "asleep-mcp failed on this message."})
			}
		}()
		next(w, r)
	})
}

// refuse answers with a JSON-RPC error, which an MCP client can read whatever
// the status.
func refuse(w http.ResponseWriter, status int, why *refusal) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(why.encode(), '\n')) // nobody is left to tell
}

func health(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, &refusal{code: mcp.INVALID_REQUEST, text: "Use GET."})
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"status":"ok"}`+"\n")
}

// guard passes the messages on that mcp-go may see.
func guard(w http.ResponseWriter, r *http.Request, inner http.Handler) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		refuse(w, http.StatusMethodNotAllowed, &refusal{code: mcp.INVALID_REQUEST, text: "Use POST: this server keeps no streams and no sessions."})
		return
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, &refusal{code: mcp.INVALID_REQUEST, text: "The Content-Type must be application/json."})
		return
	}
	body, status, why := readBody(w, r)
	if why != nil {
		refuse(w, status, why)
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
	// Neither means anything here, and mcp-go keys its state by the first.
	r.Header.Del(server.HeaderKeySessionID)
	r.Header.Del(mcp.HeaderLastEventID)
	w.Header().Set("X-Accel-Buffering", "no")
	r.Body = io.NopCloser(bytes.NewReader(body))
	inner.ServeHTTP(w, r)
}

// readBody reads the whole body, which may have one message of the longest kind.
func readBody(w http.ResponseWriter, r *http.Request) (body []byte, status int, why *refusal) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxMessage))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, http.StatusRequestEntityTooLarge, tooLong
	case err != nil:
		return nil, http.StatusBadRequest, &refusal{code: mcp.PARSE_ERROR, text: "The body could not be read to its end."}
	}
	return body, 0, nil
}

var tooLong = &refusal{code: mcp.INVALID_REQUEST, text: "The message is longer than 1 MiB and was not read."}
