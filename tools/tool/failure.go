package tool

import "encoding/json"

// Failure is a tool's error. Text is for the caller: what was wrong, what was
// received, what to do next, and never what the upstream service wrote. Cause is
// for the log; it holds no key, id or health value and may be nil.
type Failure struct {
	Code  Code
	Text  string
	Cause error

	// For a mistake in arguments, if known: the first argument it is about, by its name
	// as sent; what was received, as it may be shown; and an object of arguments that
	// would be accepted.
	Argument string
	Received string
	Example  json.RawMessage

	// Ask is what the person is to be asked before the call is made again, with [NotConfirmed]:
	// what would happen, in words for them. Programs are told Text.
	Ask string

	format string // what Text was made from, with args
	args   []any
}

func (f *Failure) Error() string { return f.Text }

func (f *Failure) Unwrap() error { return f.Cause }

var errNoKey = &Failure{
	Code: NoKey,
	Text: "No Asleep API key is set. Set the environment variable ASLEEP_API_KEY to your key and start asleep-mcp again, " +
		"import the export of another tracker with asleep-mcp import, or start it with --demo to try it on made-up nights.",
}
