package asleep

import (
	"context"
	"io"
	"net/http"
)

// reachable is the operation of [Client.Reachable].
const reachable = "GET /"

// Reachable returns nil if the service answers at all, whatever the answer, unless that
// reports a fault of the service. Otherwise it returns an [*Error] with the code
// [Unavailable], or the context's error. It sends no key and does not count towards a
// quota.
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
