// Package auth establishes who is calling over HTTP.
//
// # Vocabulary
//
// A caller presents a bearer token in the Authorization header and nowhere else. The
// token is either a static one, whose hash is listed in a file, or a JSON Web Token of
// an OpenID provider, the issuer. The subject of such a token is a login. The
// directory, [directory.Store], says which Asleep user a login stands for, and of which
// organizations that user is a coach or analyst. The result is an [access.Principal],
// limited to the token's scopes.
//
// # Promise
//
// A token is accepted if it is signed, with RSA, ECDSA or EdDSA, by a key that the
// issuer currently publishes, and if its issuer, audience and times are right. Nothing
// else in it is used before that. Tokens are not stored, logged or passed on. If a
// token cannot be checked because the issuer or the directory does not answer, the
// caller is asked to try again later, and nobody is admitted meanwhile.
//
// The issuer's keys are read at most every ten seconds, whatever key ids callers
// invent, and at least every ten minutes while there are callers, so that a withdrawn
// key soon stops working.
package auth
