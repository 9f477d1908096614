package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

// admission decides who comes in.
type admission struct {
	gate      *auth.Gate       // nil: everybody is principal
	principal access.Principal // without a gate
	limits    *limits
	watch     *watch.Watch
}

// admit returns r with its caller in the context, or answers it and returns nil.
func (a *admission) admit(w http.ResponseWriter, r *http.Request, tell Tell) *http.Request {
	if a.gate == nil {
		return r.WithContext(access.With(r.Context(), a.principal))
	}
	caller, why := a.gate.Authenticate(r)
	if why != nil {
		a.watch.Refused(why.Status)
		why.SetHeaders(w.Header())
		tell(w, why.Status, why.Text)
		return nil
	}
	if wait := a.limits.take(caller.Name()); wait > 0 {
		a.watch.Limited()
		seconds := int((wait + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		text := "Too many requests. Wait one second."
		if seconds > 1 {
			text = "Too many requests. Wait " + strconv.Itoa(seconds) + " seconds."
		}
		tell(w, http.StatusTooManyRequests, text)
		return nil
	}
	return r.WithContext(access.With(r.Context(), caller))
}
