package watch

import (
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// What follows is the JSON of opentelemetry-proto's ExportTraceServiceRequest, as far
// as the spans of this program have something to say: they have no events, no links
// and no state. Ids are hexadecimal, numbers of 64 bits are texts.
type (
	exportRequest struct {
		ResourceSpans []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource   resourceAttributes `json:"resource"`
		ScopeSpans []scopeSpans       `json:"scopeSpans"`
	}
	resourceAttributes struct {
		Attributes []keyValue `json:"attributes"`
	}
	scopeSpans struct {
		Scope scope         `json:"scope"`
		Spans []encodedSpan `json:"spans"`
	}
	scope struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
	}
	encodedSpan struct {
		TraceID      string     `json:"traceId"`
		SpanID       string     `json:"spanId"`
		ParentSpanID string     `json:"parentSpanId,omitempty"`
		Flags        uint32     `json:"flags"`
		Name         string     `json:"name"`
		Kind         int        `json:"kind"`
		Start        string     `json:"startTimeUnixNano"`
		End          string     `json:"endTimeUnixNano"`
		Attributes   []keyValue `json:"attributes,omitempty"`
		Status       spanStatus `json:"status"`
	}
	spanStatus struct {
		Message string `json:"message,omitempty"`
		Code    int    `json:"code,omitempty"`
	}
	keyValue struct {
		Key   string   `json:"key"`
		Value anyValue `json:"value"`
	}
	anyValue struct {
		String *string  `json:"stringValue,omitempty"`
		Bool   *bool    `json:"boolValue,omitempty"`
		Int    *string  `json:"intValue,omitempty"`
		Double *float64 `json:"doubleValue,omitempty"`
	}
)

// encodeSpans takes the resource and the scope of the first span for all: this
// program has one tracer.
func encodeSpans(spans []sdktrace.ReadOnlySpan) exportRequest {
	of := spans[0].InstrumentationScope()
	together := scopeSpans{Scope: scope{of.Name, of.Version}}
	for _, s := range spans {
		together.Spans = append(together.Spans, encodeSpan(s))
	}
	return exportRequest{[]resourceSpans{{
		Resource:   resourceAttributes{encodeAttributes(spans[0].Resource().Attributes())},
		ScopeSpans: []scopeSpans{together},
	}}}
}

func encodeSpan(s sdktrace.ReadOnlySpan) encodedSpan {
	self, parent := s.SpanContext(), s.Parent()
	e := encodedSpan{
		TraceID: self.TraceID().String(), SpanID: self.SpanID().String(), Flags: uint32(self.TraceFlags()),
		Name: s.Name(), Kind: int(s.SpanKind()), // both count from internal, 1
		Start: nanoseconds(s.StartTime()), End: nanoseconds(s.EndTime()), Attributes: encodeAttributes(s.Attributes()),
	}
	if parent.SpanID().IsValid() {
		e.ParentSpanID = parent.SpanID().String()
	}
	switch status := s.Status(); status.Code { // which count differently
	case codes.Ok:
		e.Status = spanStatus{Code: 1}
	case codes.Error:
		e.Status = spanStatus{Code: 2, Message: status.Description}
	case codes.Unset:
	}
	return e
}

func nanoseconds(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

func encodeAttributes(all []attribute.KeyValue) []keyValue {
	encoded := make([]keyValue, len(all))
	for i, a := range all {
		encoded[i] = keyValue{string(a.Key), encodeValue(a.Value)}
	}
	return encoded
}

// encodeValue writes a list, which no span of this program has, as a text.
func encodeValue(v attribute.Value) anyValue {
	switch v.Type() {
	case attribute.BOOL:
		return anyValue{Bool: new(v.AsBool())}
	case attribute.INT64:
		return anyValue{Int: new(strconv.FormatInt(v.AsInt64(), 10))}
	case attribute.FLOAT64:
		return anyValue{Double: new(v.AsFloat64())}
	}
	return anyValue{String: new(v.String())}
}
