package web

import (
	"net/http"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

// metrics shows numbers to operators.
type metrics struct {
	admission *admission
	watch     *watch.Watch
}

func (m *metrics) answer(w http.ResponseWriter, r *http.Request, tell Tell) {
	if !onlyGET(w, r, tell) {
		return
	}
	if r = m.admission.admit(w, r, tell); r == nil {
		return
	}
	if !access.From(r.Context()).May(access.Admin) {
		tell(w, http.StatusForbidden, "Metrics are for operators: use a static token of that role with the scope admin.")
		return
	}
	defer serving(r.Context())()
	m.watch.Handler().ServeHTTP(w, r)
}
