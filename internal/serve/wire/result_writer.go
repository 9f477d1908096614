package wire

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

// resultWriter puts the answer of a tool into a message that mcp-go wrote around a
// mark. An answer is JSON already and goes out twice, as text and as structured
// content; mcp-go's encoders would read it seven times, which costs more than all
// else that is done for a call.
type resultWriter struct {
	http.ResponseWriter

	answer json.RawMessage // of the call, when it has one
}

type resultWriterKey struct{}

var (
	// mark is what mcp-go writes in place of an answer. It is random, so that no answer
	// contains it.
	mark = rand.Text()
	// marked is how mcp-go writes the content of a result that is the mark.
	marked = []byte(`"content":[{"type":"text","text":"` + mark + `"}]`)
	// buffers are for messages with an answer. A new one for each would be a third of
	// what a call leaves to the garbage collector.
	buffers = sync.Pool{New: func() any { return new([]byte) }}
)

// errMarked ends a message with a mark that is not where it belongs. Nobody may
// take it for an answer.
var errMarked = errors.New("wire: mcp-go writes results in a form that is not known here")

// withResultWriter lets next answer through a resultWriter.
func withResultWriter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rw := &resultWriter{ResponseWriter: w}
		next.ServeHTTP(rw, r.WithContext(context.WithValue(r.Context(), resultWriterKey{}, rw)))
	})
}

// toolResult is what mcp-go is told about the answer of a tool.
func toolResult(ctx context.Context, answer json.RawMessage) *mcp.CallToolResult {
	if rw, ok := ctx.Value(resultWriterKey{}).(*resultWriter); ok {
		rw.answer = answer
		return mcp.NewToolResultText(mark)
	}
	return &mcp.CallToolResult{Content: []mcp.Content{mcp.NewTextContent(string(answer))}, StructuredContent: answer}
}

// Write writes p, which holds the whole message where it holds the mark.
func (w *resultWriter) Write(p []byte) (int, error) {
	if !bytes.Contains(p, []byte(mark)) {
		return w.ResponseWriter.Write(p) // perhaps while the call still runs, which may write w.answer
	}
	before, after, found := bytes.Cut(p, marked)
	if !found {
		return 0, errMarked
	}
	buffer := buffers.Get().(*[]byte) //nolint:forcetypeassert // nothing else is put there
	defer buffers.Put(buffer)
	message := append((*buffer)[:0], before...)
	message = append(message, `"content":[{"type":"text","text":`...)
	message, err := jsontext.AppendQuote(message, w.answer)
	if err != nil {
		return 0, err
	}
	message = append(message, `}],"structuredContent":`...)
	message = append(message, w.answer...)
	message = append(message, after...)
	*buffer = message
	if _, err := w.ResponseWriter.Write(message); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush implements [http.Flusher].
func (w *resultWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap is for [http.ResponseController].
func (w *resultWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
