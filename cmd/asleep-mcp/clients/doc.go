// Package clients knows where other people's programs keep their configuration,
// and writes this program into it as one MCP server.
//
// # Vocabulary
//
// A [Client] is a program that starts MCP servers, such as Claude Desktop. A
// [Launch] is how it is to start this one: the program, its arguments, and the
// variables it gets, some of which are secrets. A [Machine] is what the place of a
// client's file depends on: the system, the home folder and a few variables. The
// file is one of JSON with comments, TOML or YAML; within it a server is an entry
// under [ServerName]. A client that starts no programs has no file: [ChatGPT] says
// what to do instead.
//
// # Promise
//
// Nothing else in the file changes: it is edited as text, and comments, order and
// layout stay (of Goose's YAML the layout does not). What cannot be edited in that
// way is refused and left as it is. What the file was before is kept beside it, and
// the new one takes its place all at once. Writing twice changes nothing the second
// time.
//
// Secrets are named in a file and not held, unless the Launch was told to
// ([Launch.WithSecrets]) and the client has no other place for them. No error and
// no [Client.Snippet] holds one, nor anything that stood in the file.
package clients
