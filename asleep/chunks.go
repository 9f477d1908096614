package asleep

import (
	"context"
	"time"

	"cloud.google.com/go/civil"
	"golang.org/x/sync/errgroup"
)

// Chunk is what the service lists for one user and one of the fixed spans of [MaxDays]
// days in which a user's history is read and cached. It is shared by all callers and
// immutable: neither it nor anything it points to may be modified. When the service is
// asked again, the answer is another Chunk.
type Chunk struct {
	From, To   civil.Date          // first and last UTC date of the span; To may be in the future
	ReadAt     time.Time           // just before the service was asked
	Slept      []SleptSession      // sorted by start, each id once, never nil
	NeverSlept []NeverSleptSession // sorted by start, each id once, never nil
}

// longestNights is the longest range of [Client.Nights] in days, about 27 years.
const longestNights = 100 * MaxDays

// chunkZero is where chunk 0 begins.
var chunkZero = civil.Date{Year: 1970, Month: time.January, Day: 1}

// Chunks returns, in ascending order, the chunks that list the sessions of a range of
// UTC dates, first and last included; [MergeChunks] extracts those sessions. The range
// may have up to 10,000 days. The result is empty if the range lies in the future.
//
// A chunk that ended more than two days ago is cached for 6 hours, any other for a
// minute. While a chunk is cached, every call returns the same pointer, so a caller who
// keeps something computed from chunks can compare pointers to see whether it is still
// valid. A call that finds all of its chunks cached is cheap. Missing chunks are read
// concurrently; if one of them cannot be read, Chunks returns only the error.
func (c *Client) Chunks(ctx context.Context, userID string, from, to civil.Date) ([]*Chunk, error) {
	if err := checkNights(userID, from, to); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, ended(ctx, nil)
	}
	today := civil.DateOf(c.now().UTC())
	if from.After(today) {
		return nil, nil
	}
	firstDay, lastDay := withMargins(from, to, today)
	first := ChunkOf(firstDay)
	chunks := make([]*Chunk, ChunkOf(lastDay)-first+1)
	if c.cachedChunks(userID, first, chunks) {
		return chunks, nil
	}
	if err := c.readChunks(ctx, userID, first, today, chunks); err != nil {
		return nil, err
	}
	return chunks, nil
}

func checkNights(userID string, from, to civil.Date) error {
	return withOp(averageStats, CheckUserID(userID), checkRange(from, to, longestNights))
}

// withMargins returns the days in which to look for the sessions that touch a range that
// begins today or earlier.
func withMargins(from, to, today civil.Date) (first, last civil.Date) {
	first, last = from.AddDays(-margin), to.AddDays(margin)
	if last.After(today) {
		last = today
	}
	return first, last
}

// cachedChunks fills chunks, the first of which has the number first, with those that are
// cached, and reports whether all of them are.
func (c *Client) cachedChunks(userID string, first int, chunks []*Chunk) bool {
	all := true
	for i := range chunks {
		key := chunkKey(userID, first+i)
		value, ok := c.cache.peek(key)
		if !ok {
			all = false
			continue
		}
		c.cache.count(Hit)
		chunks[i] = value.(*Chunk)
	}
	return all
}

// readChunks fills in the chunks that are nil. After an error chunks must not be used.
func (c *Client) readChunks(ctx context.Context, userID string, first int, today civil.Date, chunks []*Chunk) error {
	ctx, cancel := bounded(ctx, averageStats)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	for i, have := range chunks {
		if have != nil {
			continue
		}
		group.Go(func() (err error) {
			chunks[i], err = c.chunk(ctx, userID, first+i, today)
			return err
		})
	}
	return group.Wait()
}

// ChunkOf returns the number of the chunk that contains a UTC date, negative for days
// before 1970.
func ChunkOf(d civil.Date) int {
	n := d.DaysSince(chunkZero)
	if n < 0 {
		n -= MaxDays - 1
	}
	return n / MaxDays
}

// ChunkDates returns the first and the last UTC date of chunk n.
func ChunkDates(n int) (from, to civil.Date) {
	from = chunkZero.AddDays(n * MaxDays)
	return from, from.AddDays(MaxDays - 1)
}

func chunkKey(userID string, n int) cacheKey {
	return cacheKey{user: userID, kind: chunkKind, chunk: n}
}

// chunk returns chunk n of a user, up to today.
func (c *Client) chunk(ctx context.Context, userID string, n int, today civil.Date) (*Chunk, error) {
	from, to := ChunkDates(n)
	return cached(ctx, c, averageStats, chunkKey(userID, n),
		func(ctx context.Context) (*Chunk, error) {
			readAt, until := c.now(), to
			if until.After(today) {
				until = today
			}
			return read(ctx, c, statsCall(userID, from, until, utc), chunkReader(from, to, readAt))
		},
		func(chunk *Chunk) (life time.Duration, weight int) {
			weight = len(chunk.Slept) + len(chunk.NeverSlept)
			if c.now().Sub(to.AddDays(1).In(time.UTC)) > settled {
				return longLife, weight
			}
			return shortLife, weight
		})
}

func chunkReader(from, to civil.Date, readAt time.Time) func(*wireNights) *Chunk {
	return func(w *wireNights) *Chunk {
		chunk := &Chunk{From: from, To: to, ReadAt: readAt}
		chunk.Slept, chunk.NeverSlept = merge(w.nights())
		return chunk
	}
}

// MergeChunks returns the sessions in chunks that touch a range of UTC dates, first and
// last included. A session listed in several chunks is returned once, as it was
// analysed last. Without chunks, AsOf is now.
func MergeChunks(chunks []*Chunk, from, to civil.Date, now time.Time) *Nights {
	n := &Nights{Slept: []SleptSession{}, NeverSlept: []NeverSleptSession{}, AsOf: now}
	for _, chunk := range chunks {
		for _, s := range chunk.Slept {
			if touches(s.Start, s.End, from, to) {
				n.Slept = append(n.Slept, s)
			}
		}
		for _, s := range chunk.NeverSlept {
			if touches(s.Start, s.End, from, to) {
				n.NeverSlept = append(n.NeverSlept, s)
			}
		}
		if chunk.ReadAt.Before(n.AsOf) {
			n.AsOf = chunk.ReadAt
		}
	}
	n.Slept, n.NeverSlept = merge(n.Slept, n.NeverSlept)
	n.Sparse = sparse(n.Slept)
	return n
}
