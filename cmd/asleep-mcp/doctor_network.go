package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// heardWithin is how long the doctor waits for the service.
const heardWithin = 10 * time.Second

// heard is how the service answered a request for nothing in particular, without a key.
type heard struct {
	took  time.Duration
	date  time.Time     // by the service's clock; zero: not given
	apart time.Duration // how far this machine's clock is ahead
	err   error
}

// listen sends one request. Any answer will do: what the service says without a key does not
// matter.
func (c config) listen(ctx context.Context) heard {
	ctx, cancel := context.WithTimeout(ctx, heardWithin)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodHead, c.baseURL, nil)
	if err != nil {
		return heard{err: err}
	}
	began := time.Now()
	response, err := http.DefaultTransport.RoundTrip(request) // a client would follow redirects
	if err != nil {
		return heard{err: err}
	}
	defer func() { _ = response.Body.Close() }() // a HEAD has none
	h := heard{took: time.Since(began)}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		h.date = date
		// The header has no fractions of a second, and was written halfway through.
		h.apart = began.Add(h.took / 2).Sub(date.Add(time.Second / 2))
	}
	return h
}

func (c config) networkFinding(heard heard) finding {
	switch {
	case heard.err != nil:
		return finding{"network", problem, whyUnheard(heard.err)}
	case c.demo:
		return finding{"network", fine, "the demo needs none"}
	}
	return finding{"network", fine, fmt.Sprintf("the service responded in %d ms", heard.took.Milliseconds())}
}

// whyUnheard says what to do about a request without an answer.
func whyUnheard(err error) string {
	var (
		name        *net.DNSError
		certificate *tls.CertificateVerificationError
		unknown     x509.UnknownAuthorityError
		proxy       *net.OpError
		limit       net.Error
		address     *url.Error
	)
	switch {
	case errors.As(err, &name):
		return "the service's host name cannot be resolved: check the connection and ASLEEP_BASE_URL"
	case errors.As(err, &certificate), errors.As(err, &unknown):
		return "the service's certificate is not trusted: there may be a proxy in between whose certificate this machine does not know"
	case errors.As(err, &proxy) && proxy.Op == "proxyconnect":
		return "the proxy does not respond: check HTTPS_PROXY"
	case errors.As(err, &limit) && limit.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no response within %d seconds: check the connection, the firewall and HTTPS_PROXY", int(heardWithin.Seconds()))
	case errors.As(err, &address):
		return "the address cannot be used: check ASLEEP_BASE_URL and HTTPS_PROXY"
	}
	return "the service cannot be reached: check the connection and ASLEEP_BASE_URL"
}
