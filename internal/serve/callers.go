package serve

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
)

// asking is ctx with who is asking: whom the gate let in, or, where there is
// none, the one principal of this server.
func (s *Server) asking(ctx context.Context) context.Context {
	if s.http.Gate != nil {
		return ctx
	}
	return access.With(ctx, s.principal)
}

// admit returns r with its caller in the context, or answers it and returns nil.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, tell tell) *http.Request {
	if s.http.Gate == nil {
		return r.WithContext(s.asking(r.Context()))
	}
	caller, why := s.http.Gate.Authenticate(r)
	if why != nil {
		s.turnAway(w, why, tell)
		return nil
	}
	if wait := s.limits.take(caller.Principal.Name()); wait > 0 {
		s.watch.Limited()
		seconds := int((wait + time.Second - 1) / time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		text := "Too many requests. Wait one second."
		if seconds > 1 {
			text = "Too many requests. Wait " + strconv.Itoa(seconds) + " seconds."
		}
		tell(w, http.StatusTooManyRequests, text)
		return nil
	}
	return r.WithContext(auth.With(r.Context(), caller))
}

func (s *Server) turnAway(w http.ResponseWriter, why *auth.Refusal, tell tell) {
	s.watch.Refused(why.Status)
	why.SetHeaders(w.Header())
	tell(w, why.Status, why.Text)
}

// scoped says whether m's caller has the scopes for it, or answers with all that
// it needs. What the caller's role can never have is hidden, and refused inside.
func (s *Server) scoped(w http.ResponseWriter, r *http.Request, m message) bool {
	if s.http.Gate == nil {
		return true
	}
	needed, why := s.needs(m)
	if why != nil {
		refuse(w, http.StatusBadRequest, &refusal{code: why.code, text: why.text, id: m.id})
		return false
	}
	if !slices.ContainsFunc(needed, access.From(r.Context()).Lacks) {
		return true
	}
	s.turnAway(w, s.http.Gate.Insufficient(r, needed...), func(w http.ResponseWriter, status int, text string) {
		refuse(w, status, &refusal{code: mcp.INVALID_REQUEST, text: text, id: m.id})
	})
	return false
}

// hideByRole takes out of every list what the caller's role can never use, and
// with it out of what can be called.
func (s *Server) hideByRole() {
	server.WithToolFilter(func(ctx context.Context, all []mcp.Tool) []mcp.Tool {
		return filtered(all, func(t mcp.Tool) bool { return s.usable(ctx, t.Name) })
	})(s.mcp)
	server.WithPromptFilter(func(ctx context.Context, all []mcp.Prompt) []mcp.Prompt {
		return filtered(all, func(p mcp.Prompt) bool { return s.usable(ctx, s.toolsOf(p.Name)...) })
	})(s.mcp)
}

// hideResources does the same for the list of resources, which mcp-go has no
// filter for; reading one goes through its tool.
func (s *Server) hideResources(h *server.Hooks) {
	h.AddAfterListResources(func(ctx context.Context, _ any, _ *mcp.ListResourcesRequest, result *mcp.ListResourcesResult) {
		result.Resources = filtered(result.Resources, func(r mcp.Resource) bool { return s.usable(ctx, s.toolsRead(r.URI)...) })
	})
}

func filtered[T any](all []T, keep func(T) bool) []T {
	kept := []T{}
	for _, one := range all {
		if keep(one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// usable says whether the caller's role may use all these tools.
func (s *Server) usable(ctx context.Context, names ...string) bool {
	p := access.From(ctx)
	for _, name := range names {
		if !p.Could(s.tools[name].Scope()) {
			return false
		}
	}
	return true
}
