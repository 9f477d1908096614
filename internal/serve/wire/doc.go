// Package wire speaks MCP: it is the only package that knows mcp-go, and holds
// every work-around for it.
//
// # Vocabulary
//
// A message is one JSON-RPC 2.0 object. Legacy is the protocol up to its revision
// 2025-11-25, which opens with initialize; modern is 2026-07-28, in which every
// request stands for itself. Both are served on every door.
//
// # Promise
//
// A failure of a tool reaches the caller as a tool's error, never as a protocol
// error. Prompts and resources have no such errors: a mistake in what is asked
// for is refused as invalid params, in words for the caller. The text of an
// answer and its structured content are the same JSON. Over HTTP every message
// stands alone: no sessions, no streams, and no message of one client reaches
// the call of another.
//
// What mcp-go does otherwise is fixed here, in front of it: quirks_test.go names
// each such quirk and fails when it is gone.
package wire
