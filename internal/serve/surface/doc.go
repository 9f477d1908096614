// Package surface is what the server offers, whichever door a caller came
// through: tools, prompts, resources and completions, what of it the caller may
// see, and how a call runs. It knows no protocol.
//
// # Vocabulary
//
// A call is one run of a tool; it ends with an answer or with a failure. A
// server is gated when its callers are authenticated: then the caller stands in
// the context already, and lists leave out what the caller's role can never use.
// Without a gate everybody is the server's one principal.
//
// # Promise
//
// A call knows who is asking ([access.Principal]), ends within its time and
// survives a panic. What it leaves in the log is the tool's name, how it ended
// and how long it took; never arguments, ids, answers or keys.
//
// A mistake in what is asked for is a [prompts.Mistake] or a [NotFound], in words
// for the caller; any other error of this package is a fault.
package surface
