package archive

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/civil"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Chunks implements [nights.Source]. If something was due to be read again and could not
// be, the error is a [*nights.Offline] beside the chunks.
func (s *Source) Chunks(ctx context.Context, userID string, from, to civil.Date) ([]*asleep.Chunk, error) {
	if err := asleep.CheckUserID(userID); err != nil {
		return nil, err
	}
	wide := dates{from.AddDays(-1), to.AddDays(1)} // as the service is asked
	if from.After(civil.DateOf(s.Now().UTC())) {
		return nil, nil
	}
	k := s.look(ctx, userID, outcomes, wide)
	need := s.needed(wide)
	chunks := make([]*asleep.Chunk, len(need))
	if s.Alone {
		return s.alone(ctx, k, need)
	}
	if k.person == nil {
		return chunks, s.readChunks(ctx, k, need, chunks)
	}
	if !k.gone.IsZero() && s.Live == nil {
		return nil, errGone
	}
	if nights.KnownSuffices(ctx) && k.gone.IsZero() {
		if known, _ := s.offline(ctx, k, need, make([]*asleep.Chunk, len(need)), errNoService); known != nil {
			return known, nil
		}
	}
	for i, n := range need {
		if have, ok := k.nights[n.chunk]; ok && k.gone.IsZero() && s.usable(k.person, have, n.dates) || s.before(k, n.dates) {
			chunks[i], _ = s.chunk(ctx, k, n.chunk) // else the service is asked
		}
	}
	err := s.readChunks(ctx, k, need, chunks)
	if err == nil || !away(err) || !k.gone.IsZero() {
		return chunks, err
	}
	return s.offline(ctx, k, need, chunks, err)
}

// alone answers from what is kept and nothing else.
func (s *Source) alone(ctx context.Context, k known, need []span) ([]*asleep.Chunk, error) {
	if k.person == nil || !k.gone.IsZero() {
		return nil, cmp.Or(s.isBroken(), error(errGone))
	}
	var chunks []*asleep.Chunk
	for _, n := range need {
		if _, ok := k.nights[n.chunk]; !ok {
			continue
		}
		c, err := s.chunk(ctx, k, n.chunk)
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, c)
	}
	return chunks, nil
}

// errGone is the answer about people whom the service no longer knows.
var errGone = &asleep.Error{Code: asleep.NotFound}

// before reports whether dates lie before everything that there is of somebody.
func (s *Source) before(k known, d dates) bool {
	return k.person != nil && k.gone.IsZero() && !k.begins.IsZero() && k.due.IsZero() && d.to.Before(k.begins.AddDays(-1))
}

// readChunks asks the service for the chunks that are nil, at once.
func (s *Source) readChunks(ctx context.Context, k known, need []span, chunks []*asleep.Chunk) error {
	var group errgroup.Group
	for i, n := range need {
		if chunks[i] != nil {
			continue
		}
		if err := s.resting(k.User); err != nil && k.person != nil {
			return err
		}
		group.Go(func() error {
			got, err := s.ask(ctx, fmt.Sprint("chunk ", n.chunk, " ", k.User), k.person != nil, func(ctx context.Context) (any, error) {
				return s.readChunk(ctx, k, n)
			})
			if err == nil {
				chunks[i] = got.(*asleep.Chunk)
			}
			return err
		})
	}
	return group.Wait()
}

// readChunk asks the service for one chunk and keeps it.
func (s *Source) readChunk(ctx context.Context, k known, n span) (*asleep.Chunk, error) {
	if s.Live == nil {
		return nil, s.noService()
	}
	inner := within(n.chunk, civil.DateOf(s.Now().UTC()))
	got, err := s.Live.Chunks(ctx, k.User, inner.from, inner.to)
	s.heard(k.User, err)
	if err != nil {
		if asleep.CodeOf(err) == asleep.NotFound && k.person != nil {
			s.fault(ctx, s.store.Gone(ctx, k.Who))
		}
		return nil, err
	}
	var chunk *asleep.Chunk
	for _, c := range got {
		if asleep.ChunkOf(c.From) == n.chunk {
			chunk = c
		}
	}
	if chunk == nil {
		return nil, &asleep.Error{Code: asleep.BadResponse, Err: fmt.Errorf("the source gave no chunk of the dates")}
	}
	s.keep(ctx, k.User, chunk)
	return chunk, nil
}

