package auth

import "errors"

// Why a token does not count.
var (
	errNoToken  = errors.New("no token")
	errBadToken = errors.New("the token does not count")
	errAwkward  = errors.New("the token is not where it belongs")
)

// errUnsure says that a token may count, but cannot be checked now.
var errUnsure = errors.New("the token cannot be checked at the moment")
