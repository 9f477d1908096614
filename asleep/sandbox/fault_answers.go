package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// faultAnswers has what each fault answers.
var faultAnswers = map[string]func(*Server, Fault, http.ResponseWriter, *http.Request){
	"unauthorized":     refuse(errUnauthorized),
	"plan_expired":     refuse(errPlanExpired),
	"quota":            refuse(errQuota),
	"rate_limited":     refuse(errRateLimit),
	"rate_limited_429": refuse(&refusal{http.StatusTooManyRequests, "Too Many Requests"}),
	"not_found":        refuse(errRouteNotFound),
	"validation":       refuse(&refusal{http.StatusUnprocessableEntity, validationDetail("query", "start_date", "invalid date format")}),
	"internal":         refuse(errInternal),
	"bad_gateway":      page502,
	"html":             loginPage,
	"cut":              cut,
	"huge":             huge,
	"hang":             hang,
	"null":             verbatim("null"),
	"result_null":      verbatim(`{"detail":"OK","result":null}`),
	"wrong_types":      wrongTypes,
	"redirect":         redirect,
}

func refuse(with *refusal) func(*Server, Fault, http.ResponseWriter, *http.Request) {
	return func(_ *Server, f Fault, w http.ResponseWriter, _ *http.Request) {
		f.retryAfter(w, with.status == http.StatusTooManyRequests)
		write(w, answer{with.status, map[string]any{"detail": with.detail}})
	}
}

// retryAfter sets the header if the fault has a time, or always needs one.
func (f Fault) retryAfter(w http.ResponseWriter, always bool) {
	if f.RetryAfter > 0 || always {
		rounded := (f.RetryAfter + time.Second - 1) / time.Second
		w.Header().Set("Retry-After", strconv.Itoa(int(rounded)))
	}
}

func page502(_ *Server, f Fault, w http.ResponseWriter, _ *http.Request) {
	f.retryAfter(w, false)
	html(w, http.StatusBadGateway, "502 Bad Gateway")
}

func loginPage(_ *Server, _ Fault, w http.ResponseWriter, _ *http.Request) {
	html(w, http.StatusOK, "Please sign in")
}

func html(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	_, _ = w.Write([]byte("<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1></body></html>"))
}

func verbatim(body string) func(*Server, Fault, http.ResponseWriter, *http.Request) {
	return func(_ *Server, _ Fault, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}
}

// cut announces the whole body, sends half of it and closes the connection.
func cut(s *Server, _ Fault, w http.ResponseWriter, r *http.Request) {
	whole := s.record(r)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(whole.body.Len()))
	w.WriteHeader(whole.status)
	_, _ = w.Write(whole.body.Bytes()[:whole.body.Len()/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// huge sends a JSON string of 256 MB and stops when nobody reads it.
func huge(_ *Server, _ Fault, w http.ResponseWriter, _ *http.Request) {
	const size, chunk = 256 << 20, 64 << 10
	w.Header().Set("Content-Type", "application/json")
	filler := bytes.Repeat([]byte("z"), chunk)
	if _, err := w.Write([]byte(`{"detail":"OK","result":{"timezone":"`)); err != nil {
		return
	}
	for range size / chunk {
		if _, err := w.Write(filler); err != nil {
			return
		}
	}
	_, _ = w.Write([]byte(`"}}`))
}

// hang keeps the client waiting, then drops the connection.
func hang(s *Server, _ Fault, _ http.ResponseWriter, r *http.Request) {
	s.wait(r, 2*time.Minute)
	panic(http.ErrAbortHandler)
}

// redirect points to a port of this machine where nothing listens.
func redirect(_ *Server, _ Fault, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", "http://127.0.0.1:9"+r.URL.EscapedPath())
	w.WriteHeader(http.StatusFound)
}

// wrongTypes gives the right answer, but with numbers as strings and strings as numbers.
func wrongTypes(s *Server, _ Fault, w http.ResponseWriter, r *http.Request) {
	whole := s.record(r)
	a := answer{status: whole.status}
	var body any
	if json.Unmarshal(whole.body.Bytes(), &body) == nil {
		a.body = swapTypes(body)
	}
	write(w, a)
}

func swapTypes(v any) any {
	switch v := v.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return len(v)
	case []any:
		for i := range v {
			v[i] = swapTypes(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = swapTypes(v[key])
		}
	}
	return v
}

// recorded is an answer kept in memory.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (s *Server) record(r *http.Request) *recorded {
	w := &recorded{header: http.Header{}}
	s.answer(w, r)
	return w
}

func (w *recorded) Header() http.Header         { return w.header }
func (w *recorded) WriteHeader(status int)      { w.status = status }
func (w *recorded) Write(b []byte) (int, error) { return w.body.Write(b) }
