package tool

import (
	"encoding/json"
	"time"
)

// The internals of reading arguments that tests need.
var WaitText = waitText

// DecodeInto reads arguments of the type that into points to.
func DecodeInto[T any](raw json.RawMessage, into *T, now time.Time) error {
	return decodeArguments(inputSchema[T](), raw, into, func() time.Time { return now })
}

// InputSchema returns the schema of arguments of a type.
func InputSchema[T any]() json.RawMessage { return encoded(inputSchema[T]()) }

// DecodeMap reads arguments as they are before they are stored in their type.
func DecodeMap[T any](raw json.RawMessage, now time.Time) (all map[string]any, err error) {
	return all, decodeArguments(inputSchema[T](), raw, &all, func() time.Time { return now })
}
