package asleep

import "context"

// Observer is notified of what a [Client] does. Its functions are called from many
// goroutines at once and must be fast; those that are nil are not called. Their
// arguments contain no id, key or health value.
type Observer struct {
	// Attempt is called before each request is sent, including retries, with the route's
	// pattern. The function that it returns is called once the answer has been decoded,
	// with "", the code of the [Error], or "cancelled" if the context ended.
	Attempt func(ctx context.Context, route string) (end func(Code))
	// Lookup is called for each lookup in the cache, with [Hit], [Joined] or [Miss].
	Lookup func(result string)
}

// The results of a lookup in the cache.
const (
	Hit    = "hit"    // the answer was there
	Joined = "joined" // the answer was already being loaded
	Miss   = "miss"   // the answer has to be loaded
)

// cancelled is the code of an attempt whose context ended.
const cancelled Code = "cancelled"

// WithObserver makes the client notify o.
func WithObserver(o Observer) Option {
	return func(opts *options) { opts.observer = o }
}

// observed calls exchange, and the observer before and after it.
func (c *Client) observed(ctx context.Context, k call, decode decoder) error {
	if c.observer.Attempt == nil {
		return c.exchange(ctx, k, decode)
	}
	end := c.observer.Attempt(ctx, k.op)
	err := c.exchange(ctx, k, decode)
	code := CodeOf(err)
	if err != nil && code == "" {
		code = cancelled
	}
	end(code)
	return err
}
