package asleep

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"
)

// DefaultBaseURL is the address of the service.
const DefaultBaseURL = "https://api.asleep.ai"

const (
	defaultInFlight  = 32
	defaultUserAgent = "asleep-mcp (+https://github.com/asleep-mcp/asleep-mcp)"
)

// Client talks to the Asleep REST API with a company's key. Create one with [New] and
// share it, so that its cache and its limit on requests in flight are shared too.
type Client struct {
	base      *url.URL
	key       string
	userAgent string
	now       func() time.Time

	// A transport, not an [http.Client]: a transport never follows a redirect, not even
	// a malformed one.
	transport http.RoundTripper
	slots     *semaphore.Weighted
	bodies    bodies
	inFlight  int
	cache     *cache
	observer  Observer
	pace      func(context.Context) error // nil: requests need not wait
}

// ErrPlainHTTP is returned by [New] for a base URL that would send the key unencrypted.
var ErrPlainHTTP = errors.New("asleep: the base URL has http:// and a host that is not this machine, so the API key would be sent unencrypted; it must be https://")

// Option changes a default of [New].
type Option func(*options)

type options struct {
	now       func() time.Time
	plainHTTP bool
	inFlight  int
	userAgent string
	observer  Observer
	pace      func(context.Context) error
}

// WithClock sets the clock that decides which date is today and how long an answer
// stays cached. The default is [time.Now]. Waits and timeouts always use real time.
func WithClock(now func() time.Time) Option {
	return func(o *options) { o.now = now }
}

// WithMaxInFlight sets how many requests may be in flight at once; the default is 32.
// [New] refuses a number below 1.
func WithMaxInFlight(n int) Option {
	return func(o *options) { o.inFlight = n }
}

// WithPace makes the client call pace before each request, including retries. pace
// returns when the request may be sent, or an error if it must not be; the call then
// fails with that error. An [*Error] with the code [RateLimited] and a RetryAfter is
// treated as if it came from the service.
func WithPace(pace func(context.Context) error) Option {
	return func(o *options) { o.pace = pace }
}

// WithPlainHTTP allows a base URL with http:// and a host other than this machine. The
// key is then sent unencrypted.
func WithPlainHTTP() Option {
	return func(o *options) { o.plainHTTP = true }
}

// WithUserAgent sets the User-Agent header; the default names asleep-mcp.
func WithUserAgent(ua string) Option {
	return func(o *options) { o.userAgent = ua }
}

// New returns a client for the service at baseURL, for example [DefaultBaseURL]. A path
// in baseURL is put before every route. New sends nothing. It returns an error if the
// key is empty or cannot be sent, if the base URL is neither https nor http or would
// send the key unencrypted without [WithPlainHTTP], or if an option is unusable. The
// text of the error contains neither the key nor the URL.
func New(baseURL, apiKey string, opts ...Option) (*Client, error) {
	o := options{now: time.Now, inFlight: defaultInFlight, userAgent: defaultUserAgent}
	for _, opt := range opts {
		opt(&o)
	}
	base, err := checkBase(baseURL)
	if err != nil {
		return nil, err
	}
	switch {
	case base.Scheme == "http" && !o.plainHTTP && !loopback(base.Hostname()):
		return nil, ErrPlainHTTP
	case apiKey == "":
		return nil, errors.New("asleep: the API key is empty")
	case !visible(apiKey):
		return nil, errors.New("asleep: the API key holds blanks, control characters or letters outside ASCII")
	case o.now == nil:
		return nil, errors.New("asleep: the clock is nil")
	case o.inFlight < 1:
		return nil, fmt.Errorf("asleep: at least one request must be allowed in flight, not %d", o.inFlight)
	case !visible(strings.ReplaceAll(o.userAgent, " ", "")):
		return nil, errors.New("asleep: the user agent holds control characters or letters outside ASCII")
	}
	return &Client{
		base:      base,
		key:       apiKey,
		userAgent: o.userAgent,
		now:       o.now,
		transport: newTransport(o.inFlight),
		slots:     semaphore.NewWeighted(int64(o.inFlight)),
		bodies:    newBodies(),
		inFlight:  o.inFlight,
		cache:     newCache(o.now, o.observer.Lookup),
		observer:  o.observer,
		pace:      o.pace,
	}, nil
}

// MaxInFlight returns how many requests may be in flight at once.
func (c *Client) MaxInFlight() int { return c.inFlight }

// checkBase reads the base URL. Its text is not repeated: a URL can carry a
// password.
func checkBase(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("asleep: the base URL cannot be read")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("asleep: the base URL must start with http:// or https://")
	case u.Hostname() == "":
		return nil, errors.New("asleep: the base URL names no host")
	case u.User != nil:
		return nil, errors.New("asleep: the base URL must not hold a user or password")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("asleep: the base URL must not hold a query or fragment")
	}
	return u, nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.Unmap().IsLoopback()
}

// newTransport returns a transport that is not shared, so that other code's changes to the
// default one do not apply. Each attempt is bounded by its context.
func newTransport(inFlight int) *http.Transport {
	dialer := &net.Dialer{Timeout: attemptTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    attemptTimeout,
		MaxIdleConns:           inFlight,
		MaxIdleConnsPerHost:    inFlight,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// visible reports whether s is printable ASCII without blanks, as a header requires.
func visible(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
