package nights

import (
	"context"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// chunkSource has the chunks it is given, and nothing else.
type chunkSource struct {
	Source
	chunks []*asleep.Chunk
}

func (s *chunkSource) Chunks(_ context.Context, _ string, from, to civil.Date) ([]*asleep.Chunk, error) {
	var list []*asleep.Chunk
	for _, c := range s.chunks {
		if !c.To.Before(from) && !c.From.After(to) {
			list = append(list, c)
		}
	}
	return list, nil
}

func chunkFrom(from civil.Date) *asleep.Chunk {
	return &asleep.Chunk{From: from, To: from.AddDays(99), Slept: []asleep.SleptSession{}, NeverSlept: []asleep.NeverSleptSession{}}
}

// A history serves every question that it covers, as long as none of its chunks was read
// again.
func TestHistoriesAreShared(t *testing.T) {
	t.Parallel()
	first := civil.Date{Year: 2026, Month: time.January, Day: 1}
	source := &chunkSource{}
	for i := range 5 {
		source.chunks = append(source.chunks, chunkFrom(first.AddDays(100*i)))
	}
	l := NewLibrary(source, func() time.Time { return time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC) }, nil)
	history := func(from, days int) *History {
		t.Helper()
		h, _, err := l.history(t.Context(), "me", Days{From: first.AddDays(from), To: first.AddDays(from + days)})
		require.NoError(t, err)
		return h
	}
	wide := history(150, 200)
	assert.Same(t, wide, history(240, 10), "what it covers")
	assert.Same(t, wide, history(150, 200), "the same")
	apart := history(40, 5)
	assert.NotSame(t, wide, apart, "it does not reach so far back")
	assert.Same(t, wide, history(240, 10), "both are kept")
	assert.Same(t, apart, history(42, 3))

	source.chunks[3] = chunkFrom(source.chunks[3].From) // read again
	again := history(310, 5)
	assert.NotSame(t, wide, again)
	assert.Same(t, again, history(310, 5))
	assert.NotSame(t, wide, history(150, 200), "a part of it is not what it was")
	assert.Same(t, apart, history(40, 5), "of another time")

	l.Forget("me")
	assert.NotSame(t, apart, history(40, 5))
}

func TestAsOfIsTheOldest(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	old, older := &asleep.Chunk{ReadAt: now.Add(-time.Minute)}, &asleep.Chunk{ReadAt: now.Add(-time.Hour)}
	assert.Equal(t, older.ReadAt, oldest([]*asleep.Chunk{old, older}, now))
	assert.Equal(t, now, oldest(nil, now), "of nothing")
}
