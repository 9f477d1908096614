package auth

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// claims is what is believed of a token.
type claims struct {
	issuer, subject string
	email           string // that the provider verified; "" for none, and where logins join nobody by it
	scopes          []access.Scope
}

// believed are the names of the claims that say who is calling, and for how long;
// believedToJoin those that logins join members by.
var (
	believed       = []string{"iss", "sub", "aud", "exp", "nbf", "scope", "scp"}
	believedToJoin = []string{"email", "email_verified"}
)

// checkClaims refuses a payload in which a claim could be read in two ways. The decoder
// that reads them folds case and lets the last of two win: where a provider lets
// people name claims of their own, SUB would be somebody else's sub. Times that are
// too far away would come round to the other side.
func checkClaims(payload []byte, names []string) error {
	var claims map[string]jsontext.Value
	if json.Unmarshal(payload, &claims) != nil || claims == nil { // it refuses names that come twice
		return errBadToken
	}
	for name := range claims {
		if slices.ContainsFunc(names, func(b string) bool { return name != b && strings.EqualFold(name, b) }) {
			return errBadToken
		}
	}
	if isFar(claims["exp"]) || isFar(claims["nbf"]) {
		return errBadToken
	}
	return nil
}

// isFar reports whether a time, in seconds, is hundreds of millions of years away.
func isFar(value jsontext.Value) bool {
	seconds, _ := strconv.ParseFloat(strings.Trim(string(value), `"`), 64) // what is no number is refused elsewhere
	return math.Abs(seconds) > 1<<53
}
