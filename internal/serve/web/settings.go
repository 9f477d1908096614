package web

import (
	"context"
	"crypto/tls"

	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
)

// Settings say how a server is reached over HTTP. The zero value is for programs
// on this machine, all of which are the server's one principal.
type Settings struct {
	Gate           *auth.Gate  // authenticates callers; nil: nobody is asked, and only loopback is served
	PublicURL      string      // scheme and host that callers use beyond loopback; "": none
	Origins        []string    // of pages that may use the server although they are not its own
	CallsPerMinute int         // that one caller may make, behind a gate; 0: any number
	TLS            *tls.Config // nil: plain HTTP
	WebhookKey     string      // that Asleep shows when it calls; "": it is not listened to

	// Ready are the checks of /readyz by the name of what they check, such as
	// "database". Those among Dispensable are reported and keep nothing from being ready.
	Ready       map[string]func(context.Context) error
	Dispensable []string
}
