package asleep

import (
	"context"
	"sync"
	"time"
)

// Receipt lists the cached answers that something was made of. As long as they
// would be given again, what was made of them would come out the same.
type Receipt struct {
	client *Client

	mu      sync.Mutex
	items   []receiptItem
	expires time.Time // of the item that expires first; zero: no item
	void    bool      // something was read that is not kept
}

// receiptItem is an answer and its place in the cache.
type receiptItem struct {
	key   cacheKey
	value any
}

type receiptKey struct{}

// Receipt returns a context and the receipt of everything that is read in it
// from this client.
func (c *Client) Receipt(ctx context.Context) (context.Context, *Receipt) {
	r := &Receipt{client: c}
	return context.WithValue(ctx, receiptKey{}, r), r
}

func receiptOf(ctx context.Context) *Receipt {
	r, _ := ctx.Value(receiptKey{}).(*Receipt)
	return r
}

func (r *Receipt) add(key cacheKey, value any) {
	if r == nil {
		return
	}
	e, ok := r.client.cache.store.GetEntryQuietly(key)
	r.mu.Lock()
	defer r.mu.Unlock()
	if !ok {
		r.void = true
		return
	}
	r.items = append(r.items, receiptItem{key, value})
	if expires := r.client.now().Add(e.ExpiresAfter()); r.expires.IsZero() || expires.Before(r.expires) {
		r.expires = expires
	}
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

// Holds reports whether every answer of the receipt would be given again from the
// cache: none has expired, been forgotten or been read again. A receipt of nothing
// holds; one with something that is never kept does not.
func (r *Receipt) Holds() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.void {
		return false
	}
	for _, item := range r.items {
		if value, ok := r.client.cache.peek(item.key); !ok || value != item.value {
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
	if r.expires.IsZero() {
		return longest
	}
	return min(longest, r.expires.Sub(r.client.now()))
}
