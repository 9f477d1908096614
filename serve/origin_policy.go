package serve

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// doors tells requests that were meant for this server from what a browser was
// lured to send.
type doors struct {
	public  *url.URL // nil: only loopback names are this server's
	origins []string // of other servers' pages that may use this one
	cross   *http.CrossOriginProtection
}

func newDoors(o HTTP) doors {
	d := doors{cross: http.NewCrossOriginProtection()}
	if public, err := url.Parse(o.PublicURL); err == nil && public.Host != "" {
		d.public = public
		_ = d.cross.AddTrustedOrigin(origin(public)) // it is one
	}
	for _, o := range o.Origins {
		if d.cross.AddTrustedOrigin(o) == nil {
			d.origins = append(d.origins, strings.ToLower(o))
		}
	}
	return d
}

func origin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// refuses returns why r may not be answered, or "".
func (d doors) refuses(r *http.Request) string {
	if !loopbackHost(r.Host) && (d.public == nil || !strings.EqualFold(hostname(r.Host), d.public.Hostname())) {
		return "The Host header names another machine. Use the address the server printed, such as 127.0.0.1 or localhost, or its public URL."
	}
	if d.cross.Check(r) != nil || !d.known(r) {
		return "The request comes from a page of another origin, which may not use this server."
	}
	return ""
}

func hostname(hostport string) string {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	return host
}

// loopbackHost says whether a Host header names loopback. Any other name may be
// one that a page rebound to this machine.
func loopbackHost(hostport string) bool {
	host := hostname(hostport)
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// known says whether every Origin header there is names this server or one that
// may use it. Programs send none.
func (d doors) known(r *http.Request) bool {
	own := "http://" + r.Host
	if r.TLS != nil {
		own = "https://" + r.Host
	}
	for _, from := range r.Header.Values("Origin") {
		if !strings.EqualFold(from, own) && !d.trusted(from) && (d.public == nil || strings.ToLower(from) != origin(d.public)) {
			return false
		}
	}
	return true
}

func (d doors) trusted(from string) bool { return slices.Contains(d.origins, strings.ToLower(from)) }

// What pages of other origins may send and read. Cookies are not among it:
// nothing here looks at them.
const (
	corsHeaders = "Authorization, Content-Type, Accept, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-Id"
	corsExposed = "WWW-Authenticate, Retry-After, Mcp-Session-Id, Mcp-Protocol-Version"
)

// cors tells browsers what a page of a trusted origin may do. It is done with
// their question before the request.
func (d doors) cors(w http.ResponseWriter, r *http.Request) (done bool) {
	if len(d.origins) == 0 {
		return false
	}
	h := w.Header()
	h.Add("Vary", "Origin")
	from := r.Header.Get("Origin")
	if !d.trusted(from) {
		return false
	}
	h.Set("Access-Control-Allow-Origin", from)
	h.Set("Access-Control-Expose-Headers", corsExposed)
	if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
		return false
	}
	h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
	h.Set("Access-Control-Allow-Headers", corsHeaders)
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
	return true
}

// secure sets the headers that every answer has.
func (d doors) secure(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if r.TLS != nil || d.public != nil && d.public.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}
