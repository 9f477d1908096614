package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
)

func ExampleDemoFacts() {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, f := range sandbox.DemoFacts(now, sandbox.DemoSeed) {
		if f.Name == "nap" || f.Name == "trip" {
			fmt.Println(f.Text)
		}
	}
	// Output:
	// A nap of about 36 minutes in the afternoon of 2026-11-19, beside a whole night.
	// From 2026-08-07 to 2026-08-13 the nights were slept in Asia/Seoul.
}

func ExampleServer_SetFault() {
	server := sandbox.New(sandbox.Options{})
	defer server.Close()
	if err := server.SetFault(sandbox.Fault{Name: "rate_limited_429", Times: 1, RetryAfter: 5 * time.Second}); err != nil {
		fmt.Println(err)
		return
	}
	request := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/data/v1/sessions", http.NoBody)
	request.Header.Set("x-api-key", "any-key")
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, request)
	fmt.Println(answer.Code, answer.Header().Get("Retry-After"))
	// Output: 429 5
}
