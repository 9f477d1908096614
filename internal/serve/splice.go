package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"
)

// splice is the way out of one request over HTTP. The answer of a tool is JSON
// already and goes out twice, as text and as structured content. mcp-go's
// encoders would read through it seven times in all, which costs more than all
// else that is done for a call. So they get a mark, and the answer takes its
// place when the message is written.
type splice struct {
	http.ResponseWriter

	answer  json.RawMessage // of the call, when it has one
	notices notices
}

type spliceKey struct{}

var (
	// mark is what mcp-go writes in place of an answer. It is random, so that no answer
	// contains it.
	mark = rand.Text()
	// marked is how mcp-go writes the content of a result that is the mark.
	marked = []byte(`"content":[{"type":"text","text":"` + mark + `"}]`)
	// buffers are for messages with an answer. Made anew for each, they would be
	// a third of what a call leaves to the garbage collector.
	buffers = sync.Pool{New: func() any { return new([]byte) }}
)

// errMarked ends a message with a mark that is not where it belongs. Nobody may
// take it for an answer.
var errMarked = errors.New("serve: mcp-go writes results in a form that is not known here")

// splicing is mcp-go with a splice on its way out, which calls find by their context.
func splicing(inner http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &splice{ResponseWriter: w}
		ctx := context.WithValue(context.WithValue(r.Context(), spliceKey{}, s), wayOut{}, &s.notices)
		inner.ServeHTTP(s, r.WithContext(ctx))
	})
}

// result is what mcp-go is told about the answer of a tool.
func result(ctx context.Context, answer json.RawMessage) *mcp.CallToolResult {
	if s, ok := ctx.Value(spliceKey{}).(*splice); ok {
		s.answer = answer
		return mcp.NewToolResultText(mark)
	}
	return &mcp.CallToolResult{Content: []mcp.Content{mcp.NewTextContent(string(answer))}, StructuredContent: answer}
}

// Write writes p, which holds the whole message where it holds the mark.
func (s *splice) Write(p []byte) (int, error) {
	if !bytes.Contains(p, []byte(mark)) {
		defer s.notices.written(p)
		return s.ResponseWriter.Write(p) // perhaps while the call still runs, which may write s.answer
	}
	before, after, found := bytes.Cut(p, marked)
	if !found {
		return 0, errMarked
	}
	buffer := buffers.Get().(*[]byte) //nolint:forcetypeassert // nothing else is put there
	defer buffers.Put(buffer)
	message := append((*buffer)[:0], before...)
	message = append(message, `"content":[{"type":"text","text":`...)
	message, err := jsontext.AppendQuote(message, s.answer)
	if err != nil {
		return 0, err
	}
	message = append(message, `}],"structuredContent":`...)
	message = append(message, s.answer...)
	message = append(message, after...)
	*buffer = message
	if _, err := s.ResponseWriter.Write(message); err != nil {
		return 0, err
	}
	return len(p), nil
}

// WriteHeader has nobody keep the answer. mcp-go says of a stream that it may be
// kept, and asked about again.
func (s *splice) WriteHeader(status int) {
	s.Header().Set("Cache-Control", "no-store")
	s.ResponseWriter.WriteHeader(status)
}

// Flush sends what is written. Without it mcp-go would drop notifications.
func (s *splice) Flush() { _ = http.NewResponseController(s.ResponseWriter).Flush() }

// Unwrap is for [http.ResponseController].
func (s *splice) Unwrap() http.ResponseWriter { return s.ResponseWriter }
