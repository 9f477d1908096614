package asleep

import (
	"context"
	"time"

	"cloud.google.com/go/civil"
)

// Nights holds every session of a range of dates that has an outcome. Sessions that are
// unfinished, too short or damaged are in neither list; see [Client.RecentSessions].
type Nights struct {
	Slept      []SleptSession      // sorted by start, each id once, never nil
	NeverSlept []NeverSleptSession // sorted by start, each id once, never nil
	// Sparse reports that this deployment lists slept sessions without their metrics, so
	// that only [Client.AverageStats] and [Client.Session] have numbers.
	Sparse bool
	// AsOf is when the oldest part was read from the service.
	AsOf time.Time
}

// Nights returns the sessions that touch a range of UTC dates, first and last included,
// of at most 10,000 days: [Client.Chunks], merged. Days in the future are not
// requested. For local dates, ask for one more day on either side. What the lists point
// to is shared and must not be modified.
func (c *Client) Nights(ctx context.Context, userID string, from, to civil.Date) (*Nights, error) {
	now := c.now()
	chunks, err := c.Chunks(ctx, userID, from, to)
	if err != nil {
		return nil, err
	}
	return MergeChunks(chunks, from, to, now), nil
}
