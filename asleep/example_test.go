package asleep_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
)

// morning is the clock of the examples, whose API is a local one.
func morning() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func newAPI() *httptest.Server {
	return httptest.NewServer(sandbox.New(sandbox.Options{Now: morning, People: sandbox.Demo(morning(), sandbox.DemoSeed)}))
}

func ExampleClient_Nights() {
	api := newAPI()
	defer api.Close()
	client, err := asleep.New(api.URL, "any-key", asleep.WithClock(morning))
	if err != nil {
		fmt.Println(err)
		return
	}
	to := civil.DateOf(morning())
	nights, err := client.Nights(context.Background(), sandbox.DemoUser, to.AddDays(-2), to)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range nights.Slept {
		if s.TimeInSleep != nil { // nil: not measured
			fmt.Printf("from %s: %.1f hours\n", s.Start.UTC().Format("2 January"), *s.TimeInSleep/3600)
		}
	}
	// Output:
	// from 20 November: 7.3 hours
	// from 21 November: 7.4 hours
	// from 22 November: 7.4 hours
}

func ExampleError() {
	api := newAPI()
	defer api.Close()
	client, err := asleep.New(api.URL, "any-key", asleep.WithClock(morning))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Session(context.Background(), sandbox.DemoUser, "20260101220000_aaaaa")
	if failure, ok := errors.AsType[*asleep.Error](err); ok {
		fmt.Println(failure.Code, failure.Status)
	}
	// Output: not_found 404
}

func ExampleClient_Sessions() {
	api := newAPI()
	defer api.Close()
	client, err := asleep.New(api.URL, "any-key", asleep.WithClock(morning))
	if err != nil {
		fmt.Println(err)
		return
	}
	recent := asleep.ListOptions{From: civil.Date{Year: 2026, Month: time.November, Day: 21}, Ascending: true}
	for s, err := range client.Sessions(context.Background(), sandbox.DemoUser, recent) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s.Start.UTC().Format(time.DateTime), s.State)
	}
	// Output:
	// 2026-11-21 22:47:29 COMPLETE
	// 2026-11-22 22:27:11 COMPLETE
	// 2026-11-22 22:52:11 COMPLETE
}

func ExampleZone() {
	zone, ok := asleep.Zone("europe/paris")
	fmt.Println(zone, ok)
	_, ok = asleep.Zone("Local")
	fmt.Println(ok)
	// Output:
	// Europe/Paris true
	// false
}
