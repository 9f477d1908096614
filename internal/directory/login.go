package directory

// Login is an account at an OpenID provider, named by the issuer and the subject of its
// tokens. The zero value is none.
type Login struct {
	Issuer, Subject string
	Email           string // that the provider verified, where logins may join members by it; else ""
}
