package tool

import (
	"encoding/json"
	"time"
)

// What tests need of how arguments are read.
var WaitText = waitText

// DecodeInto reads arguments of the type that into points to.
func DecodeInto[T any](raw json.RawMessage, into *T, now time.Time) error {
	return decodeArguments(inputSchema[T](), raw, into, now)
}

// InputSchema is the schema of arguments of a type.
func InputSchema[T any]() json.RawMessage { return encodeSchema(inputSchema[T]()) }

// DecodeMap reads arguments of a type as they are before they are of that type.
func DecodeMap[T any](raw json.RawMessage, now time.Time) (all map[string]any, err error) {
	return all, decodeArguments(inputSchema[T](), raw, &all, now)
}
