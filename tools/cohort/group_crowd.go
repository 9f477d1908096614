package cohort

import (
	"context"
	"errors"
	"sync"
	"time"

	"cloud.google.com/go/civil"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/person"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

const (
	mostAttempts = 3               // at one person whom the service does not answer
	mostSlowed   = 12              // times it asks to slow down over one person
	finishTime   = 3 * time.Second // of a call, kept for what comes after reading
)

// crowd is a question about many people. Nights of each are read side by side with
// those of others and reduced to means as they arrive, so that what is in memory
// does not grow with the nights of the crowd.
type crowd struct {
	deps        *tool.Deps
	local       *time.Location // of those whose recordings do not say where they were made
	now         time.Time
	period      nights.Days
	before      *nights.Days // the period to compare with; nil: none
	gate        *gate
	progress    func(done, total int)
	mu          sync.Mutex
	done        int
	panicked    any // what one of the readers panicked with
	recommended analytics.Recommendation
}

// reading is what became of one person of a crowd.
type reading struct {
	user     access.User
	reason   analytics.Reason // why they could not be read; "": they were
	now      analytics.Person
	before   analytics.Person
	sessions int
	first    civil.Date // of the nights in the period, where there are any
	asOf     time.Time
}

// read reads everybody, in their order. It fails when the caller left, and when the
// service refuses everybody for the same reason; else those who could not be read
// say why.
func (c *crowd) read(ctx context.Context, users []access.User) ([]reading, error) {
	// A few more than the client lets through: while they read what came, its slots
	// are not idle.
	atOnce := c.deps.Client.MaxInFlight() * 5 / 4
	c.gate, c.progress = newGate(atOnce), tool.ProgressOf(ctx)
	c.recommended = analytics.AdultRecommendation()
	hurried, cancel := early(ctx)
	defer cancel()
	readings, problems := make([]reading, len(users)), make([]error, len(users))
	var group errgroup.Group
	next := make(chan int)
	for range min(atOnce, len(users)) {
		group.Go(func() error {
			for i := range next {
				c.safely(func() {
					problems[i] = c.readOne(hurried, &readings[i])
					c.finished(len(users))
				})
			}
			return nil
		})
	}
	for i := range users {
		readings[i].user = users[i]
		next <- i
	}
	close(next)
	_ = group.Wait() // always nil
	if c.panicked != nil {
		panic(c.panicked) // where the caller can recover it
	}
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return nil, err
	}
	return readings, c.judge(readings, problems)
}

// early is a context that ends so much before its parent that an answer can still
// be made of what was read until then.
func early(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(finishTime, time.Until(deadline)/5)))
}

// finished says how far the crowd is.
func (c *crowd) finished(total int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	c.progress(c.done, total)
}

// judge writes down why people could not be read. When that is everybody, the first
// reason other than that the service does not know them is the answer to the call.
func (c *crowd) judge(readings []reading, problems []error) error {
	var first error
	read := 0
	for i, err := range problems {
		if err == nil {
			read++
			continue
		}
		readings[i].reason = failureReason(err)
		if first == nil && readings[i].reason != analytics.Reason(asleep.NotFound) {
			first = err
		}
	}
	if read > 0 {
		return nil
	}
	return first
}

// failureReason is a constant word for why somebody could not be read.
func failureReason(err error) analytics.Reason {
	if code := asleep.CodeOf(err); code != "" {
		return analytics.Reason(code)
	}
	return analytics.Reason(tool.TimedOut)
}

// safely keeps a panic for the goroutine that asked: in this one it would be the end
// of the program.
func (c *crowd) safely(do func()) {
	defer func() {
		if p := recover(); p != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.panicked = p
		}
	}()
	do()
}

// readOne reads one person, again where that can help.
func (c *crowd) readOne(ctx context.Context, into *reading) error {
	from, to := c.period.From, c.period.To
	if c.before != nil {
		from = c.before.From
	}
	lost, slowed := 0, 0
	for {
		began, err := c.gate.enter(ctx)
		if err != nil {
			return err
		}
		found, err := c.deps.Client.NightsOnce(ctx, into.user.ID(), from.AddDays(-person.Margin), to.AddDays(person.Margin))
		upstream, refused := errors.AsType[*asleep.Error](err)
		switch {
		case err == nil:
			c.gate.leave()
			return c.reduce(found, from, into)
		case !refused:
			c.gate.lost(err)
			return err
		case upstream.Code == asleep.RateLimited:
			c.gate.slow(ctx, began, upstream)
			if slowed++; slowed == mostSlowed {
				return err
			}
		case upstream.Code == asleep.Unavailable, upstream.Code == asleep.BadResponse:
			c.gate.lost(err)
			if lost++; lost == mostAttempts {
				return err
			}
			if sleep(ctx, firstPause<<(lost-1)) != nil {
				return err
			}
		case everybodys(upstream.Code):
			c.gate.stop(err)
			return err
		default:
			c.gate.leave()
			return err
		}
	}
}

// everybodys says whether a refusal holds for every user of the key.
func everybodys(code asleep.Code) bool {
	return code == asleep.BadKey || code == asleep.PlanExpired || code == asleep.Quota
}

// reduce turns nights into means and forgets them.
func (c *crowd) reduce(found *asleep.Nights, from civil.Date, into *reading) error {
	into.asOf = found.AsOf
	if found.Sparse {
		into.reason = person.NoNightlyNumbers
		return nil
	}
	q := &person.Question{Deps: c.deps, User: into.user, Local: c.local, Now: c.now}
	whole := q.Record(nights.Days{From: from, To: c.period.To}, found)
	part := whole.Within(c.period)
	into.now, into.sessions = analytics.PersonOf(part.Nights, c.recommended), part.SessionCount()
	if len(part.Nights) > 0 {
		into.first = part.Nights[0].Date
	}
	if c.before != nil {
		into.before = analytics.PersonOf(whole.Within(*c.before).Nights, c.recommended)
	}
	return nil
}
