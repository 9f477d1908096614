package watch

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// OK is the outcome of what went well.
const OK = "ok"

// Options say what a [Watch] is made of.
type Options struct {
	Log    *slog.Logger // for the audit
	Secret []byte       // makes pseudonyms; the same on every replica
	Tracer trace.Tracer // nil: no traces
}

// Watch counts, traces and audits. It may be used by several goroutines at once.
type Watch struct {
	registry *prometheus.Registry
	log      *slog.Logger
	secret   []byte
	tracer   trace.Tracer

	calls    *prometheus.CounterVec
	callTime *prometheus.HistogramVec
	running  prometheus.Gauge
	attempts *prometheus.CounterVec
	sendTime *prometheus.HistogramVec
	sending  prometheus.Gauge
	lookups  *prometheus.CounterVec
	limited  prometheus.Counter
	refused  *prometheus.CounterVec
}

// New returns a watch with numbers of its own: two in one process do not meet.
func New(o Options) *Watch {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "asleep_mcp", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "asleep_mcp", Name: name, Help: help})
	}
	seconds := func(name, help, label string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "asleep_mcp", Name: name, Help: help, Buckets: []float64{.001, .005, .02, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{label})
	}
	w := &Watch{
		registry: prometheus.NewRegistry(),
		log:      o.Log,
		secret:   o.Secret,
		tracer:   o.Tracer,
		calls:    counter("calls_total", "Calls of tools, by how they ended.", "tool", "outcome"),
		callTime: seconds("call_seconds", "How long calls took.", "tool"),
		running:  gauge("calls_running", "Calls under way."),
		attempts: counter("upstream_requests_total", "Requests sent to Asleep, by how they ended.", "route", "outcome"),
		sendTime: seconds("upstream_seconds", "How long requests to Asleep took.", "route"),
		sending:  gauge("upstream_running", "Requests to Asleep under way."),
		lookups:  counter("cache_lookups_total", "Questions to the cache: hit, joined a load under way, or miss.", "result"),
		limited:  prometheus.NewCounter(prometheus.CounterOpts{Namespace: "asleep_mcp", Name: "rate_limited_total", Help: "Requests refused because their caller sent too many."}),
		refused:  counter("refused_total", "Requests refused before they reached a tool, by HTTP status.", "status"),
	}
	if w.tracer == nil {
		w.tracer = noop.NewTracerProvider().Tracer("")
	}
	w.registry.MustRegister(w.calls, w.callTime, w.running, w.attempts, w.sendTime, w.sending, w.lookups, w.limited, w.refused,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return w
}

// Handler shows the numbers in the formats Prometheus reads.
func (w *Watch) Handler() http.Handler {
	return promhttp.HandlerFor(w.registry, promhttp.HandlerOpts{})
}

// Call begins to watch a call of a tool; end it with its outcome.
func (w *Watch) Call(ctx context.Context, tool string) (_ context.Context, end func(outcome string)) {
	if w == nil {
		return ctx, func(string) {}
	}
	w.running.Inc()
	start := time.Now()
	ctx, span := w.tracer.Start(ctx, "tools/call "+tool, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(attribute.String("mcp.tool.name", tool)))
	return ctx, func(outcome string) {
		w.running.Dec()
		w.calls.WithLabelValues(tool, outcome).Inc()
		w.callTime.WithLabelValues(tool).Observe(time.Since(start).Seconds())
		finish(span, outcome)
	}
}

// Attempt begins to watch a request to Asleep; end it with its outcome.
func (w *Watch) Attempt(ctx context.Context, route string) (end func(outcome string)) {
	if w == nil {
		return func(string) {}
	}
	w.sending.Inc()
	start := time.Now()
	_, span := w.tracer.Start(ctx, route, trace.WithSpanKind(trace.SpanKindClient))
	return func(outcome string) {
		w.sending.Dec()
		w.attempts.WithLabelValues(route, outcome).Inc()
		w.sendTime.WithLabelValues(route).Observe(time.Since(start).Seconds())
		finish(span, outcome)
	}
}

func finish(span trace.Span, outcome string) {
	span.SetAttributes(attribute.String("outcome", outcome))
	if outcome != OK {
		span.SetStatus(codes.Error, outcome)
	}
	span.End()
}

// Lookup counts a question to the cache.
func (w *Watch) Lookup(result string) {
	if w != nil {
		w.lookups.WithLabelValues(result).Inc()
	}
}

// Limited counts a request that came too soon.
func (w *Watch) Limited() {
	if w != nil {
		w.limited.Inc()
	}
}

// Refused counts a request that was admitted nowhere.
func (w *Watch) Refused(status int) {
	if w != nil {
		w.refused.WithLabelValues(http.StatusText(status)).Inc()
	}
}

// Audit writes the line about a call: who asked, for what, and how it ended.
func (w *Watch) Audit(ctx context.Context, who, what, outcome string) {
	if w != nil {
		w.log.LogAttrs(ctx, slog.LevelInfo, "audit", slog.String("caller", w.pseudonym(who)),
			slog.String("what", what), slog.String("outcome", outcome))
	}
}

// pseudonym stands for a caller's name.
func (w *Watch) pseudonym(name string) string {
	sum := hmac.New(sha256.New, w.secret)
	sum.Write([]byte(name))
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
