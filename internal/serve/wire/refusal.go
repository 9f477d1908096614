package wire

import (
	"encoding/json"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"
)

// MaxMessage bounds one message, in bytes.
const MaxMessage = 1 << 20

// TooLong is what the sender of a longer message is told.
const TooLong = "The message is longer than 1 MiB and was not read."

// refusal is a JSON-RPC error about a message that goes no further.
type refusal struct {
	code int
	text string
	id   json.RawMessage // nil: not known
	data any             // more for programs; nil: nothing
}

func (r *refusal) encode() []byte {
	type details struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Data    any    `json:"data,omitempty"`
	}
	b, err := json.Marshal(struct {
		JSONRPC string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   details         `json:"error"`
	}{mcp.JSONRPC_VERSION, r.id, details{r.code, r.text, r.data}})
	if err != nil {
		panic(err) // the id was read as JSON, the rest is ours
	}
	return b
}

// Tell answers a request that goes no further with a JSON-RPC error, which an MCP
// client can read whatever the status.
func Tell(w http.ResponseWriter, status int, text string) {
	code := mcp.INVALID_REQUEST
	if status >= http.StatusInternalServerError {
		code = mcp.INTERNAL_ERROR
	}
	refuse(w, status, &refusal{code: code, text: text})
}

func refuse(w http.ResponseWriter, status int, why *refusal) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(why.encode(), '\n')) // nobody is left to tell
}
