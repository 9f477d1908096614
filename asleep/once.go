package asleep

import (
	"context"

	"cloud.google.com/go/civil"
)

// NightsOnce is [Client.Nights] for those who ask about many people: it takes what
// is cached, sends one request for exactly this range when it fits [MaxDays], and
// keeps no answer, so that a bulk read neither fills the cache nor costs two requests a
// person where a range crosses a border between chunks. It sends nothing twice:
// [RateLimited] and [Unavailable] come back at once, for the caller to slow down for
// everybody. A longer range is read by [Client.Nights], with all that it does.
func (c *Client) NightsOnce(ctx context.Context, userID string, from, to civil.Date) (*Nights, error) {
	if err := checkNights(userID, from, to); err != nil {
		return nil, err
	}
	now := c.now()
	today := civil.DateOf(now.UTC())
	if from.After(today) {
		return MergeChunks(nil, from, to, now), nil
	}
	first, last := withMargins(from, to, today)
	chunks := make([]*Chunk, chunkOf(last)-chunkOf(first)+1)
	if c.cachedChunks(ctx, userID, chunkOf(first), chunks) {
		return MergeChunks(chunks, from, to, now), nil
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
	return MergeChunks([]*Chunk{w.chunk(first, last, now)}, from, to, now), nil
}
