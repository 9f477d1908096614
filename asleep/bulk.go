package asleep

import (
	"context"
	"sync"
	"sync/atomic"

	"cloud.google.com/go/civil"
)

const (
	mostAttempts = 3  // to read something for which there is no answer
	mostSlowed   = 12 // times that the service asks to slow down over one thing
)

// NightsOfMany reads the nights of many users concurrently: for each of them what
// [Client.Nights] would return, within the same limits. It calls each exactly once for
// every index of userIDs, with the nights or with an error, in no particular order and
// from several goroutines at once. It caches nothing. It returns an error without
// calling each if the range is invalid, and the context's error if that ended before
// everybody was read; failures to read a single user are only passed to each.
//
// Users whose nights are already cached cost no request. Every other user costs one or,
// for a range of more than [MaxDays] minus two days, those that [Client.Nights] would
// send. When the service asks to slow down, the number of requests in flight is halved,
// requests pause for as long as the service says or otherwise for increasing times, and
// then speed up again. A user is tried up to three times if there is no answer, or none
// that can be read.
//
// NightsOfMany gives up on all users not read yet, and passes them the error that made
// it give up, if the service refuses the key, the plan or the quota, if nobody got an
// answer for 5 seconds, or if the service asks for a pause beyond the context's
// deadline. Without a deadline it takes as long as necessary.
//
// If each panics, NightsOfMany stops and panics with the same value.
func (c *Client) NightsOfMany(ctx context.Context, userIDs []string, from, to civil.Date, each func(i int, n *Nights, err error)) error {
	if err := withOp(averageStats, checkRange(from, to, longestNights)); err != nil {
		return err
	}
	return many(ctx, c, len(userIDs), func(ctx context.Context, pace *limiter, i int) (*Nights, error) {
		userID := userIDs[i]
		if err := withOp(averageStats, CheckUserID(userID)); err != nil {
			return nil, err
		}
		if n, ok := c.cachedNights(userID, from, to); ok {
			return n, nil
		}
		return atPace(ctx, pace, func() (*Nights, error) { return c.nightsOnce(ctx, userID, from, to) })
	}, each)
}

// SessionsOf reads many sessions of a user concurrently: for each of them what
// [Client.Session] would return. It calls each, retries, slows down and gives up as
// [Client.NightsOfMany] does. It neither uses nor fills the cache.
func (c *Client) SessionsOf(ctx context.Context, userID string, sessionIDs []string, each func(i int, s *Session, err error)) error {
	if err := withOp(getSession, CheckUserID(userID)); err != nil {
		return err
	}
	return many(ctx, c, len(sessionIDs), func(ctx context.Context, pace *limiter, i int) (*Session, error) {
		sessionID := sessionIDs[i]
		if err := withOp(getSession, CheckSessionID(sessionID)); err != nil {
			return nil, err
		}
		return atPace(ctx, pace, func() (*Session, error) { return c.sessionOnce(ctx, userID, sessionID) })
	}, each)
}

// many reads something for each of n indexes concurrently, at one pace.
func many[T any](ctx context.Context, c *Client, n int, read func(ctx context.Context, pace *limiter, i int) (*T, error), each func(i int, one *T, err error)) error {
	limited, cancel := context.WithCancel(ctx)
	defer cancel()
	pace, release := newLimiter(limited, c.inFlight)
	defer release()

	var workers sync.WaitGroup
	var next, unread atomic.Int64
	var panicked atomic.Pointer[any]
	work := func() {
		defer func() {
			if p := recover(); p != nil { // otherwise it would end the program
				panicked.CompareAndSwap(nil, &p)
				cancel()
			}
		}()
		for i := next.Add(1) - 1; i < int64(n) && panicked.Load() == nil; i = next.Add(1) - 1 {
			one, err := read(limited, pace, int(i))
			if err != nil && CodeOf(err) == "" {
				unread.Add(1)
			}
			each(int(i), one, err)
		}
	}
	// A few more than the limit on requests, so that it is reached while some of them are
	// busy with each.
	for range min(c.inFlight+max(1, c.inFlight/4), n) {
		workers.Go(work)
	}
	workers.Wait()
	if p := panicked.Load(); p != nil {
		panic(*p)
	}
	if unread.Load() > 0 {
		return ctx.Err()
	}
	return nil
}

// atPace sends a request at the common pace, again where that can help.
func atPace[T any](ctx context.Context, pace *limiter, send func() (*T, error)) (*T, error) {
	for failed, slowed := 0, 0; ; {
		began, err := pace.begin()
		if err != nil {
			return nil, err
		}
		one, err := send()
		pace.end(began, err)
		switch CodeOf(err) {
		case RateLimited:
			if slowed++; slowed < mostSlowed {
				continue
			}
		case Unavailable, BadResponse:
			wait := max(bulkPause<<failed, retryAfterOf(err))
			if failed++; failed < mostAttempts && wait <= longestWait && sleep(ctx, wait) == nil {
				continue
			}
		}
		return one, err
	}
}

// cachedNights returns nights if no request is needed for them.
func (c *Client) cachedNights(userID string, from, to civil.Date) (*Nights, bool) {
	now := c.now()
	today := civil.DateOf(now.UTC())
	if from.After(today) {
		return MergeChunks(nil, from, to, now), true
	}
	first, last := withMargins(from, to, today)
	chunks := make([]*Chunk, ChunkOf(last)-ChunkOf(first)+1)
	if !c.cachedChunks(userID, ChunkOf(first), chunks) {
		return nil, false
	}
	return MergeChunks(chunks, from, to, now), true
}

// nightsOnce sends one request for a range that fits into it, without retries, and caches
// nothing. A longer range is read by [Client.Nights].
func (c *Client) nightsOnce(ctx context.Context, userID string, from, to civil.Date) (*Nights, error) {
	now := c.now()
	first, last := withMargins(from, to, civil.DateOf(now.UTC()))
	if last.DaysSince(first) >= MaxDays {
		return c.Nights(ctx, userID, from, to)
	}
	ctx, cancel := bounded(ctx, averageStats)
	defer cancel()
	chunk, err := once(ctx, c, statsCall(userID, first, last, utc), chunkReader(first, last, now))
	if err != nil {
		return nil, err
	}
	return MergeChunks([]*Chunk{chunk}, from, to, now), nil
}
