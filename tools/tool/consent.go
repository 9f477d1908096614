package tool

import "context"

// Consent is what is known of a person's will before something is deleted for good. A host
// that can ask the person does; the others leave it to the arguments, which name twice what
// is meant.
type Consent int

// What is known.
const (
	CannotAsk Consent = iota // the host has no way to ask
	NotAsked                 // it can, and has not yet
	Agreed
	Declined
)

type consentKey struct{}

// WithConsent returns ctx with what is known.
func WithConsent(ctx context.Context, c Consent) context.Context {
	return context.WithValue(ctx, consentKey{}, c)
}

// ConsentFrom returns what is known, [CannotAsk] where nobody said.
func ConsentFrom(ctx context.Context) Consent {
	c, _ := ctx.Value(consentKey{}).(Consent)
	return c
}
