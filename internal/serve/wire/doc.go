// Package wire speaks MCP. It is the only package that knows mcp-go, and holds every
// workaround for it.
//
// # Vocabulary
//
// A message is one JSON-RPC 2.0 object. Legacy is the protocol up to revision
// 2025-11-25, which starts with initialize; modern is revision 2026-07-28, in which
// every request is independent. Every transport serves both.
//
// # Promise
//
// A failure of a tool reaches the caller as a tool's error, never as a protocol error.
// Prompts and resources have no such errors, so a mistake in what is asked for is
// refused as invalid params, worded for the caller. The text of an answer and its
// structured content are the same JSON. Over HTTP every message is independent: there
// are no sessions and no streams, and no message of one client affects a call of
// another.
//
// Where mcp-go behaves differently, it is corrected here, in front of it.
// quirks_test.go names each such quirk and fails once it is gone.
package wire
