// Package serve puts the MCP server together from tools, prompts and resources
// and opens its doors: standard input and output, HTTP, and calls inside the
// process.
//
// # Vocabulary
//
// A message is one JSON-RPC 2.0 object. Legacy is the protocol up to its
// revision 2025-11-25, which opens with initialize; modern is 2026-07-28, in
// which every request stands for itself. Both are served on every door. A call
// is one run of a tool; it ends with an answer or with a failure, which the
// caller reads as a tool's error, never as a protocol error. Prompts and
// resources have no such errors: a mistake in what is asked for is refused as
// invalid params, in words for the caller.
//
// # Promise
//
// A call knows who is asking ([access.Principal]), ends within its time and
// survives a panic. What it leaves in the log is the tool's name, how it ended
// and how long it took; never arguments, ids, answers or keys. The text of an
// answer and its structured content are the same JSON.
//
// Over HTTP every message stands alone: no sessions, no streams, and no message
// of one client reaches the call of another. Without a gate ([auth.Gate]) the
// server listens on loopback only and takes requests from programs and from
// pages it served itself. With one, every request but those about the server's
// own health and description shows a token; a token that lacks a scope is told
// so before mcp-go sees the request, and what a role can never use is in no list.
//
// Nobody keeps others out by holding connections: where there are too many, those
// that wait for a request to be all there make room for who comes.
//
// What mcp-go does otherwise is mended here, in front of it: quirks_test.go
// names each such quirk and fails when it is gone.
package serve
