package errtext

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// Certificate says what is wrong with the certificate of a server that a request did not
// reach for that reason; "" when err is about something else, or nil. It repeats no name
// and no address.
func Certificate(err error) string {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		return ""
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "this machine does not know the authority that signed it"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "it is for another host name"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "it has expired, or is not valid yet"
	}
	return "it cannot be verified"
}
