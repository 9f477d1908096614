// Package surface is what the server offers on every transport: tools, prompts,
// resources and completions. It decides which of them a caller may see, and runs the
// calls. It knows no protocol.
//
// # Vocabulary
//
// A call is one run of a tool; it ends with an answer or with a failure. A server is
// gated if its callers are authenticated. The caller is then already in the context,
// and lists leave out what the caller's role can never use. Without a gate all callers
// are the server's one principal.
//
// # Promise
//
// A call knows who is asking ([access.Principal]), ends within its time limit and
// survives a panic. It logs the tool's name, how it ended and how long it took, and
// never arguments, ids, answers or keys.
//
// A mistake in what is asked for is a [prompts.Mistake] or a [NotFound], worded for the
// caller. Every other error of this package is a fault.
package surface
