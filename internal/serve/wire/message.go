package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/mark3labs/mcp-go/mcp"
)

// mostID bounds ids that are numbers. mcp-go keeps them as floating point and would
// answer under another id than a larger one.
const mostID = 1<<53 - 1

// cancelled is the method of the notification that ends a call.
const cancelled = string(mcp.MethodNotificationCancelled)

// message is what must be known of a message before mcp-go sees it.
type message struct {
	id     json.RawMessage // of a request or an answer; nil: a notification
	method string          // "": an answer
	params json.RawMessage // of a request; nil: none
}

// wantsAnswer reports whether the sender waits for one.
func (m message) wantsAnswer() bool { return m.method != "" && m.id != nil }

// memberNames are all that the top level of a message may hold.
var memberNames = []string{"jsonrpc", "id", "method", "params", "result", "error"}

// inspect reads the top level of one message. It refuses whatever mcp-go's
// decoder, which folds case and lets the last of two equal names win, could
// read otherwise than it is read here.
func inspect(raw []byte) (message, *refusal) {
	switch kind := jsontext.Value(raw).Kind(); {
	case kind == '{':
	case kind == '[':
		return message{}, &refusal{code: mcp.INVALID_REQUEST, text: "Batches are not supported: send each message on its own."}
	case jsontext.Value(raw).IsValid():
		return message{}, &refusal{code: mcp.INVALID_REQUEST, text: "A message must be a JSON object."}
	default:
		return message{}, notJSON
	}
	members, bad := readMembers(raw)
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

// readMembers reads a message. A refusal other than [notJSON] leaves the members as far
// as they are understood. They are parts of raw.
func readMembers(raw []byte) (members map[string]json.RawMessage, bad *refusal) {
	members = map[string]json.RawMessage{}
	wrong := eachMember(raw, func(name string, value json.RawMessage) {
		switch _, repeated := members[name]; {
		case !slices.Contains(memberNames, name):
			bad = &refusal{code: mcp.INVALID_REQUEST, text: "The message has a member that JSON-RPC does not know. Allowed are jsonrpc, id, method, params, result and error, spelled like this."}
		case repeated:
			delete(members, "id") // which of two is meant cannot be known
			bad = &refusal{code: mcp.INVALID_REQUEST, text: "The message has a member twice."}
		default:
			members[name] = value
		}
	})
	if wrong != nil {
		return nil, wrong
	}
	return members, bad
}

// eachMember reads one object, which is all of raw, member by member in its order, with
// names as they are written and as often as they are there. Values are parts of raw.
func eachMember(raw []byte, do func(name string, value json.RawMessage)) *refusal {
	decoder := jsontext.NewDecoder(bytes.NewReader(raw), jsontext.AllowDuplicateNames(true))
	if token, err := decoder.ReadToken(); err != nil || token.Kind() != '{' {
		return notJSON
	}
	for decoder.PeekKind() == '"' {
		token, err := decoder.ReadToken()
		if err != nil {
			return notJSON
		}
		name := token.String()
		value, err := decoder.ReadValue()
		if err != nil {
			return notJSON
		}
		end := int(decoder.InputOffset())
		do(name, raw[end-len(value):end])
	}
	if _, err := decoder.ReadToken(); err != nil {
		return notJSON
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return notJSON
	}
	return nil
}

// interpret says what the members mean. A refused message comes with its id
// where that can be answered to.
func interpret(members map[string]json.RawMessage) (message, *refusal) {
	var m message
	id, hasID := members["id"]
	switch jsontext.Value(id).Kind() {
	case '"':
		m.id = id
	case '0':
		m.id = id
		if n, err := strconv.ParseFloat(string(id), 64); err != nil || math.Abs(n) > mostID {
			return m, &refusal{code: mcp.INVALID_REQUEST, text: fmt.Sprintf("The id is a number that cannot be represented exactly. Send a text, or a number of at most %d.", int64(mostID))}
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
	m.params = members["params"]
	return m, nil
}

// modern reports whether the message is of protocol version 2026-07-28 or later.
func (m message) modern() bool {
	var params struct {
		Meta mcp.Meta `json:"_meta"`
	}
	return json.Unmarshal(m.params, &params) == nil && mcp.IsModernProtocol(params.Meta.ProtocolVersion())
}

var ambiguous = &refusal{code: mcp.INVALID_PARAMS, text: "A member of params appears twice, or in another case."}

// paramNames are the members of params that decide what is done.
var paramNames = []string{"name", "arguments", "uri", "ref", "argument", "context", "cursor", "inputResponses", "requestState", "_meta"}

// unambiguous refuses params that could be read in two ways: with a member twice, or with
// one that differs from another, or from what it must be called, by its case alone. So are
// the arguments of a prompt, which have no tool to look at them.
func unambiguous(m message) *refusal {
	if jsontext.Value(m.params).Kind() != '{' {
		return nil // refused elsewhere
	}
	var seen []string
	twice := false
	var arguments json.RawMessage
	bad := eachMember(m.params, func(name string, value json.RawMessage) {
		folds := func(other string) bool { return strings.EqualFold(name, other) }
		known := slices.IndexFunc(paramNames, folds)
		twice = twice || slices.ContainsFunc(seen, folds) || known >= 0 && paramNames[known] != name
		seen = append(seen, name)
		if name == "arguments" {
			arguments = value
		}
	})
	if bad == nil && m.method == string(mcp.MethodPromptsGet) && jsontext.Value(arguments).Kind() == '{' {
		names := map[string]bool{}
		bad = eachMember(arguments, func(name string, _ json.RawMessage) {
			twice = twice || names[name]
			names[name] = true
		})
	}
	if bad == nil && twice {
		bad = ambiguous
	}
	return bad
}

// memberOf reads one member of an object: its text, "" where it is none, and as
// it stands. The decoder of mcp-go folds case and lets the last of several win.
func memberOf(object json.RawMessage, name string) (text string, raw json.RawMessage, why *refusal) {
	if jsontext.Value(object).Kind() != '{' {
		return "", nil, nil // mcp-go refuses it
	}
	found := 0
	bad := eachMember(object, func(is string, value json.RawMessage) {
		if strings.EqualFold(is, name) {
			found++
			if is == name {
				raw = value
			}
		}
	})
	switch {
	case bad != nil:
		return "", nil, bad
	case found > 1, found == 1 && raw == nil:
		return "", nil, ambiguous
	}
	if unquoted, err := jsontext.AppendUnquote(nil, raw); err == nil {
		text = string(unquoted)
	}
	return text, raw, nil
}
