package asleep

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Code classifies a failure by what the caller can do about it.
type Code string

// The codes of an [Error].
const (
	BadKey      Code = "bad_key"      // the service refuses the key: ask whoever manages it
	BadID       Code = "bad_id"       // an id is malformed: correct it
	PlanExpired Code = "plan_expired" // the contract has ended: retrying does not help
	Quota       Code = "quota"        // the contract's calls are used up: retrying does not help
	RateLimited Code = "rate_limited" // too many calls: wait
	Forbidden   Code = "forbidden"    // refused for a reason that this package does not know
	NotFound    Code = "not_found"    // no such user or session, or it is in the other environment
	Invalid     Code = "invalid"      // an argument is wrong: correct it
	Unavailable Code = "unavailable"  // no answer, or a fault of the service: try later
	BadResponse Code = "bad_response" // the answer cannot be read
)

var meanings = map[Code]string{
	BadKey:      "the service refuses the API key",
	BadID:       "an id is malformed",
	PlanExpired: "the plan is expired",
	Quota:       "the quota is used up",
	RateLimited: "the rate limit is exceeded",
	Forbidden:   "the service refuses the request",
	NotFound:    "the user or session was not found",
	Invalid:     "the request is not valid",
	Unavailable: "the service is unavailable",
	BadResponse: "the answer cannot be read",
}

// AllCodes returns all codes that an [Error] can have, sorted.
func AllCodes() []Code { return slices.Sorted(maps.Keys(meanings)) }

// Error is the type of all errors of this package, except the context's own error and
// errors of [New].
type Error struct {
	// Op is the route's pattern, such as "GET /data/v3/sessions/{id}", never a
	// URL. It is empty if an id or argument was refused before a route was chosen.
	Op   string
	Code Code
	// Status is the HTTP status, 0 if there was no answer or no request.
	Status int
	// Detail is what the service said, cut to 300 bytes. It may contain ids, so it is not
	// part of the error's text.
	Detail string
	// RetryAfter is how long the service asked to wait, 0 if it did not say. It is set
	// only for RateLimited and Unavailable.
	RetryAfter time.Duration
	// Err is the cause, nil if the status says everything. Its text names fields, limits
	// and network faults, never ids, keys, URLs or values.
	Err error
}

// Error says what failed and why, without ids, keys, URLs or health values.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("asleep: ")
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(meanings[e.Code])
	if e.Status != 0 {
		fmt.Fprintf(&b, " (status %d)", e.Status)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of the [Error] in err's chain, or "" if there is none.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// Unchanged reports whether a change that failed with err is certain to have changed
// nothing at the service, because the service refused it or never received it. If it
// returns false, the outcome is unknown.
func Unchanged(err error) bool {
	if errors.Is(err, ErrNotSent) {
		return true
	}
	switch CodeOf(err) {
	case "", Unavailable, BadResponse:
		return false
	}
	return true
}

// refused returns the error of an argument that is refused before the service is asked.
func refused(op, format string, args ...any) *Error {
	return &Error{Op: op, Code: Invalid, Err: fmt.Errorf(format, args...)}
}

// codeOf reads a failure's code from its status and the service's words: 401 and 403 each
// have several meanings that only the words distinguish.
func codeOf(status int, detail string) Code {
	says := func(words ...string) bool { return containsAny(plainWords(detail), words...) }
	switch {
	case status == 400 && says("format of x user id", "format of sleep session id"):
		return BadID
	case status == 401 && says("user id", "uuid"):
		return BadID
	case status == 401:
		return BadKey
	case status == 403 && says("rate limit exceeded"):
		return RateLimited
	case status == 403 && says("plan is expired"):
		return PlanExpired
	case status == 403 && says("quota exceeded"):
		return Quota
	case status == 403:
		return Forbidden
	case status == 404:
		return NotFound
	case status == 405:
		return BadResponse
	case status == 429:
		return RateLimited
	case status >= 400 && status < 500:
		return Invalid
	case status >= 500:
		return Unavailable
	default:
		return BadResponse
	}
}

// plainWords converts to lower case and writes "user_id" and "x-user-id" with blanks.
func plainWords(s string) string {
	return strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(s))
}

func containsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
