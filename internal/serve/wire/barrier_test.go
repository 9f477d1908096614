package wire

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/stretchr/testify/assert"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// A result waits for the notifications before it however long those who write them
// are not scheduled, and for nobody when its caller has left.
func TestResultsWaitForNotifications(t *testing.T) {
	t.Parallel()
	for notification, hold := range map[string]func(context.Context){
		`{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged"}`: func(ctx context.Context) {
			acknowledgeFirst(ctx, nil, nil, nil)
		},
		"event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\"}\n\n": func(ctx context.Context) {
			p := &progressReporter{barrier: barrierOf(ctx), send: func(int, int) error { return nil }}
			p.report(1, 2)
			p.settle(ctx)
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &barrier{}
			ctx, leave := context.WithCancel(withBarrier(t.Context(), b))
			held := func() *atomic.Bool {
				over := &atomic.Bool{}
				go func() { hold(ctx); over.Store(true) }()
				synctest.Wait()
				return over
			}
			over := held()
			assert.False(t, over.Load(), notification)
			b.written([]byte(`{"jsonrpc":"2.0","id":1,"result":{}}`))
			synctest.Wait()
			assert.False(t, over.Load(), "another message")
			b.written([]byte(notification))
			synctest.Wait()
			assert.True(t, over.Load(), notification)

			b.written([]byte(notification))
			assert.True(t, held().Load(), "written before it was counted")

			first, second := held(), held()
			b.written([]byte(notification))
			synctest.Wait()
			assert.False(t, first.Load() || second.Load(), "one of two is written")
			b.written([]byte(notification))
			synctest.Wait()
			assert.True(t, first.Load() && second.Load())

			over = held()
			time.Sleep(writeTime)
			synctest.Wait()
			assert.True(t, over.Load(), "nobody waits for ever")
			b.written([]byte(notification))

			over = held()
			assert.False(t, over.Load())
			leave()
			synctest.Wait()
			assert.True(t, over.Load(), "nobody is left to tell")
		})
	}
}

// What could not be sent is not waited for.
func TestUnsentProgressHoldsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &barrier{}
		refuses := true
		p := &progressReporter{barrier: b, send: func(int, int) error {
			if refuses {
				return errors.New("the channel is full")
			}
			return nil
		}}
		p.report(1, 9)
		refuses = false
		p.report(2, 9)
		assert.Equal(t, 2, p.sent)
		go b.written(isProgress)
		began := time.Now()
		p.settle(t.Context())
		assert.Zero(t, time.Since(began))
	})
}

// Where nobody sees what is written, order cannot be kept.
func TestNoProgressWithoutABarrier(t *testing.T) {
	t.Parallel()
	var asked mcp.CallToolRequest
	asked.Params.Meta = &mcp.Meta{ProgressToken: 1}
	ctx, settle := withProgress(t.Context(), asked)
	tool.ProgressOf(ctx)(1, 2)
	settle(ctx)
	acknowledgeFirst(ctx, nil, nil, nil)
}
