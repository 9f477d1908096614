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
	mostKept    = 100_000          // recordings of all histories in memory, about a kilobyte each
	keptFor     = 10 * time.Minute // after a person's newest history was put together
	keptPerUser = 4                // histories of different times
)

// Library keeps the histories that were used recently. It may be used by several
// goroutines at once.
type Library struct {
	source Source
	now    func() time.Time
	home   *time.Location
	prefer []string                         // trackers, see [Mixed]
	kept   *otter.Cache[string, *histories] // by user
}

// histories are those of one person, the newest first.
type histories struct{ list []sourced }

// sourced is a history with the chunks it was made of.
type sourced struct {
	*History
	chunks []*asleep.Chunk
}

// NewLibrary returns a library of the recordings of source. now is the only clock; home
// is the zone of people whose recordings name none, and nil stands for UTC.
func NewLibrary(source Source, now func() time.Time, home *time.Location) *Library {
	if home == nil {
		home = time.UTC
	}
	var prefer []string
	if several, ok := source.(interface{ preferred() []string }); ok {
		prefer = several.preferred()
	}
	return &Library{source: source, now: now, home: home, prefer: prefer, kept: otter.Must(&otter.Options[string, *histories]{
		MaximumWeight: mostKept,
		Weigher:       func(_ string, s *histories) uint32 { return s.weight() },
		Logger:        &otter.NoopLogger{},
	})}
}

// Forget drops what is in memory about a person.
func (l *Library) Forget(userID string) { l.kept.Invalidate(userID) }

// history returns a history that covers the nights of some dates, and how old it is. One
// in memory is used as long as it is made of the chunks that the source still returns.
func (l *Library) history(ctx context.Context, userID string, d Days) (*History, Age, error) {
	now := l.now()
	chunks, err := l.source.Chunks(ctx, userID, d.From.AddDays(-reachBefore), d.To.AddDays(reachAfter))
	age, err := ageOf(err)
	if err != nil {
		return nil, Age{}, err
	}
	age.AsOf = oldest(chunks, now)
	before, _ := l.kept.GetIfPresent(userID)
	if h := before.covering(chunks); h != nil {
		return h, age, nil
	}
	h := newHistory(merged(chunks, now), now, l.home, l.prefer)
	l.keep(userID, before.with(sourced{h, chunks}))
	return h, age, nil
}

// keep keeps a person's histories for keptFor. It uses a timer instead of otter's expiry,
// which would run a goroutine for as long as the program runs.
func (l *Library) keep(userID string, s *histories) {
	l.kept.Set(userID, s)
	time.AfterFunc(keptFor, func() {
		if now, ok := l.kept.GetIfPresent(userID); ok && now == s {
			l.kept.Invalidate(userID)
		}
	})
}

// covering returns a history made of these chunks and perhaps of more; nil when there is
// none.
func (s *histories) covering(chunks []*asleep.Chunk) *History {
	if s == nil {
		return nil
	}
	for _, one := range s.list {
		if contains(one.chunks, chunks) {
			return one.History
		}
	}
	return nil
}

// with returns the histories with a new one before those that it does not replace.
func (s *histories) with(added sourced) *histories {
	next := &histories{list: []sourced{added}}
	if s == nil {
		return next
	}
	for _, one := range s.list {
		if len(next.list) < keptPerUser && !contains(added.chunks, one.chunks) && !outdates(added.chunks, one.chunks) {
			next.list = append(next.list, one)
		}
	}
	return next
}

func (s *histories) weight() uint32 {
	sum := 1
	for _, one := range s.list {
		sum += len(one.recordings)
	}
	return uint32(sum)
}

// outdates reports whether one of the chunks in before was read again since.
func outdates(chunks, before []*asleep.Chunk) bool {
	return slices.ContainsFunc(before, func(old *asleep.Chunk) bool {
		return slices.ContainsFunc(chunks, func(c *asleep.Chunk) bool { return c.From == old.From && c != old })
	})
}

// merged returns everything that chunks list.
func merged(chunks []*asleep.Chunk, now time.Time) *asleep.Nights {
	from, to := civil.DateOf(now), civil.DateOf(now)
	if len(chunks) > 0 {
		// A recording is listed in the chunk of one of its days, and may begin or end in
		// another.
		from, to = chunks[0].From.AddDays(-1), chunks[len(chunks)-1].To.AddDays(1)
	}
	return asleep.MergeChunks(chunks, from, to, now)
}

// contains reports whether part occurs in whole.
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
