package auth

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// believed are the names of the claims that say who is calling, and for how long.
var believed = []string{"iss", "sub", "aud", "exp", "nbf", "scope", "scp"}

// checkNames refuses a payload in which a claim could be read in two ways. The decoder
// that reads them folds case and lets the last of two win: where a provider lets
// people name claims of their own, SUB would be somebody else's sub.
func checkNames(payload []byte) error {
	var claims map[string]jsontext.Value
	if json.Unmarshal(payload, &claims) != nil || claims == nil { // it refuses names that come twice
		return errBadToken
	}
	for name := range claims {
		if slices.ContainsFunc(believed, func(b string) bool { return name != b && strings.EqualFold(name, b) }) {
			return errBadToken
		}
	}
	return nil
}
