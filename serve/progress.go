package serve

import (
	"context"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/asleep-mcp/asleep-mcp/tools"
)

const (
	progressGap = 250 * time.Millisecond // between two notifications of one call
	settleTime  = 2 * time.Millisecond   // for the last one to get on its way
	settleMost  = 200 * time.Millisecond // for those before it
)

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
		letOut: func() { letGo(session) },
	}
	if out, ok := ctx.Value(wayOut{}).(*answers); ok {
		p.countAt(out)
	}
	return tools.WithProgress(ctx, p.report), p.settle
}

// countAt makes p wait for its notifications to be written, where that is seen.
func (p *progress) countAt(out *answers) {
	send := p.send
	p.send = func(done, total int) error {
		out.onTheirWay.Add(1)
		err := send(done, total)
		if err != nil {
			out.onTheirWay.Add(-1)
		}
		return err
	}
	p.letOut = func() { wait(func() bool { return out.onTheirWay.Load() <= 0 }) }
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

// letGo returns when mcp-go has taken the notifications of a session out of its queue.
// Results do not pass through that queue, so that one may overtake a notification
// that is still in it, or end the call so that it is dropped.
func letGo(session server.ClientSession) {
	wait(func() bool { return len(session.NotificationChannel()) == 0 })
	time.Sleep(settleTime)
}

// wait returns when it is over, or has taken too long.
func wait(over func() bool) {
	for until := time.Now().Add(settleMost); !over() && time.Now().Before(until); {
		time.Sleep(settleTime / 4)
	}
}

// acknowledgeFirst holds the result of subscriptions/listen, which comes at once
// because there is nothing to subscribe to, until the acknowledgement is gone.
func acknowledgeFirst(ctx context.Context, _ any, _ *mcp.SubscriptionsListenRequest, _ *mcp.SubscriptionsListenResult) {
	if session := server.ClientSessionFromContext(ctx); session != nil {
		letGo(session)
	}
}
