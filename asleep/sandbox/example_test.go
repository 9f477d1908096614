package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
)

// The sandbox is an [http.Handler], here behind a server for tests.
func Example() {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	sleepy := sandbox.New(sandbox.Options{
		Now:    func() time.Time { return now },
		People: []sandbox.Person{sandbox.Generate("G-1", time.UTC, now.AddDate(0, 0, -7), now, 1)},
	})
	defer sleepy.Close()
	api := httptest.NewServer(sleepy)
	defer api.Close()

	client, err := asleep.New(api.URL, "any-key", asleep.WithClock(func() time.Time { return now }))
	if err != nil {
		fmt.Println(err)
		return
	}
	sessions, err := client.ListSessions(context.Background(), "G-1", asleep.ListOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(sessions), "sessions,", sleepy.Requests()["GET /data/v1/sessions"], "request")
	// Output: 7 sessions, 1 request
}

func ExampleReadNights() {
	people, err := sandbox.ReadNights(strings.NewReader(
		`{"user":"G-1","start":"2026-09-01T22:46:43","timezone":"Europe/Paris","stages":"0011223.10"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	night := people[0].Recordings[0]
	fmt.Println(night.Start.UTC().Format(time.DateTime), night.Stages)
	// Output: 2026-09-01 20:46:43 [0 0 1 1 2 2 3 -1 1 0]
}

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