// within returns dates of a chunk for which no other chunk is asked, as a service is asked
// for a day more on either side: except on the first day of a chunk.
func within(chunk int, today civil.Date) dates {
	from, to := asleep.ChunkDates(chunk)
	if from.Before(today) {
		from = from.AddDays(1)
	}
	return dates{from, later(from, earlier(to.AddDays(-1), today))}
}

// keep keeps a chunk that was just read.
func (s *Source) keep(ctx context.Context, userID string, c *asleep.Chunk) {
	to := earlier(c.To, civil.DateOf(c.ReadAt.UTC()))
	if to.Before(c.From) {
		return
	}
	s.keeping(ctx, userID, func(ctx context.Context, who Who) error {
		if err := s.store.Keep(ctx, who, Reading{c.From, to, c.ReadAt, c.Slept, c.NeverSlept}); err != nil {
			return err
		}
		have := span{dates{c.From, to}, asleep.ChunkOf(c.From), c.ReadAt.UTC().Truncate(time.Microsecond)}
		s.remember(chunkKey{who, have.chunk}, kept{span: have, chunk: c})
		return nil
	})
}

// chunk returns what is kept of a chunk: the same pointer as long as nothing has changed.
func (s *Source) chunk(ctx context.Context, k known, n int) (*asleep.Chunk, error) {
	have, known := k.nights[n]
	if !known { // before the first recording
		have = span{dates{k.begins, k.begins}, n, k.newest()}
	}
	key := chunkKey{k.Who, n}
	s.mu.Lock()
	old, ok := s.chunks[key]
	s.mu.Unlock()
	if ok && old.span == have {
		return old.chunk, nil
	}
	from, to := asleep.ChunkDates(n)
	c := &asleep.Chunk{From: from, To: to, ReadAt: have.at}
	err := s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		all, err := nightsTouching(ctx, db, k.key, from, to)
		c.Slept, c.NeverSlept = apart(all)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.remember(key, kept{span: have, chunk: c})
	return c, nil
}

// remember keeps a chunk in memory, for those who compare pointers.
func (s *Source) remember(key chunkKey, k kept) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.chunks) >= mostChunks {
		clear(s.chunks)
	}
	s.chunks[key] = k
}

// offline answers without the service, which failed with an error: from every chunk that
// is kept. What is later than all of them is empty, as nothing is known of it; what is
// earlier is an error.
func (s *Source) offline(ctx context.Context, k known, need []span, chunks []*asleep.Chunk, why error) ([]*asleep.Chunk, error) {
	last, err := s.lastRead(ctx, k)
	if err != nil {
		return nil, why
	}
	for i, n := range need {
		if chunks[i] != nil {
			continue
		}
		have, ok := k.nights[n.chunk]
		switch {
		case ok && !have.from.After(n.from):
			chunks[i], _ = s.chunk(ctx, k, n.chunk) // else it is missing
		case !ok && n.chunk > last.chunk:
			from, to := asleep.ChunkDates(n.chunk)
			chunks[i] = &asleep.Chunk{From: from, To: to, ReadAt: last.at, Slept: []asleep.SleptSession{}, NeverSlept: []asleep.NeverSleptSession{}}
		}
		if chunks[i] == nil {
			return nil, why
		}
	}
	return chunks, &nights.Offline{LastRead: last.at, Err: why}
}

// lastRead returns the newest span of somebody, with the time of their last reading.
func (s *Source) lastRead(ctx context.Context, k known) (last span, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		all, err := sqldb.Collect(ctx, db, scanSpan, `SELECT chunk, first_day, last_day, read_at FROM spans
			WHERE person = $1 AND what = $2 ORDER BY chunk`, k.key, outcomes)
		for _, one := range all {
			at := last.at
			last = one
			if at.After(last.at) {
				last.at = at
			}
		}
		return err
	})
	return last, err
}
