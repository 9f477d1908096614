package watch

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// OTLPVariables are the variables of OpenTelemetry that switch traces on. What
// else OpenTelemetry reads from variables, such as headers and timeouts, it
// reads for itself.
var OTLPVariables = []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"}

// Tracer returns a tracer that sends spans over HTTP to where the variables say.
// Call stop at the end, to send what is left. Trouble with sending is logged in
// constant words: OpenTelemetry's own hold the address.
func Tracer(ctx context.Context, version string, log *slog.Logger) (_ trace.Tracer, stop func(context.Context) error, _ error) {
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, nil, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(error) { log.Warn("traces could not be sent") }))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(resource.NewSchemaless(
		attribute.String("service.name", "asleep-mcp"), attribute.String("service.version", version))))
	return provider.Tracer("github.com/asleep-mcp/asleep-mcp"), provider.Shutdown, nil
}
