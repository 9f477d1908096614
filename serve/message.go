package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"
)

// maxMessage bounds one message, in bytes.
const maxMessage = 1 << 20

// mostID bounds ids that are numbers. mcp-go keeps them as floating point and would
// answer under another id than a larger one.
const mostID = 1<<53 - 1

// cancelled is the method of the notification that ends a call.
const cancelled = string(mcp.MethodNotificationCancelled)

// message is what the doors must know of a message before mcp-go sees it.
type message struct {
	id     json.RawMessage // of a request or an answer; nil: a notification
	method string          // "": an answer
	params json.RawMessage // of a request; nil: none
}

// wantsAnswer says whether the sender waits for one.
func (m message) wantsAnswer() bool { return m.method != "" && m.id != nil }

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

// memberNames are all that the top level of a message may hold.
var memberNames = []string{"jsonrpc", "id", "method", "params", "result", "error"}

// inspect reads the top level of one message. It refuses whatever mcp-go's
// decoder, which folds case and lets the last of two equal names win, could
// read otherwise than it is read here.
func inspect(raw []byte) (message, *refusal) {
	decoder := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true))
	switch decoder.PeekKind() {
	case '{':
	case '[':
		return message{}, &refusal{code: mcp.INVALID_REQUEST, text: "Batches are not supported: send each message on its own."}
	default:
		if _, err := decoder.ReadValue(); err != nil {
			return message{}, notJSON
		}
		return message{}, &refusal{code: mcp.INVALID_REQUEST, text: "A message is a JSON object."}
	}
	members, bad := readMembers(decoder, raw)
	if bad == notJSON {
		return message{}, bad
	}
	m, wrong := interpret(members)
	if bad == nil {
		bad = wrong
	}
	if bad != nil {
		return message{}, &refusal{code: bad.code, text: bad.text, id: m.id}
	}
	return m, nil
}

var notJSON = &refusal{code: mcp.PARSE_ERROR, text: "The message is not valid JSON."}

// readMembers reads one object, which is all of raw, and the end of input. A
// refusal other than [notJSON] leaves the members as far as they are understood.
// They are parts of raw.
func readMembers(decoder *jsontext.Decoder, raw []byte) (members map[string]jsontext.Value, bad *refusal) {
	if _, err := decoder.ReadToken(); err != nil {
		return nil, notJSON
	}
	members = map[string]jsontext.Value{}
	for decoder.PeekKind() == '"' {
		token, err := decoder.ReadToken()
		if err != nil {
			return nil, notJSON
		}
		name := token.String()
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, notJSON
		}
		switch _, repeated := members[name]; {
		case !slices.Contains(memberNames, name):
			bad = &refusal{code: mcp.INVALID_REQUEST, text: "The message has a member that JSON-RPC does not know. Allowed are jsonrpc, id, method, params, result and error, spelled like this."}
		case repeated:
			delete(members, "id") // which of two is meant cannot be known
			bad = &refusal{code: mcp.INVALID_REQUEST, text: "The message has a member twice."}
		default:
			end := int(decoder.InputOffset())
			members[name] = raw[end-len(value) : end]
		}
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, notJSON
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, notJSON
	}
	return members, bad
}

// interpret says what the members mean. A refused message comes with its id
// where that can be answered to.
func interpret(members map[string]jsontext.Value) (message, *refusal) {
	var m message
	id, hasID := members["id"]
	switch id.Kind() {
	case '"':
		m.id = json.RawMessage(id)
	case '0':
		m.id = json.RawMessage(id)
		if n, err := strconv.ParseFloat(string(id), 64); err != nil || math.Abs(n) > mostID {
			return m, &refusal{code: mcp.INVALID_REQUEST, text: fmt.Sprintf("The id is a number that cannot be kept exactly. Send a text, or a number of at most %d.", int64(mostID))}
		}
	default:
		if hasID {
			return m, &refusal{code: mcp.INVALID_REQUEST, text: "The id must be a string or a number. Leave it out of a notification."}
		}
	}
	if version, err := jsontext.AppendUnquote(nil, members["jsonrpc"]); err != nil || string(version) != mcp.JSONRPC_VERSION {
		return m, &refusal{code: mcp.INVALID_REQUEST, text: `The message must say "jsonrpc": "2.0".`}
	}
	method, hasMethod := members["method"]
	if !hasMethod {
		if members["result"] == nil && members["error"] == nil {
			return m, &refusal{code: mcp.INVALID_REQUEST, text: "The message has no method."}
		}
		return m, nil
	}
	name, err := jsontext.AppendUnquote(nil, method)
	if err != nil || len(name) == 0 {
		return m, &refusal{code: mcp.INVALID_REQUEST, text: "The method must be a string."}
	}
	m.method = string(name)
	m.params = json.RawMessage(members["params"])
	return m, nil
}
