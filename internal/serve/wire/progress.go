package wire

import (
	"context"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// progressGap is the time between two notifications of one call.
const progressGap = 250 * time.Millisecond

// progressReporter tells a client how far one call is.
type progressReporter struct {
	send    func(done, total int) error
	barrier *barrier

	mu   sync.Mutex
	last time.Time
	sent int // done of the last one; 0: none was sent
	over bool
}

// withProgress is ctx in which the call's progress is sent to a client that asked
// for it. Call settle before the call's result is returned. Where no order can be
// kept, nothing is sent: progress after its result confuses clients.
func withProgress(ctx context.Context, request mcp.CallToolRequest) (_ context.Context, settle func(context.Context)) {
	barrier := barrierOf(ctx)
	if request.Params.Meta == nil || request.Params.Meta.ProgressToken == nil || barrier == nil {
		return ctx, func(context.Context) {}
	}
	token := request.Params.Meta.ProgressToken
	p := &progressReporter{barrier: barrier, send: func(done, total int) error {
		return server.ServerFromContext(ctx).SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress),
			map[string]any{"progressToken": token, "progress": done, "total": total})
	}}
	return tool.WithProgress(ctx, p.report), p.settle
}

// report sends a notification when the last one is a while ago. The end is told by
// the result: a notification right before it would tell nothing more.
func (p *progressReporter) report(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.over || done <= p.sent || done >= total || now.Sub(p.last) < progressGap {
		return
	}
	p.barrier.progress.add(1)
	if p.send(done, total) != nil {
		p.barrier.progress.add(-1)
		return
	}
	p.last, p.sent = now, done
}

// settle ends the progress.
func (p *progressReporter) settle(ctx context.Context) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	if p.sent > 0 {
		p.barrier.progress.wait(ctx, writeTime)
	}
}
