package asleep

import (
	"context"
	"sync"
	"time"
)

// Receipt lists the cached answers that something was made of. As long as they
// would be given again, what was made of them would come out the same.
type Receipt struct {
	cache *answers

	mu    sync.Mutex
	parts []part
	void  bool // something was read that is not kept
}

// part is an answer by its place in the cache, when it was read and how long it may
// be given.
type part struct {
	key     cacheKey
	readAt  time.Time
	expires time.Time
}

type receiptKey struct{}

// Receipt returns a context and the receipt of everything that is read in it
// from this client.
func (c *Client) Receipt(ctx context.Context) (context.Context, *Receipt) {
	r := &Receipt{cache: c.cache}
	return context.WithValue(ctx, receiptKey{}, r), r
}

func receiptOf(ctx context.Context) *Receipt {
	r, _ := ctx.Value(receiptKey{}).(*Receipt)
	return r
}

func (r *Receipt) add(key cacheKey, e entry) {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.parts = append(r.parts, part{key, e.readAt, e.expires})
}

// spoil notes that something was read past the cache.
func (r *Receipt) spoil() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.void = true
}

// Holds says whether every answer of the receipt would be given again from the
// cache: none has expired, been forgotten or been read anew. A receipt of nothing
// holds; one with something that is never kept does not.
func (r *Receipt) Holds() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.void {
		return false
	}
	for _, p := range r.parts {
		if e, ok := r.cache.peek(p.key); !ok || !e.readAt.Equal(p.readAt) {
			return false
		}
	}
	return true
}

// Life is for how long the receipt can hold from now on, at most the longest that is
// asked about.
func (r *Receipt) Life(longest time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.parts {
		longest = min(longest, p.expires.Sub(r.cache.now()))
	}
	return longest
}
