package watch

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tracer returns a tracer that sends spans to a collector. Call stop at the end, to
// send what is left. Trouble with sending is logged in constant words: errors hold
// the address.
func Tracer(to *OTLP, version string, log *slog.Logger) (_ trace.Tracer, stop func(context.Context) error) {
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) { log.Warn("traces could not be sent") }))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(newExporter(to)), sdktrace.WithResource(resource.NewSchemaless(
		attribute.String("service.name", "asleep-mcp"), attribute.String("service.version", version))))
	return provider.Tracer("github.com/asleep-mcp/asleep-mcp"), provider.Shutdown
}
