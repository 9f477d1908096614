package wire

import (
	"bytes"
	"context"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
)

// writeTime is for notifications to be written.
const writeTime = 10 * time.Second

// barrier is the notification barrier of one way out: it holds a result back until
// the notifications before it are written. mcp-go passes them and results on by
// different ways, and may drop a notification that is not written yet, or let the
// result overtake it.
type barrier struct {
	progress       outstanding
	acknowledgment outstanding
}

type barrierKey struct{}

func withBarrier(ctx context.Context, b *barrier) context.Context {
	return context.WithValue(ctx, barrierKey{}, b)
}

// barrierOf returns nil where nobody sees what is written, so that no order can be kept.
func barrierOf(ctx context.Context) *barrier {
	b, _ := ctx.Value(barrierKey{}).(*barrier)
	return b
}

var (
	isProgress       = []byte(`"method":"` + string(mcp.MethodNotificationProgress) + `"`)
	isAcknowledgment = []byte(`"method":"` + string(mcp.MethodNotificationSubscriptionsAcknowledged) + `"`)
)

// written is told of every message once it is written.
func (b *barrier) written(message []byte) {
	switch {
	case bytes.Contains(message, isProgress):
		b.progress.add(-1)
	case bytes.Contains(message, isAcknowledgment):
		b.acknowledgment.add(-1)
	}
}

// acknowledgeFirst holds the result of subscriptions/listen, which comes at once
// because there is nothing to subscribe to, until the acknowledgement is written.
func acknowledgeFirst(ctx context.Context, _ any, _ *mcp.SubscriptionsListenRequest, _ *mcp.SubscriptionsListenResult) {
	if b := barrierOf(ctx); b != nil {
		b.acknowledgment.add(1)
		b.acknowledgment.wait(ctx, writeTime)
	}
}
