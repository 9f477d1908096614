// Package serve puts the server's doors together: standard input and output,
// HTTP, and calls inside the process. What is offered through all of them is in
// surface; wire speaks MCP, rest speaks REST, and web guards what is reached over
// HTTP, where auth says who is calling. watch sees it all.
//
// # Promise
//
// Every door offers the same. Without a gate ([auth.Gate]) everybody is the one
// principal of the server, which over HTTP answers on loopback only. With one,
// every request but those about the server's own health and description shows a
// token; a token that lacks a scope is told so, and what a role can never use is
// in no list.
package serve
