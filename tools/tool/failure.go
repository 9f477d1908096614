package tool

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

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

	format string // what Text was made from, with args
	args   []any
}

func (f *Failure) Error() string { return f.Text }

func (f *Failure) Unwrap() error { return f.Cause }

var errNoKey = &Failure{
	Code: NoKey,
	Text: "No Asleep API key is set. Set the environment variable ASLEEP_API_KEY to your key and start asleep-mcp again, " +
		"or start it with --demo to try it on made-up nights.",
}

// explain turns an error that a handler returned to the caller in ctx, for these
// arguments, into a [Failure].
func explain(ctx context.Context, err error, arguments json.RawMessage) *Failure {
	if failure, ok := errors.AsType[*Failure](err); ok {
		return failure
	}
	if failure := explainDirectory(err, arguments); failure != nil {
		return failure
	}
	var upstream *asleep.Error
	switch {
	case errors.As(err, &upstream):
		return ExplainUpstream(upstream)
	case errors.Is(err, access.ErrNobody):
		return Mistake(`It is not clear whose nights to read. Give %s, an Asleep user id, or, where the server asks for no tokens, set ASLEEP_USER_ID for it.`, Argument("user_id"))
	case errors.Is(err, access.ErrUnmapped):
		return &Failure{
			Code: NotFound,
			Text: "This login has no Asleep user yet. Send POST /api/users to this server to have one created, " +
				"or ask the operator to map the login to the one you have (POST /api/logins).",
		}
	case errors.Is(err, access.ErrStranger):
		return &Failure{Code: Forbidden, Text: "This caller may not see anybody's nights."}
	case errors.Is(err, access.ErrNotAllowed):
		return notAllowed(ctx, arguments)
	case errors.Is(err, context.DeadlineExceeded):
		return &Failure{
			Code: TimedOut,
			Text: "The Asleep service did not answer in time. Try again in a minute, or ask for a shorter range.",
		}
	case errors.Is(err, context.Canceled):
		return &Failure{Code: Cancelled, Text: "The call was cancelled."}
	}
	return &Failure{
		Code:  Internal,
		Text:  "asleep-mcp failed on this question; nothing is wrong with the arguments. Try again, and report it if it happens twice.",
		Cause: err,
	}
}

// notFor say what to do instead of a tool that needs a scope the caller lacks.
var notFor = map[access.Scope]string{
	access.SleepRead: "This caller may not see one person's nights. Ask about an organization, or ask the operator for access.",
	access.OrgRead:   "This caller may not be told about organizations. Ask about your own nights, or ask the operator for access.",
	access.Admin:     "Managing organizations and users is for operators. Ask the operator.",
}

// notAllowed returns the failure for a caller who named somebody they may not see.
func notAllowed(ctx context.Context, arguments json.RawMessage) *Failure {
	next := "Ask the operator for access."
	var given struct {
		UserID *string `json:"user_id"`
	}
	if json.Unmarshal(arguments, &given) == nil && given.UserID != nil && access.From(ctx).Own() != "" {
		next = "Leave user_id out to ask about yourself, or ask the operator for access."
	}
	return &Failure{Code: Forbidden, Text: "This caller may not see what was asked for. " + next}
}

// upstreamTexts say what each refusal by the Asleep service means for the caller.
var upstreamTexts = map[asleep.Code]string{
	asleep.BadKey: "The Asleep service refused the API key. Check ASLEEP_API_KEY: Live and Test keys are different, " +
		"and each reaches only its own users.",
	asleep.PlanExpired: "The plan of this Asleep API key has expired. Trying again will not help; renew it in the Asleep dashboard.",
	asleep.Quota:       "The quota of this Asleep API key is used up. Trying again will not help until it is raised or renewed.",
	asleep.Forbidden:   "The Asleep service refuses this request for this API key. Trying again will not help.",
	asleep.NotFound: "The Asleep service knows no such user or session. Check user_id and session_id (list_sessions gives session ids; " +
		"without user_id the caller's own nights are meant); " +
		"a Live key does not reach Test users, nor the reverse.",
	asleep.Invalid:     "The Asleep service did not accept the request. Check the ids and dates, or ask for another range.",
	asleep.Unavailable: "The Asleep service is not available at the moment. Nothing is wrong with the question; try again in a few minutes.",
	asleep.BadResponse: "The Asleep service sent an answer that cannot be read, so no numbers are given. Try again later; " +
		"if that does not help, check ASLEEP_BASE_URL.",
}

// ExplainUpstream returns the failure for a refusal by the Asleep service.
func ExplainUpstream(e *asleep.Error) *Failure {
	f := &Failure{Code: Code(e.Code), Text: upstreamTexts[e.Code], Cause: e}
	switch e.Code {
	case asleep.BadID:
		f.Text = `The id is not of the expected form. A user_id has 1 to 128 letters, digits, "-" or "_" ` +
			`(like "G-20250318162239-yAge…"); a session_id is 14 digits, usually followed by "_" and five letters or digits (like "20261121221501_ab12c").`
	case asleep.RateLimited:
		f.Text = "The Asleep service asks to slow down. " + waitText(e.RetryAfter)
	}
	if f.Text == "" {
		f.Text = upstreamTexts[asleep.Unavailable]
	}
	return f
}

func waitText(wait time.Duration) string {
	if wait <= 0 {
		return "Try again in a minute."
	}
	return "Try again in " + Count(max(int(wait.Round(time.Second)/time.Second), 1), "second") + "."
}

// NameReceived adds the id that was sent to an error about its form.
func NameReceived(err error, id string) error {
	if asleep.CodeOf(err) != asleep.BadID {
		return err
	}
	if id == "" {
		return Mistake(`The server's own user id (ASLEEP_USER_ID) is not of the expected form: 1 to 128 letters, digits, "-" or "_". Fix the setting, or give %s.`, Argument("user_id"))
	}
	return Mistake(`%s must be 1 to 128 letters, digits, "-" or "_", received %s. For example %s.`, Argument("user_id"), ReceivedText(id), ExampleOf("user_id"))
}
