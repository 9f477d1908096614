package auth

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// believed are the names of the claims that say who is calling, and for how long.
var believed = []string{"iss", "sub", "aud", "exp", "nbf", "scope", "scp"}

// checkNames refuses a payload in which a claim could be read in two ways. The decoder
// that reads them folds case and lets the last of two win: where a provider lets
// people name claims of their own, SUB would be somebody else's sub.
func checkNames(payload []byte) error {
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
		if d.SkipValue() != nil {
			return errBadToken
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return errBadToken
	}
	return nil
}
