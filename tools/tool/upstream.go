package tool

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

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
