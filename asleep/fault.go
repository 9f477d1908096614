package asleep

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"
)

// ErrNotSent is the cause of an [Unavailable] error whose request was never sent,
// because there was no connection. Such a request has certainly changed nothing.
var ErrNotSent = errors.New("nothing was sent")

// tracked returns a request that notes when it has a connection, TLS and all, on which it
// can be sent.
func tracked(r *http.Request) (*http.Request, *atomic.Bool) {
	connected := new(atomic.Bool)
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	return r.WithContext(httptrace.WithClientTrace(r.Context(), trace)), connected
}

// unsent is the error of an attempt that had no connection.
func unsent(ctx, attempt context.Context, op string, err error) error {
	if ctx.Err() != nil {
		return ended(ctx, nil)
	}
	what := fault(err)
	if attempt.Err() != nil {
		what = fmt.Sprintf("no connection within %s", attemptTimeout)
	}
	return &Error{Op: op, Code: Unavailable, Err: fmt.Errorf("%s: %w", what, ErrNotSent)}
}

// lost is the error of an attempt that got no answer, or not all of it: the
// caller's context if that is over, else a fault of the way to the service.
func lost(ctx, attempt context.Context, op string, err error) error {
	switch {
	case ctx.Err() != nil:
		return ended(ctx, nil)
	case attempt.Err() != nil:
		err = fmt.Errorf("no answer within %s", attemptTimeout)
	default:
		err = errors.New(fault(err))
	}
	return &Error{Op: op, Code: Unavailable, Err: err}
}

// networkFault reports whether err came from the connection and not from what the
// service wrote on it.
func networkFault(err error) bool {
	_, ok := errors.AsType[net.Error](err)
	return ok
}

// fault names a network fault in words of our own: those of net/http may hold
// a URL or a header.
func fault(err error) string {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return "the host name is not known"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "the service's certificate is not trusted"
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error()
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the connection was closed without an answer"
	}
	return "the connection failed"
}
