package archive

import (
	"context"
	"errors"
	"iter"
	"sync"
	"time"

	"cloud.google.com/go/civil"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Service is what a sync asks; [asleep.Client] is one.
type Service interface {
	Chunks(ctx context.Context, userID string, from, to civil.Date) ([]*asleep.Chunk, error)
	ListSessions(ctx context.Context, userID string, o asleep.ListOptions) ([]asleep.SessionInfo, error)
	Sessions(ctx context.Context, userID string, o asleep.ListOptions) iter.Seq2[asleep.SessionInfo, error]
	Session(ctx context.Context, userID, sessionID string) (*asleep.Session, error)
	MaxInFlight() int
}

// A Sync reads everything of one person that is not kept yet. It may be interrupted at any
// time, and goes on where it was when it is run again.
type Sync struct {
	Store   *Store
	Service Service
	Key     string // the API key of Service
	// Again reads settled nights again too, as if nothing were kept.
	Again bool
	// Without leaves out the stages, for which each session is read.
	WithoutStages bool
	// Progress hears how many of how many steps are done; nil: nobody does. The number of
	// all steps grows while it is found out.
	Progress func(done, all int)
}

// Synced says what a sync did.
type Synced struct {
	Sessions int // that were read with their stages
	Dates    int // chunks of dates that were read
}

const (
	recheck  = 30 * 24 * time.Hour // after which settled dates are read again
	lookBack = 30                  // days before today that are read every time
	emptyRun = 4                   // chunks without a session after which there is nothing earlier
)

// Run syncs one person. Whoever was forgotten is kept again from now on, because they are
// named. An error leaves everything that was read until then.
func (y Sync) Run(ctx context.Context, userID string) (done Synced, err error) {
	if err := y.Store.make(ctx); err != nil {
		return done, err
	}
	if err := y.Store.Remember(ctx, userID); err != nil {
		return done, err
	}
	environment, err := y.Store.Environment(ctx, y.Key)
	if err != nil {
		return done, err
	}
	r := &run{Sync: y, who: Who{environment, Asleep, userID}, today: civil.DateOf(y.Store.clock())}
	if err = r.dates(ctx); err == nil {
		err = r.sessions(ctx)
	}
	if asleep.CodeOf(err) == asleep.NotFound {
		err = errors.Join(err, y.Store.Gone(ctx, r.who))
	}
	return r.done, err
}

// run is one run of a sync.
type run struct {
	Sync
	who   Who
	today civil.Date

	mu          sync.Mutex
	steps, over int
	done        Synced
}

// step notes that steps were found or are over.
func (r *run) step(found, over int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.steps += found
	r.over += over
	if r.Progress != nil {
		r.Progress(r.over, r.steps)
	}
}

// dates reads the chunks of dates that are not settled, the newest first.
func (r *run) dates(ctx context.Context) error {
	first, known, err := r.first(ctx)
	if err != nil {
		return err
	}
	if !known {
		return r.backwards(ctx)
	}
	kept, err := r.spans(ctx, asleep.ChunkOf(first))
	if err != nil {
		return err
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(r.Service.MaxInFlight())
	for n := asleep.ChunkOf(r.today); n >= asleep.ChunkOf(first); n-- {
		if !r.due(n, kept) {
			continue
		}
		r.step(1, 0)
		group.Go(func() error {
			_, err := r.read(inner, n)
			r.step(0, 1)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return r.Store.begins(ctx, r.who, first)
}

// first returns the date of the first session; known is false if the list of sessions
// does not know the user.
func (r *run) first(ctx context.Context) (day civil.Date, known bool, err error) {
	list, err := r.Service.ListSessions(ctx, r.who.User, asleep.ListOptions{Ascending: true, Limit: 1})
	switch {
	case asleep.CodeOf(err) == asleep.NotFound:
		return day, false, nil
	case err != nil:
		return day, false, err
	case len(list) == 0:
		return r.today, true, nil
	}
	// Listed by the day it began; what ended on that day may have begun the day before.
	return earlier(civil.DateOf(list[0].Start.UTC()).AddDays(-1), r.today), true, nil
}

// backwards reads chunks until several in a row are empty.
func (r *run) backwards(ctx context.Context) error {
	empty := 0
	for n := asleep.ChunkOf(r.today); empty < emptyRun; n-- {
		r.step(1, 0)
		chunk, err := r.read(ctx, n)
		if err != nil {
			return err
		}
		r.step(0, 1)
		empty++
		if len(chunk.Slept)+len(chunk.NeverSlept) > 0 {
			empty = 0
		}
	}
	return nil
}

// spans returns what is kept of the chunks from a number on, outcomes and lists.
func (r *run) spans(ctx context.Context, first int) (kept [2]map[int]span, err error) {
	err = r.Store.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		p, err := find(ctx, db, r.who)
		if err != nil || p == nil {
			return err
		}
		for i, what := range []string{outcomes, listed} {
			if kept[i], err = spans(ctx, db, p.key, what, first, asleep.ChunkOf(r.today)); err != nil {
				return err
			}
			for n, s := range kept[i] {
				if !p.due.IsZero() && !s.at.After(p.due) {
					delete(kept[i], n)
				}
			}
		}
		return nil
	})
	return kept, err
}

// due reports whether a chunk is to be read: it is not settled, it was not read for long,
// or it is about the last weeks, in which the service still changes its mind.
func (r *run) due(n int, kept [2]map[int]span) bool {
	from, to := asleep.ChunkDates(n)
	if r.Again || !to.Before(r.today.AddDays(-lookBack)) {
		return true
	}
	for _, of := range kept {
		s, ok := of[n]
		age := r.Store.clock().Sub(s.at)
		if !ok || !s.covers(dates{from, to}) || !s.settled(to) || age < -freshFor || age > recheck {
			return true
		}
	}
	return false
}

// read reads and keeps a chunk of dates, and the list of its sessions.
func (r *run) read(ctx context.Context, n int) (*asleep.Chunk, error) {
	from, to := asleep.ChunkDates(n)
	to = earlier(to, r.today)
	at := r.Store.clock()
	l := Listing{From: from, To: to, At: at}
	for one, err := range r.Service.Sessions(ctx, r.who.User, asleep.ListOptions{From: from, To: to, Ascending: true}) {
		if asleep.CodeOf(err) == asleep.NotFound {
			break
		}
		if err != nil {
			return nil, err
		}
		l.Sessions = append(l.Sessions, one)
	}
	inner := within(n, r.today)
	got, err := r.Service.Chunks(ctx, r.who.User, inner.from, inner.to)
	if err != nil {
		return nil, err
	}
	for _, chunk := range got {
		if asleep.ChunkOf(chunk.From) != n {
			continue
		}
		err = errors.Join(
			r.Store.Keep(ctx, r.who, Reading{from, earlier(to, civil.DateOf(chunk.ReadAt.UTC())), chunk.ReadAt, chunk.Slept, chunk.NeverSlept}),
			r.Store.KeepList(ctx, r.who, l))
		r.mu.Lock()
		r.done.Dates++
		r.mu.Unlock()
		return chunk, err
	}
	return nil, &asleep.Error{Code: asleep.BadResponse, Err: errors.New("the service gave no chunk of the dates")}
}

// sessions reads what is not settled of each session.
func (r *run) sessions(ctx context.Context) error {
	if r.WithoutStages {
		return nil
	}
	var ids []string
	err := r.Store.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		p, err := find(ctx, db, r.who)
		if err == nil && p != nil {
			ids, err = unreadSessions(ctx, db, p.key)
		}
		return err
	})
	if err != nil {
		return err
	}
	r.step(len(ids), 0)
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(r.Service.MaxInFlight())
	b := &batch{run: r}
	for _, id := range ids {
		group.Go(func() error {
			at := r.Store.clock()
			one, err := r.Service.Session(inner, r.who.User, id)
			switch {
			case asleep.CodeOf(err) == asleep.NotFound: // deleted since it was listed
			case err != nil:
				return err
			default:
				err = b.add(inner, one, at)
			}
			r.step(0, 1)
			return err
		})
	}
	// What was read until an error is kept.
	return errors.Join(group.Wait(), b.flush(context.WithoutCancel(ctx)))
}

// batch keeps sessions several at a time.
type batch struct {
	run *run
	mu  sync.Mutex
	all []*asleep.Session
	at  time.Time // of the oldest
}

const batchSize = 25

func (b *batch) add(ctx context.Context, one *asleep.Session, at time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.all) == 0 || at.Before(b.at) {
		b.at = at
	}
	b.all = append(b.all, one)
	if len(b.all) < batchSize {
		return nil
	}
	return b.write(ctx)
}

func (b *batch) flush(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.write(ctx)
}

func (b *batch) write(ctx context.Context) error {
	if len(b.all) == 0 {
		return nil
	}
	err := b.run.Store.KeepSessions(ctx, b.run.who, b.all, b.at)
	if err == nil {
		b.run.done.Sessions += len(b.all)
		b.all = nil
	}
	return err
}
