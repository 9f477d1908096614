package tools

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/cache"
)

const (
	memoBytes    = 16 << 20
	memoArgument = 512 // longer arguments are answered anew
	// memoSlot is how long an answer may be given again at most, so that none
	// outlives a local midnight: zones change date on quarters of an hour.
	memoSlot = 15 * time.Minute
)

// memo keeps answers about one person for as long as they would come out the
// same: the nights they are made of are still in the client's cache. Who may see
// them is asked before every answer, kept or not.
type memo struct {
	once  sync.Once
	store *cache.Shelf[memoKey, kept]
}

type memoKey struct {
	tool, user, arguments string
	slot                  int64
}

type kept struct {
	answer  json.RawMessage
	receipt *asleep.Receipt
}

// about is implemented by the arguments of every tool about one person.
func (a About) about() About { return a }

// remember returns the kept answer to a question about one person, or makes it.
func (d *Deps) remember(ctx context.Context, tool string, in any, arguments json.RawMessage,
	answer func(context.Context) (json.RawMessage, error),
) (json.RawMessage, error) {
	one, isAboutOne := in.(interface{ about() About })
	if !isAboutOne || len(arguments) > memoArgument {
		return answer(ctx)
	}
	user, err := access.Resolve(ctx, one.about().UserID)
	if err != nil {
		return answer(ctx) // which says what is wrong
	}
	key := memoKey{tool, user.ID(), string(arguments), d.Now().Unix() / int64(memoSlot.Seconds())}
	store := d.memo.open()
	if k, ok := store.Get(key); ok {
		if k.receipt.Holds() {
			return k.answer, nil
		}
		store.Drop(key)
	}
	ctx, receipt := d.Client.Receipt(ctx)
	made, err := answer(ctx)
	if err == nil && receipt.Holds() {
		store.Put(key, kept{made, receipt}, receipt.Life(memoSlot))
	}
	return made, err
}

func (m *memo) open() *cache.Shelf[memoKey, kept] {
	m.once.Do(func() {
		m.store = cache.New(memoBytes, func(k memoKey, v kept) uint32 { return uint32(len(k.arguments) + len(v.answer) + 256) })
	})
	return m.store
}
