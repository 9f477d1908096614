package asleep

import (
	"context"
	"io"
	"net/http"
)

// reachable is the operation of [Client.Reachable].
const reachable = "GET /"

// Reachable returns nil if the service answers at all, otherwise an [*Error] of code
// [Unavailable]. It sends no key and counts against no quota; what the
// answer is does not matter, unless it is a fault of the service.
func (c *Client) Reachable(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.String(), nil)
	if err != nil {
		return refused(reachable, "the request's URL cannot be built")
	}
	r.Header.Set("User-Agent", c.userAgent)
	response, err := c.transport.RoundTrip(r)
	if err != nil {
		return lost(ctx, ctx, reachable, err)
	}
	defer func() { _ = response.Body.Close() }() // of no interest
	_, _ = io.CopyN(io.Discard, response.Body, maxErrorBody)
	if response.StatusCode >= http.StatusInternalServerError {
		return &Error{Op: reachable, Code: Unavailable, Status: response.StatusCode}
	}
	return nil
}
