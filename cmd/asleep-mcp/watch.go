package main

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

// traceTime is how long sending the last traces may take when the program ends.
const traceTime = 3 * time.Second

// watch lets an operator see what the server of o does.
func (c config) watch(ctx context.Context, o *serve.Options) (stop func()) {
	// All replicas share the API key, which cannot be recovered from the hash.
	secret := sha256.Sum256([]byte("audit\x00" + c.key))
	w := watch.Options{Log: o.Log, Secret: secret[:]}
	stop = func() {}
	if c.service.traces != nil {
		tracer, flush := watch.Tracer(c.service.traces, version(), o.Log)
		w.Tracer = tracer
		stop = func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), traceTime)
			defer cancel()
			_ = flush(ctx) // the error handler reports it
		}
	}
	o.Watch = watch.New(w)
	return stop
}

// observer tells w, and of each request also begun and ended; nil: nobody.
func observer(w *watch.Watch, ended func(asleep.Code), begun func()) asleep.Observer {
	return asleep.Observer{
		Attempt: func(ctx context.Context, route string) func(asleep.Code) {
			if begun != nil {
				begun()
			}
			end := w.Attempt(ctx, route)
			return func(code asleep.Code) {
				if ended != nil {
					ended(code)
				}
				if code == "" {
					code = watch.OK
				}
				end(string(code))
			}
		},
		Lookup: w.Lookup,
	}
}
