package web

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/watch"
)

// crowded is a site with few places, at whose door /block a request takes until release.
type crowded struct {
	addr             string
	secured          *http.Client // with TLS; nil: without
	started, release chan struct{}
}

func newCrowded(t *testing.T, places int, secured bool) *crowded {
	t.Helper()
	c := &crowded{started: make(chan struct{}, 100), release: make(chan struct{})}
	block := func(_ http.ResponseWriter, r *http.Request, _ []byte) {
		c.started <- struct{}{}
		select {
		case <-c.release:
		case <-r.Context().Done():
		}
	}
	s := New(Options{
		CallTime: time.Minute, Log: slog.New(slog.DiscardHandler), MaxBody: 1 << 20, Tell: tell("site"),
		Doors: []Door{{Path: "/block", Tell: tell("block"), Admitted: block}},
	})
	s.connections = places
	if secured {
		borrowed := httptest.NewUnstartedServer(nil) // for its certificate
		borrowed.EnableHTTP2 = true
		borrowed.StartTLS()
		t.Cleanup(borrowed.Close)
		s.settings.TLS = &tls.Config{Certificates: borrowed.TLS.Certificates, MinVersion: tls.VersionTLS12}
		c.secured = borrowed.Client()
	}
	l, err := s.Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	c.addr = l.Addr().String()
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, l) }()
	t.Cleanup(func() { stop(); assert.NoError(t, <-served) })
	return c
}

// finish ends one request.
func (c *crowded) finish(t *testing.T) {
	t.Helper()
	select {
	case c.release <- struct{}{}:
	case <-time.After(time.Minute):
		require.FailNow(t, "no call runs any more")
	}
}

// send opens a connection and sends something.
func (c *crowded) send(t *testing.T, text string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", c.addr)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = io.WriteString(conn, text)
	require.NoError(t, err)
	return conn
}

// status is what comes back, 0 when the connection is closed instead.
func status(conn net.Conn) int {
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	return response.StatusCode
}

const (
	healthRequest = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
	blockBody     = "0123456789"
	blockHeaders  = "POST /block HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"
)

// A place is free as soon as its connection is closed, or waits again after a
// request: whoever stands at the door is told.
func TestWhoWaitsIsToldOfRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // in which nobody waits for long
		l := limitConnections(nil, 1)
		enter := func() *connection {
			near, far := net.Pipe()
			t.Cleanup(func() { _, _ = near.Close(), far.Close() })
			c, _ := l.enter(near)
			return c
		}
		first := enter()
		require.NotNil(t, first)
		assert.Nil(t, enter(), "it has not waited long")
		require.NoError(t, first.Close())
		assert.Len(t, l.room, 1)
		<-l.room
		second := enter()
		require.NotNil(t, second)
		_ = first.Close()
		assert.Nil(t, enter(), "a place is given back once")
		assert.Empty(t, l.room)

		ctx := withConnection(t.Context(), second)
		done := serving(ctx)
		markActive(ctx) // another request of HTTP/2
		assert.Zero(t, l.waiting.Len(), "what is served makes no room")
		done()
		assert.Equal(t, 1, l.waiting.Len())
		assert.Len(t, l.room, 1)
	})
}

// Connections without a whole request, however many, keep nobody out, and are
// those that make room: the oldest first.
func TestStrangersMakeRoom(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]string{
		"silent":       "",
		"idle":         healthRequest,
		"slow headers": "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: ",
		"slow body":    blockHeaders + blockBody[:4],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const places = 4
			c := newCrowded(t, places, false)
			var strangers []net.Conn
			for range 3 * places {
				conn := c.send(t, sent)
				if name == "idle" {
					require.Equal(t, http.StatusOK, status(conn))
				}
				strangers = append(strangers, conn)
			}
			for range 3 {
				assert.Equal(t, http.StatusOK, status(c.send(t, healthRequest)))
			}
			for _, conn := range strangers[:2*places] {
				assert.Zero(t, status(conn), "closed for others")
			}
		})
	}
}

