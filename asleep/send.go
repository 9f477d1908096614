package asleep

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	attemptTimeout = 10 * time.Second
	callTimeout    = 30 * time.Second

	maxDetail = 300 // bytes kept of what the service says
)

// call is one request of the API.
type call struct {
	op    string     // method and route, {id} standing for id
	id    string     // checked by the caller
	user  string     // x-user-id, not sent if empty
	zone  string     // timezone, not sent if empty
	query url.Values // nil: none
	body  any        // nil: none
}

// read sends a GET, retrying where that can help, decodes the result and converts it.
func read[W, T any](ctx context.Context, c *Client, k call, convert func(*W) T) (out T, err error) {
	ctx, cancel := bounded(ctx, k.op)
	defer cancel()
	err = retrying(ctx, func() (err error) {
		out, err = once(ctx, c, k, convert)
		return err
	})
	return out, err
}

// once sends a request without retries, decodes the result and converts it.
func once[W, T any](ctx context.Context, c *Client, k call, convert func(*W) T) (out T, err error) {
	err = c.attempt(ctx, k, func(status int, body []byte) error {
		if f := flightOf(ctx); f != nil {
			f.size = len(body)
		}
		w, err := decode[W](k.op, status, body)
		if err == nil {
			out = convert(w)
		}
		return err
	})
	return out, err
}

// remove sends a DELETE, once.
func remove(ctx context.Context, c *Client, k call) error {
	ctx, cancel := bounded(ctx, k.op)
	defer cancel()
	return c.attempt(ctx, k, func(status int, body []byte) error {
		if len(bytes.TrimSpace(body)) > 0 && !json.Valid(body) {
			return unreadable(k.op, status, "the body is not JSON")
		}
		return nil
	})
}

// bounded gives a deadline to a context without one, except inside the cache, where the
// waiting callers have their own.
func bounded(ctx context.Context, op string) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok || flightOf(ctx) != nil {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, callTimeout, &Error{
		Op: op, Code: Unavailable, Err: fmt.Errorf("no answer within %s", callTimeout),
	})
}

// ended returns the error of a call whose context has ended: the service's last answer,
// if there was one and time ran out after it, else the context's own error, or this
// package's if the time limit was its own.
func ended(ctx context.Context, last *Error) error {
	err := ctx.Err()
	if last != nil && errors.Is(err, context.DeadlineExceeded) {
		return last
	}
	if own, ok := errors.AsType[*Error](context.Cause(ctx)); ok {
		return own
	}
	return err
}

// decoder reads what it needs from the body of a 2xx answer, which it must not keep.
type decoder func(status int, body []byte) error

// attempt sends k once, as soon as its pace allows it and a slot is free, and decodes a 2xx answer. Every other
// answer is an [*Error].
func (c *Client) attempt(ctx context.Context, k call, decode decoder) error {
	if c.pace != nil {
		if err := c.pace(ctx); err != nil {
			return err
		}
	}
	if err := c.slots.Acquire(ctx, 1); err != nil {
		return ended(ctx, nil)
	}
	defer c.slots.Release(1)
	return c.observed(ctx, k, decode)
}

// exchange is the part of an attempt that holds a slot.
func (c *Client) exchange(ctx context.Context, k call, decode decoder) error {
	limited, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()

	req, err := c.request(limited, k)
	if err != nil {
		return err
	}
	req, connected := tracked(req)
	resp, err := c.transport.RoundTrip(req)
	switch {
	case err != nil && !connected.Load():
		return unsent(ctx, limited, k.op, err)
	case err != nil:
		return lost(ctx, limited, k.op, err)
	}
	defer func() { _ = resp.Body.Close() }()

	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		// Below 400 there are no words to read, and after 101 no end to them. Without
		// the whole body there is still the status.
		var words []byte
		if resp.StatusCode >= 400 {
			words, _ = io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
		}
		return answered(k.op, resp, words)
	}
	body, free, err := c.bodies.read(limited, resp.Body)
	defer free()
	switch {
	case err != nil && (limited.Err() != nil || networkFault(err)):
		return lost(ctx, limited, k.op, err)
	case err != nil:
		return &Error{Op: k.op, Code: BadResponse, Status: resp.StatusCode, Err: errCut}
	case len(body) > maxBody:
		return unreadable(k.op, resp.StatusCode, "the body is larger than %d MiB", maxBody>>20)
	}
	return c.bodies.decode(ctx, func() error { return decode(resp.StatusCode, body) })
}

// request builds the request of k. The key is a header here and nowhere else.
func (c *Client) request(ctx context.Context, k call) (*http.Request, error) {
	method, route, _ := strings.Cut(k.op, " ")
	if strings.Contains(route, "{id}") {
		segment, err := segment(k.id)
		if err != nil {
			return nil, withOp(k.op, err)
		}
		route = strings.Replace(route, "{id}", segment, 1)
	}
	u := c.base.JoinPath(route)
	u.RawQuery = k.query.Encode()

	var body io.Reader
	if k.body != nil {
		b, err := json.Marshal(k.body)
		if err != nil {
			return nil, refused(k.op, "the request cannot be written as JSON")
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, refused(k.op, "the request's URL cannot be built")
	}
	for name, value := range map[string]string{
		"x-api-key": c.key, "x-user-id": k.user, "timezone": k.zone,
		"Accept": "application/json", "User-Agent": c.userAgent,
	} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// segment escapes a part of a path. Ids are checked long before; this is the last check,
// because DELETE /ai/v1/sessions without an id once deleted every session, and escaping
// changes neither "" nor dots.
func segment(s string) (string, error) {
	if s == "" || s == "." || s == ".." {
		return "", &Error{Code: BadID, Err: errors.New("an id is needed")}
	}
	return url.PathEscape(s), nil
}

// answered returns the error of an answer that is not 2xx.
func answered(op string, resp *http.Response, body []byte) *Error {
	e := &Error{Op: op, Status: resp.StatusCode, Detail: detail(body)}
	e.Code = codeOf(e.Status, e.Detail)
	if e.Code == RateLimited || e.Code == Unavailable {
		e.RetryAfter = retryAfter(resp.Header)
	}
	return e
}

// detail returns the service's words, cut: the member of that name, or the body itself
// unless it is markup.
func detail(body []byte) string {
	var words struct {
		Detail string `json:"detail"`
	}
	s := strings.TrimSpace(string(body))
	if err := json.Unmarshal(body, &words); err == nil && words.Detail != "" {
		s = words.Detail
	} else if strings.HasPrefix(s, "<") {
		return ""
	}
	s = strings.ToValidUTF8(s, "")
	if len(s) <= maxDetail {
		return s
	}
	cut := maxDetail
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}
