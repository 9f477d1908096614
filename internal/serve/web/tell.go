package web

import "net/http"

// Tell answers a request that goes no further, in the format of its door.
type Tell func(w http.ResponseWriter, status int, text string)

// handler answers at a path.
type handler func(w http.ResponseWriter, r *http.Request, tell Tell)

// onlyGET reports whether r reads, or answers it.
func onlyGET(w http.ResponseWriter, r *http.Request, tell Tell) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	w.Header().Set("Allow", "GET, HEAD")
	tell(w, http.StatusMethodNotAllowed, "Use GET.")
	return false
}