// Whoever has just come has a while to send a request before others take the place.
func TestNewcomersHaveAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := limitConnections(nil, 1)
		ours, theirs := net.Pipe()
		first, _ := l.enter(ours)
		require.NotNil(t, first)
		next, wait := l.enter(theirs)
		require.Nil(t, next)
		require.Equal(t, evictAfter, wait)
		time.Sleep(evictAfter - time.Nanosecond)
		next, wait = l.enter(theirs)
		require.Nil(t, next)
		require.Equal(t, time.Nanosecond, wait)
		require.False(t, first.closed)
		time.Sleep(time.Nanosecond)
		next, _ = l.enter(theirs)
		require.NotNil(t, next)
		require.True(t, first.closed)
	})
}

// Who is served is not closed for others, who wait until there is room.
func TestServedConnectionsStay(t *testing.T) {
	t.Parallel()
	const places = 4
	c := newCrowded(t, places, false)
	var callers []net.Conn
	for range places {
		callers = append(callers, c.send(t, blockHeaders+blockBody))
		<-c.started
	}
	late := c.send(t, healthRequest)
	require.NoError(t, late.SetReadDeadline(time.Now().Add(2*evictAfter)))
	_, err := late.Read(make([]byte, 1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded, "neither served nor sent away")
	require.NoError(t, late.SetReadDeadline(time.Now().Add(time.Minute)))
	close(c.release)
	for _, caller := range callers {
		assert.Equal(t, http.StatusOK, status(caller))
	}
	assert.Equal(t, http.StatusOK, status(late))
}

// observed writes what is answered on a connection, and notes whether the
// connection counted as served meanwhile.
type observed struct {
	*httptest.ResponseRecorder

	on     *connection
	served bool
}

func (o *observed) Write(p []byte) (int, error) {
	o.served = o.on.serving > 0
	return o.ResponseRecorder.Write(p)
}

// Whatever may take a while to answer is not closed for others meanwhile.
func TestWhatTakesAWhileIsServed(t *testing.T) {
	t.Parallel()
	s := New(Options{
		Principal: access.Operator("somebody"), Watch: watch.New(watch.Options{}), Tell: tell("site"), Problem: tell("problem"),
		Doors: []Door{{Path: "/in", Tell: tell("in"), Admitted: func(w http.ResponseWriter, _ *http.Request, _ []byte) { _, _ = w.Write([]byte("hello")) }}},
	})
	for _, path := range []string{"/in", "/readyz", "/metrics"} {
		l := limitConnections(nil, 1)
		c := &connection{of: l}
		l.wait(c)
		w := &observed{httptest.NewRecorder(), c, false}
		r := httptest.NewRequestWithContext(withConnection(t.Context(), c), http.MethodGet, path, nil)
		r.Host = "localhost"
		s.ServeHTTP(w, r)
		assert.True(t, w.served, "%s: %s", path, w.Body)
		assert.Zero(t, c.serving, path)
		assert.Equal(t, 1, l.waiting.Len(), path)
	}
}

// A connection of HTTP/2 stays as long as one of its requests is served.
func TestServedStreamsStay(t *testing.T) {
	t.Parallel()
	c := newCrowded(t, 1, true)
	ask := func() int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+c.addr+"/block", strings.NewReader(blockBody))
		if err != nil {
			return 0
		}
		response, err := c.secured.Do(r)
		if err != nil {
			return 0
		}
		defer func() { _ = response.Body.Close() }()
		return response.StatusCode * response.ProtoMajor
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { assert.Equal(t, 2*http.StatusOK, ask()) })
		<-c.started
	}
	stranger := c.send(t, "")
	c.finish(t)
	c.finish(t)
	time.Sleep(2 * evictAfter) // the stranger would be admitted now
	c.finish(t)
	all.Wait()
	c.secured.CloseIdleConnections()
	assert.NoError(t, stranger.Close())
}

// A server that is full stops as soon as those it serves are done.
func TestFullServerStops(t *testing.T) {
	t.Parallel()
	l, err := Listen(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	full := limitConnections(l, 0)
	accepted := make(chan error, 1)
	go func() {
		_, err := full.Accept()
		accepted <- err
	}()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	select {
	case err := <-accepted:
		require.Fail(t, "admitted", err)
	case <-time.After(2 * evictAfter):
	}
	require.NoError(t, full.Close())
	select {
	case err := <-accepted:
		require.ErrorIs(t, err, net.ErrClosed)
	case <-time.After(time.Minute):
		require.FailNow(t, "still waits for room")
	}
}
