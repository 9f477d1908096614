package serve

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// localOnly tells programs on this machine and pages of this server from what a
// browser was lured to send.
type localOnly struct{ cross *http.CrossOriginProtection }

func newLocalOnly() localOnly {
	return localOnly{http.NewCrossOriginProtection()}
}

// refuses returns why r may not be answered, or "".
func (l localOnly) refuses(r *http.Request) string {
	if !loopbackHost(r.Host) {
		return "The Host header names another machine. Use the address the server printed, such as 127.0.0.1 or localhost."
	}
	if l.cross.Check(r) != nil || !sameOrigin(r) {
		return "The request comes from a page of another origin, which may not use this server."
	}
	return ""
}

// loopbackHost says whether a Host header names loopback. Any other name may be
// one that a page rebound to this machine.
func loopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// sameOrigin says whether every Origin header there is names this server.
// Programs send none.
func sameOrigin(r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		if !strings.EqualFold(origin, "http://"+r.Host) {
			return false
		}
	}
	return true
}
