package serve

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"
)

// splice is the way out of one request over HTTP. The answer of a tool is JSON
// already and goes out twice, as text and as structured content. mcp-go's encoder
// would read through the first three times and the second four times, which for
// a long answer costs more than all else that is done for a call. So its result
// holds a mark, and the answer takes the mark's place when the result is written.
type splice struct {
	http.ResponseWriter

	answer json.RawMessage // nil: the request is not a call, or failed
}

type spliceKey struct{}

// mark is what no caller can send.
var mark = rand.Text()

// marked is how mcp-go writes content that is the mark.
var marked = []byte(`"content":[{"type":"text","text":"` + mark + `"}]`)

// splicing is r whose call may leave its answer in the splice.
func splicing(w http.ResponseWriter, r *http.Request) (*splice, *http.Request) {
	s := &splice{ResponseWriter: w}
	return s, r.WithContext(context.WithValue(r.Context(), spliceKey{}, s))
}

// result is what mcp-go is told that a tool answered.
func result(ctx context.Context, answer json.RawMessage) *mcp.CallToolResult {
	if s, ok := ctx.Value(spliceKey{}).(*splice); ok {
		s.answer = answer
		return mcp.NewToolResultText(mark)
	}
	return &mcp.CallToolResult{Content: []mcp.Content{mcp.NewTextContent(string(answer))}, StructuredContent: answer}
}

// Write writes p, which mcp-go has made of one whole message.
func (s *splice) Write(p []byte) (int, error) {
	before, after, found := bytes.Cut(p, marked)
	if !found {
		return s.ResponseWriter.Write(p)
	}
	whole := make([]byte, 0, len(p)+2*len(s.answer)+len(s.answer)/2)
	whole = append(whole, before...)
	whole = append(whole, `"content":[{"type":"text","text":`...)
	whole, err := jsontext.AppendQuote(whole, s.answer)
	if err != nil {
		return 0, err
	}
	whole = append(whole, `}],"structuredContent":`...)
	whole = append(whole, s.answer...)
	whole = append(whole, after...)
	if _, err := s.ResponseWriter.Write(whole); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush lets mcp-go send notifications while a call runs.
func (s *splice) Flush() { _ = http.NewResponseController(s.ResponseWriter).Flush() }
