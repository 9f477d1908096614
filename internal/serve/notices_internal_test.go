package serve

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

// A result waits for the notifications before it however long those who write them
// are not scheduled, and for nobody when its caller has left.
func TestResultsWaitForNotifications(t *testing.T) {
	t.Parallel()
	for notification, hold := range map[string]func(context.Context, *notices){
		`{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged"}`: func(ctx context.Context, _ *notices) {
			acknowledgeFirst(ctx, nil, nil, nil)
		},
		"event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n": func(ctx context.Context, n *notices) {
			p := &progress{send: func(int, int) error { return nil }}
			p.countAt(ctx, &n.progress)
			p.report(1, 2)
			p.settle()
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := &notices{}
			ctx, leave := context.WithCancel(context.WithValue(t.Context(), wayOut{}, n))
			held := func() *atomic.Bool {
				over := &atomic.Bool{}
				go func() { hold(ctx, n); over.Store(true) }()
				time.Sleep(time.Second)
				return over
			}
			over := held()
			assert.False(t, over.Load(), notification)
			n.written([]byte(`{"jsonrpc":"2.0","id":1,"result":{}}`))
			time.Sleep(time.Second)
			assert.False(t, over.Load(), "another message")
			n.written([]byte(notification))
			time.Sleep(time.Second)
			assert.True(t, over.Load(), notification)

			n.written([]byte(notification))
			assert.True(t, held().Load(), "written before it was counted")

			over = held()
			assert.False(t, over.Load())
			leave()
			time.Sleep(time.Second)
			assert.True(t, over.Load(), "nobody is left to tell")
		})
	}
}
