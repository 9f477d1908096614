package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// originPolicy tells requests that were meant for this server from what a browser was
// lured to send, and tells browsers what pages of other origins may do.
type originPolicy struct {
	public  *url.URL // nil: only loopback names are this server's
	origins []string // of other servers' pages that may use this one
	cross   *http.CrossOriginProtection
}

func newOriginPolicy(o Settings) originPolicy {
	p := originPolicy{cross: http.NewCrossOriginProtection()}
	if public, err := url.Parse(o.PublicURL); err == nil && public.Host != "" {
		p.public = public
		_ = p.cross.AddTrustedOrigin(origin(public)) // it is one
	}
	for _, o := range o.Origins {
		if p.cross.AddTrustedOrigin(o) == nil {
			p.origins = append(p.origins, strings.ToLower(o))
		}
	}
	return p
}

func origin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// refuses returns why r may not be answered, or "". What is public is for every page.
func (p originPolicy) refuses(r *http.Request, public bool) string {
	if !loopbackHost(r.Host) && (p.public == nil || !strings.EqualFold(hostname(r.Host), p.public.Hostname())) {
		return "The Host header names another machine. Use the address the server printed, such as 127.0.0.1 or localhost, or its public URL."
	}
	if !public && (p.cross.Check(r) != nil || !p.known(r)) {
		return elsewhere
	}
	return ""
}

const elsewhere = "The request comes from a page of another origin, which may not use this server."

// lured reports whether a page of another site has a browser read something that is not
// for everybody. Such a page does not see the answer, but makes it be asked for.
func (p originPolicy) lured(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin":
		return false
	}
	return !p.trusted(r.Header.Get("Origin"))
}

func hostname(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	return host
}

// loopbackHost reports whether a Host header names loopback. Any other name may be
// one that a page rebound to this machine.
func loopbackHost(hostport string) bool {
	host := hostname(hostport)
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// known reports whether every Origin header there is names this server or one that
// may use it. Programs send none.
func (p originPolicy) known(r *http.Request) bool {
	own := "http://" + r.Host
	if r.TLS != nil {
		own = "https://" + r.Host
	}
	for _, from := range r.Header.Values("Origin") {
		if !strings.EqualFold(from, own) && !p.trusted(from) && (p.public == nil || strings.ToLower(from) != origin(p.public)) {
			return false
		}
	}
	return true
}

func (p originPolicy) trusted(from string) bool {
	return slices.Contains(p.origins, strings.ToLower(from))
}

// What pages of other origins may send and read. Cookies are not among it:
// nothing here looks at them.
const (
	corsHeaders = "Authorization, Content-Type, Accept, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-Id"
	corsExposed = "WWW-Authenticate, Retry-After, Mcp-Session-Id, Mcp-Protocol-Version"
)

// cors tells browsers what pages of trusted origins may do, or, if the answer is public,
// pages of any origin. It reports whether that answered the request, a preflight.
func (p originPolicy) cors(w http.ResponseWriter, r *http.Request, public bool) (done bool) {
	h, from := w.Header(), r.Header.Get("Origin")
	preflight := r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
	if !public && len(p.origins) > 0 {
		h.Add("Vary", "Origin")
	}
	switch {
	case public: // with the headers that the specification of server cards requires
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Allow-Methods", "GET")
		h.Set("Access-Control-Allow-Headers", "Content-Type")
	case !p.trusted(from):
		return false
	default:
		h.Set("Access-Control-Allow-Origin", from)
		h.Set("Access-Control-Expose-Headers", corsExposed)
		if preflight {
			h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
			h.Set("Access-Control-Allow-Headers", corsHeaders)
			h.Set("Access-Control-Max-Age", "600")
		}
	}
	if preflight {
		w.WriteHeader(http.StatusNoContent)
	}
	return preflight
}

// secure sets the headers that every answer has.
func (p originPolicy) secure(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if r.TLS != nil || p.public != nil && p.public.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
