// Package serve assembles the server's transports: standard input and output, HTTP, and
// calls within the process. Package surface defines what all of them offer; wire speaks
// MCP and rest speaks REST; web guards what is reached over HTTP, where auth
// establishes who is calling; watch observes all of it.
//
// # Promise
//
// Every transport offers the same. Without a gate ([auth.Gate]) all callers are the
// server's one principal, and HTTP listens on loopback only. With a gate every request
// needs a token, except those about the server's own health and description. A caller
// whose token lacks a scope is told which one; what a role can never use does not
// appear in any list.
package serve
