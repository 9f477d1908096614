package asleep

import (
	"context"
	"strconv"
	"time"

	"cloud.google.com/go/civil"
	"golang.org/x/sync/errgroup"
)

// Nights is every session of a range of dates that has an outcome. Sessions that are
// unfinished, too short or damaged stand in neither list: see [Client.RecentSessions].
type Nights struct {
	Slept      []SleptSession      // sorted by start, each id once, never nil
	NeverSlept []NeverSleptSession // sorted by start, each id once, never nil
	// Sparse says that this deployment lists slept sessions without their metrics. Only
	// [Client.AverageStats] has numbers then.
	Sparse bool
	// AsOf is when the oldest part was read from the service.
	AsOf time.Time
}

// longestNights is the longest range of [Client.Nights] in days, about 27 years.
const longestNights = 100 * MaxDays

// chunkZero is where chunk 0 begins.
var chunkZero = civil.Date{Year: 1970, Month: time.January, Day: 1}

// Nights returns the sessions that touch the UTC dates from to to, at most 10,000
// days. It reads average-stats in fixed chunks of [MaxDays] days side by side and
// caches each: a chunk that ended more than two days ago for 6 hours, the newest for
// a minute. Days in the future are not asked for. Callers who think in local dates
// ask for a day more on both sides. What the lists point to is shared: it must not
// be changed.
func (c *Client) Nights(ctx context.Context, userID string, from, to civil.Date) (*Nights, error) {
	if err := withOp(averageStats, CheckUserID(userID), checkRange(from, to, longestNights)); err != nil {
		return nil, err
	}
	ctx, cancel := bounded(ctx, averageStats)
	defer cancel()

	now := c.now()
	today := civil.DateOf(now.UTC())
	if from.After(today) {
		return assemble(nil, from, to, now), nil
	}
	first := chunkOf(from.AddDays(-margin))
	last := chunkOf(earlier(to.AddDays(margin), today))
	parts := make([]chunk, last-first+1)

	group, groupCtx := errgroup.WithContext(ctx)
	for i := range parts {
		group.Go(func() (err error) {
			parts[i], err = c.chunk(groupCtx, userID, first+i, today)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return assemble(parts, from, to, now), nil
}

// chunk is what the service lists for one fixed span of days.
type chunk struct {
	slept  []SleptSession
	never  []NeverSleptSession
	readAt time.Time
}

// chunkOf returns the number of the chunk that d lies in; days before 1970 have
// negative ones.
func chunkOf(d civil.Date) int {
	n := d.DaysSince(chunkZero)
	if n < 0 {
		n -= MaxDays - 1
	}
	return n / MaxDays
}

func chunkKey(userID string, n int) cacheKey {
	return cacheKey{userID, "nights/" + strconv.Itoa(n)}
}

// chunk returns chunk n of a user as far as today.
func (c *Client) chunk(ctx context.Context, userID string, n int, today civil.Date) (chunk, error) {
	from := chunkZero.AddDays(n * MaxDays)
	to := from.AddDays(MaxDays - 1)
	part, readAt, err := cached(ctx, c, averageStats, chunkKey(userID, n),
		func(ctx context.Context) (chunk, error) {
			w, err := read[wireNights](ctx, c, statsCall(userID, from, earlier(to, today), utc))
			if err != nil {
				return chunk{}, err
			}
			slept, never := w.nights()
			return chunk{slept: slept, never: never}, nil
		},
		func(part chunk) (life time.Duration, sessions int) {
			sessions = len(part.slept) + len(part.never)
			if c.now().Sub(to.AddDays(1).In(time.UTC)) > settled {
				return longLife, sessions
			}
			return shortLife, sessions
		})
	part.readAt = readAt
	return part, err
}

func earlier(a, b civil.Date) civil.Date {
	if a.Before(b) {
		return a
	}
	return b
}

// assemble merges chunks and keeps what touches the range.
func assemble(parts []chunk, from, to civil.Date, now time.Time) *Nights {
	n := &Nights{AsOf: now}
	for _, part := range parts {
		for _, s := range part.slept {
			if touches(s.Start, s.End, from, to) {
				n.Slept = append(n.Slept, s)
			}
		}
		for _, s := range part.never {
			if touches(s.Start, s.End, from, to) {
				n.NeverSlept = append(n.NeverSlept, s)
			}
		}
		if part.readAt.Before(n.AsOf) {
			n.AsOf = part.readAt
		}
	}
	n.Slept, n.NeverSlept = merge(n.Slept, n.NeverSlept)
	n.Sparse = sparse(n.Slept)
	return n
}
