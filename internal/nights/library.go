package nights

import (
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"
	"github.com/maypok86/otter/v2"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

const (
	mostKept = 100_000          // recordings of all histories in memory, about a kilobyte each
	keptFor  = 10 * time.Minute // after it was last asked about
)

// Library keeps the histories that were asked about lately. It may be used by several
// goroutines at once.
type Library struct {
	source Source
	now    func() time.Time
	home   *time.Location
	kept   *otter.Cache[string, *shelved] // by user
}

// shelved is a history with what it was made of.
type shelved struct {
	*History
	chunks []*asleep.Chunk
}

// NewLibrary returns a library of what source knows. now is the one clock; home is where
// people are of whom no recording says it, nil being UTC.
func NewLibrary(source Source, now func() time.Time, home *time.Location) *Library {
	if home == nil {
		home = time.UTC
	}
	return &Library{source: source, now: now, home: home, kept: otter.Must(&otter.Options[string, *shelved]{
		MaximumWeight:    mostKept,
		Weigher:          func(_ string, s *shelved) uint32 { return uint32(1 + len(s.recordings)) },
		ExpiryCalculator: otter.ExpiryAccessing[string, *shelved](keptFor),
		Logger:           &otter.NoopLogger{},
	})}
}

// Forget drops what is in memory of a person.
func (l *Library) Forget(userID string) { l.kept.Invalidate(userID) }

// history returns a history that covers the nights of some dates, and when the oldest
// of what tells about them was read. The one in memory serves as long as the source
// would tell the same.
func (l *Library) history(ctx context.Context, userID string, d Days) (*History, time.Time, error) {
	now := l.now()
	chunks, err := l.source.Chunks(ctx, userID, d.From.AddDays(-reachBefore), d.To.AddDays(reachAfter))
	if err != nil {
		return nil, now, err
	}
	asOf := oldest(chunks, now)
	last, ok := l.kept.GetIfPresent(userID)
	if ok && contains(last.chunks, chunks) {
		return last.History, asOf, nil
	}
	h := newHistory(merged(chunks, now), l.home)
	if !ok || !contains(last.chunks, chunks[:min(1, len(chunks))]) || len(chunks) >= len(last.chunks) {
		l.kept.Set(userID, &shelved{h, chunks})
	}
	return h, asOf, nil
}

// merged is everything that chunks list.
func merged(chunks []*asleep.Chunk, now time.Time) *asleep.Nights {
	from, to := civil.DateOf(now), civil.DateOf(now)
	if len(chunks) > 0 {
		// A recording stands in the chunk of one of its days, and may begin or end in
		// another.
		from, to = chunks[0].From.AddDays(-1), chunks[len(chunks)-1].To.AddDays(1)
	}
	return asleep.MergeChunks(chunks, from, to, now)
}

// contains reports whether part stands in whole.
func contains(whole, part []*asleep.Chunk) bool {
	if len(part) == 0 {
		return true
	}
	i := slices.Index(whole, part[0])
	return i >= 0 && len(whole)-i >= len(part) && slices.Equal(whole[i:i+len(part)], part)
}

func oldest(chunks []*asleep.Chunk, now time.Time) time.Time {
	for _, c := range chunks {
		if c.ReadAt.Before(now) {
			now = c.ReadAt
		}
	}
	return now
}
