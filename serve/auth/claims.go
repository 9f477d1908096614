package auth

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// believed are the names of the claims that say who is calling, and for how long.
var believed = []string{"iss", "sub", "aud", "exp", "nbf", "scope", "scp"}

// checkClaims refuses a payload in which a claim could be read in two ways. The decoder
// that reads them folds case and lets the last of two win: where a provider lets
// people name claims of their own, SUB would be somebody else's sub. Times that are
// too far away would come round to the other side.
func checkClaims(payload []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(payload)) // which refuses names that come twice
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return errBadToken
	}
	for d.PeekKind() == '"' {
		token, err := d.ReadToken()
		if err != nil {
			return errBadToken
		}
		name := token.String()
		if slices.ContainsFunc(believed, func(b string) bool { return name != b && strings.EqualFold(name, b) }) {
			return errBadToken
		}
		value, err := d.ReadValue()
		if err != nil || (name == "exp" || name == "nbf") && isFar(value) {
			return errBadToken
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return errBadToken
	}
	return nil
}

// isFar says whether a time, in seconds, is hundreds of millions of years away.
func isFar(value jsontext.Value) bool {
	seconds, _ := strconv.ParseFloat(strings.Trim(string(value), `"`), 64) // what is no number is refused elsewhere
	return math.Abs(seconds) > 1<<53
}
