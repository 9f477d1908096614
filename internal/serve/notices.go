package serve

import (
	"bytes"
	"context"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

const (
	settleTime = 2 * time.Millisecond   // for a notification to get on its way
	settleMost = 200 * time.Millisecond // for those before it
	writeMost  = 10 * time.Second       // for notifications whose writing is seen
)

// wayOut is the key of a context's notices.
type wayOut struct{}

// notices counts the notifications that mcp-go has still to write on a way out. It
// passes them and results on by different ways, and may drop a notification that
// is not written yet, or let the result overtake it.
type notices struct {
	progress       atomic.Int64
	acknowledgment atomic.Int64 // below 0: written before it was asked for
}

var (
	isProgress       = []byte(`"method":"` + string(mcp.MethodNotificationProgress) + `"`)
	isAcknowledgment = []byte(`"method":"` + string(mcp.MethodNotificationSubscriptionsAcknowledged) + `"`)
)

// written is told of every message that is no answer, once it is written.
func (n *notices) written(message []byte) {
	switch {
	case bytes.Contains(message, isProgress):
		n.progress.Add(-1)
	case bytes.Contains(message, isAcknowledgment):
		n.acknowledgment.Add(-1)
	}
}

// awaitWritten returns when all that is counted is written.
func awaitWritten(ctx context.Context, counted *atomic.Int64) {
	wait(ctx, writeMost, func() bool { return counted.Load() <= 0 })
}

// letGo returns when what waits is on its way, as far as can be known of a session
// whose way out is not seen.
func letGo(ctx context.Context, session server.ClientSession) {
	wait(ctx, settleMost, func() bool { return len(session.NotificationChannel()) == 0 })
	time.Sleep(settleTime)
}

// wait returns when it is over, or has taken too long.
func wait(ctx context.Context, most time.Duration, over func() bool) {
	for until := time.Now().Add(most); !over() && ctx.Err() == nil && time.Now().Before(until); {
		time.Sleep(settleTime / 4)
	}
}

// acknowledgeFirst holds the result of subscriptions/listen, which comes at once
// because there is nothing to subscribe to, until the acknowledgement is gone.
func acknowledgeFirst(ctx context.Context, _ any, _ *mcp.SubscriptionsListenRequest, _ *mcp.SubscriptionsListenResult) {
	if out, ok := ctx.Value(wayOut{}).(*notices); ok {
		out.acknowledgment.Add(1)
		awaitWritten(ctx, &out.acknowledgment)
		return
	}
	if session := server.ClientSessionFromContext(ctx); session != nil {
		letGo(ctx, session)
	}
}
