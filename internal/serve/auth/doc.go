// Package auth finds out who is calling over HTTP.
//
// # Vocabulary
//
// A caller shows a bearer token in the Authorization header and nowhere else. It
// is either a static token, whose hash stands in a file, or a JSON Web Token of
// an OpenID provider, the issuer. The subject of such a token is a login; the
// directory, [directory.Store], says which Asleep user it stands for and of which
// organizations that user is a coach or analyst. What a caller may do is the
// [access.Principal] that comes out of it, held to the token's scopes.
//
// # Promise
//
// A token counts when its signature is by a key that the issuer publishes now,
// with RSA, ECDSA or EdDSA, and when issuer, audience and times are right. Only
// then is anything in it believed. A token is not kept, not logged and not passed
// on. When it cannot be checked, because the issuer or the directory does not
// answer, the caller is told to come back and nobody is admitted meanwhile.
//
// The issuer's keys are read at most every ten seconds, whatever key ids callers
// make up, and at least every ten minutes while callers come, so that a
// withdrawn key is soon without effect.
package auth
