package asleep

import (
	"errors"
	"regexp"
	"strings"
)

// What is repeated has its bound here: a pattern with {1,128} is compiled into
// 128 copies at every start.
const (
	maxUserID    = 128
	maxSessionID = 64
)

var sessionIDForm = regexp.MustCompile(`^\d{14}(_[a-z0-9]+)?$`)

// CheckUserID returns nil if id has the form of a user's id: 1 to 128 ASCII letters,
// digits, hyphens and underscores. Otherwise it returns an [*Error] with the code
// [BadID], whose text does not repeat id. It does not check that the user exists.
func CheckUserID(id string) error {
	if id == "" || len(id) > maxUserID || strings.ContainsFunc(id, notInUserID) {
		return &Error{Code: BadID, Err: errors.New(
			"a user id is 1 to 128 letters, digits, hyphens and underscores, such as G-20250101000000-abcdefghijklmnopqrst")}
	}
	return nil
}

func notInUserID(r rune) bool {
	lower := r | 0x20 // of an ASCII letter
	return (lower < 'a' || lower > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
}

// CheckSessionID returns nil if id has the form of a session's id: 14 digits (the start
// in UTC) followed, except in old ids, by an underscore and lower-case letters and
// digits; at most 64 bytes. Otherwise it returns an [*Error] with the code [BadID],
// whose text does not repeat id. It does not check that the session exists.
func CheckSessionID(id string) error {
	if len(id) > maxSessionID || !sessionIDForm.MatchString(id) {
		return &Error{Code: BadID, Err: errors.New(
			"a session id is 14 digits, an underscore, and lower-case letters and digits, such as 20250101213000_ab1cd")}
	}
	return nil
}

// withOp is the first of these refusals, and names the route it is for.
func withOp(op string, checks ...error) error {
	for _, err := range checks {
		if e, ok := errors.AsType[*Error](err); ok {
			e.Op = op
			return e
		}
	}
	return nil
}
