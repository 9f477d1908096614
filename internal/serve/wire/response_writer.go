package wire

import "net/http"

// responseWriter is the way out of one request over HTTP, seen by its barrier.
type responseWriter struct {
	http.ResponseWriter

	barrier barrier
}

// Write implements [http.ResponseWriter].
func (w *responseWriter) Write(p []byte) (int, error) {
	defer w.barrier.written(p)
	return w.ResponseWriter.Write(p)
}

// WriteHeader has nobody keep the answer. mcp-go says of a stream that it may be
// kept, and asked about again.
func (w *responseWriter) WriteHeader(status int) {
	w.Header().Set("Cache-Control", "no-store")
	w.ResponseWriter.WriteHeader(status)
}

// Flush sends what is written. Without it mcp-go would drop notifications.
func (w *responseWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap is for [http.ResponseController].
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// withResponseWriter lets next answer through a responseWriter.
func withResponseWriter(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		way := &responseWriter{ResponseWriter: w}
		next.ServeHTTP(way, r.WithContext(withBarrier(r.Context(), &way.barrier)))
	})
}
