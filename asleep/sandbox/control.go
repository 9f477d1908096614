package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// switches returns the sandbox's own routes, which the API does not have.
//
//	PUT /_sandbox/fault     {"name":"rate_limited_429","times":1,"retry_after_seconds":5,"route":"GET /data/v1/sessions"}
//	DELETE /_sandbox/fault
//
// Only name is required. They need no key.
func (s *Server) switches() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /_sandbox/fault", s.putFault)
	mux.HandleFunc("DELETE /_sandbox/fault", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	return mux
}

func (s *Server) putFault(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Name              string  `json:"name"`
		Times             int     `json:"times"`
		RetryAfterSeconds float64 `json:"retry_after_seconds"`
		Route             string  `json:"route"`
	}
	body := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16))
	body.DisallowUnknownFields()
	err := body.Decode(&in)
	if err == nil {
		wait := time.Duration(in.RetryAfterSeconds * float64(time.Second))
		err = s.SetFault(Fault{Name: in.Name, Times: in.Times, RetryAfter: wait, Route: in.Route})
	}
	if err != nil {
		write(w, answer{http.StatusBadRequest, map[string]any{"detail": err.Error()}})
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
