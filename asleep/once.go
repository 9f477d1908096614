package asleep

import (
	"context"

	"cloud.google.com/go/civil"
)

// NightsOnce is [Client.Nights] for those who ask about many people: it takes what
// is cached, sends one request for exactly this range when it fits [MaxDays], and
// keeps no answer, so that a crowd neither fills the cache nor costs two requests a
// person where a range crosses a border between chunks. It sends nothing twice:
// [RateLimited] and [Unavailable] come back at once, for the caller to slow down for
// everybody. A longer range is read by [Client.Nights], with all that it does.
func (c *Client) NightsOnce(ctx context.Context, userID string, from, to civil.Date) (*Nights, error) {
	if err := withOp(averageStats, CheckUserID(userID), checkRange(from, to, longestNights)); err != nil {
		return nil, err
	}
	now := c.now()
	today := civil.DateOf(now.UTC())
	if from.After(today) {
		return assemble(nil, from, to, now), nil
	}
	first, last := from.AddDays(-margin), earlier(to.AddDays(margin), today)
	if parts, ok := c.kept(ctx, userID, chunkOf(first), chunkOf(last)); ok {
		return assemble(parts, from, to, now), nil
	}
	if last.DaysSince(first) >= MaxDays {
		return c.Nights(ctx, userID, from, to)
	}
	receiptOf(ctx).spoil()
	ctx, cancel := bounded(ctx, averageStats)
	defer cancel()
	status, body, err := c.attempt(ctx, statsCall(userID, first, last, utc))
	if err != nil {
		return nil, err
	}
	w, err := decode[wireNights](averageStats, status, body)
	if err != nil {
		return nil, err
	}
	slept, never := w.nights()
	return assemble([]chunk{{slept: slept, never: never, readAt: now}}, from, to, now), nil
}

// kept returns chunks from first to last if all of them are cached and fresh.
func (c *Client) kept(ctx context.Context, userID string, first, last int) ([]chunk, bool) {
	parts := make([]chunk, 0, last-first+1)
	for n := first; n <= last; n++ {
		e, ok := c.cache.peek(chunkKey(userID, n))
		if !ok {
			return nil, false
		}
		receiptOf(ctx).add(chunkKey(userID, n), e)
		part := e.value.(chunk)
		part.readAt = e.readAt
		parts = append(parts, part)
	}
	return parts, true
}
