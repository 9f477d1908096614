// Package clients knows where other programs keep their configuration, and adds this
// program to it as an MCP server.
//
// # Vocabulary
//
// A [Client] is a program that starts MCP servers, such as Claude Desktop. A [Launch]
// is how it is to start this one: the program, its arguments, and the variables that it
// gets, some of which are secrets. A [Machine] is what the location of a client's file
// depends on: the system, the home folder and a few variables. The file is JSON with
// comments, TOML or YAML; a server is an entry in it, under [ServerName]. A client that
// starts no programs has no file: [ChatGPT] says what to do instead.
//
// # Promise
//
// Nothing else in the file changes: it is edited as text, and comments, order and
// layout are preserved (except the layout of Goose's YAML). A file that cannot be
// edited in that way is refused and left as it is. A copy of the old file is kept
// beside it, and the new one replaces it atomically. Writing a second time changes
// nothing.
//
// Secrets are referred to by name and not written to the file, unless the Launch allows
// it ([Launch.WithSecrets]) and the client has no other place for them. No error and no
// [Client.Snippet] contains a secret, or anything else from the file.
package clients
