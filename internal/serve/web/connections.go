package web

import (
	"container/list"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// evictAfter is for how long a connection may wait for its request to be all there
// before it has to make room for others.
const evictAfter = 250 * time.Millisecond

// maxConnections bounds what a flood costs, and fits the number of files that
// a process may open on nearly every machine.
const maxConnections = 2048

// connections is a listener that bounds how many connections are open, so that
// strangers who hold many can neither use up the machine nor keep others out:
// whoever comes when it is full takes the place of the connection that has
// waited longest without a request that is served. Those whose request is served
// are never closed for others.
type connections struct {
	net.Listener
	most    int
	room    chan struct{} // receives when there may be room again
	closing chan struct{}
	once    sync.Once

	mu      sync.Mutex
	open    int
	waiting list.List // of *connection, who waits longest first
}

// connection is one that connections knows. Its fields are guarded by its mu.
type connection struct {
	net.Conn
	of      *connections
	place   *list.Element // in waiting; nil: its requests are served, or it is closed
	since   time.Time     // when it got there
	serving int           // requests; HTTP/2 has several at once
	closed  bool
}

func limitConnections(l net.Listener, most int) *connections {
	return &connections{Listener: l, most: most, room: make(chan struct{}, 1), closing: make(chan struct{})}
}

// Accept implements [net.Listener].
func (l *connections) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	for {
		c, wait := l.enter(accepted)
		if c != nil {
			return c, nil
		}
		select {
		case <-l.room:
		case <-time.After(wait):
		case <-l.closing:
			return nil, errors.Join(net.ErrClosed, accepted.Close())
		}
	}
}

// Close implements [net.Listener].
func (l *connections) Close() error {
	l.once.Do(func() { close(l.closing) })
	return l.Listener.Close()
}

// enter returns nil, and when to try again, where there is no room.
func (l *connections) enter(accepted net.Conn) (*connection, time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= l.most {
		if wait := l.makeRoom(); wait > 0 {
			return nil, wait
		}
	}
	c := &connection{Conn: accepted, of: l}
	l.open++
	l.wait(c)
	return c, 0
}

// makeRoom closes the connection that has waited longest, if it has for long
// enough; else it returns how long it still may. It needs mu.
func (l *connections) makeRoom() time.Duration {
	longest := l.waiting.Front()
	if longest == nil {
		return evictAfter
	}
	leaving, _ := longest.Value.(*connection)
	if left := evictAfter - time.Since(leaving.since); left > 0 {
		return left
	}
	l.forget(leaving)
	_ = leaving.Conn.Close() // its own goroutine hears of it
	return 0
}

// wait puts c at the end of those that wait. It needs mu.
func (l *connections) wait(c *connection) {
	c.place, c.since = l.waiting.PushBack(c), time.Now()
}

// leave takes c out of those that wait. It needs mu.
func (l *connections) leave(c *connection) {
	if c.place != nil {
		l.waiting.Remove(c.place)
		c.place = nil
	}
}

// forget counts c no more. It needs mu.
func (l *connections) forget(c *connection) {
	if c.closed {
		return
	}
	c.closed = true
	l.open--
	l.leave(c)
	l.tellRoom()
}

func (l *connections) tellRoom() {
	select {
	case l.room <- struct{}{}:
	default: // it was told already
	}
}

// Close implements [net.Conn].
func (c *connection) Close() error {
	c.of.mu.Lock()
	c.of.forget(c)
	c.of.mu.Unlock()
	return c.Conn.Close()
}

type connectionKey struct{}

// withConnection is for [http.Server.ConnContext].
func withConnection(ctx context.Context, c net.Conn) context.Context {
	if secured, ok := c.(*tls.Conn); ok {
		c = secured.NetConn()
	}
	return context.WithValue(ctx, connectionKey{}, c)
}

// markActive notes that a request began to arrive on the connection of ctx, which
// therefore has not waited long.
func markActive(ctx context.Context) {
	c, ok := ctx.Value(connectionKey{}).(*connection)
	if !ok {
		return
	}
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	if c.place != nil {
		c.of.leave(c)
		c.of.wait(c)
	}
}

// serving keeps the connection of ctx, on which a request is served until done.
func serving(ctx context.Context) (done func()) {
	c, ok := ctx.Value(connectionKey{}).(*connection)
	if !ok {
		return func() {}
	}
	c.of.mu.Lock()
	defer c.of.mu.Unlock()
	c.serving++
	c.of.leave(c)
	return func() {
		c.of.mu.Lock()
		defer c.of.mu.Unlock()
		c.serving--
		if c.serving == 0 && !c.closed {
			c.of.wait(c)
			c.of.tellRoom()
		}
	}
}
