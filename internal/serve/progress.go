package serve

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// progressGap is the time between two notifications of one call.
const progressGap = 250 * time.Millisecond

// progress tells a client how far one call is.
type progress struct {
	send   func(done, total int) error
	letOut func() // returns when what was sent has gone out

	mu   sync.Mutex
	last time.Time
	sent int // done of the last one; 0: none was sent
	over bool
}

// progressing is ctx in which the call's progress is sent to a client that asked
// for it. Call settle before the call's result is returned.
func (s *Server) progressing(ctx context.Context, request mcp.CallToolRequest) (_ context.Context, settle func()) {
	session := server.ClientSessionFromContext(ctx)
	if request.Params.Meta == nil || request.Params.Meta.ProgressToken == nil || session == nil {
		return ctx, func() {}
	}
	token := request.Params.Meta.ProgressToken
	p := &progress{
		send: func(done, total int) error {
			return s.mcp.SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress),
				map[string]any{"progressToken": token, "progress": done, "total": total})
		},
		letOut: func() { letGo(ctx, session) },
	}
	if out, ok := ctx.Value(wayOut{}).(*notices); ok {
		p.countAt(ctx, &out.progress)
	}
	return tool.WithProgress(ctx, p.report), p.settle
}

// countAt makes p wait for its notifications to be written, where that is seen.
func (p *progress) countAt(ctx context.Context, count *atomic.Int64) {
	send := p.send
	p.send = func(done, total int) error {
		count.Add(1)
		err := send(done, total)
		if err != nil {
			count.Add(-1)
		}
		return err
	}
	p.letOut = func() { awaitWritten(ctx, count) }
}

// report sends a notification when the last one is a while ago. The end is told by
// the result: a notification right before it could come too late.
func (p *progress) report(done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); !p.over && done > p.sent && done < total && now.Sub(p.last) >= progressGap {
		if p.send(done, total) == nil {
			p.last, p.sent = now, done
		}
	}
}

// settle ends the progress.
func (p *progress) settle() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	if p.sent > 0 {
		p.letOut()
	}
}
