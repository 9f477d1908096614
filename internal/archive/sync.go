package archive

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"cloud.google.com/go/civil"
	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Service is what a sync asks; [asleep.Client] is one.
type Service interface {
	NightsOfMany(ctx context.Context, userIDs []string, from, to civil.Date, each func(i int, n *asleep.Nights, err error)) error
	Chunks(ctx context.Context, userID string, from, to civil.Date) ([]*asleep.Chunk, error)
	ListSessions(ctx context.Context, userID string, o asleep.ListOptions) ([]asleep.SessionInfo, error)
	Sessions(ctx context.Context, userID string, o asleep.ListOptions) iter.Seq2[asleep.SessionInfo, error]
	SessionsOf(ctx context.Context, userID string, sessionIDs []string, each func(i int, s *asleep.Session, err error)) error
	births
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
	// NightsOnly leaves out the lists of sessions, and the stages, for which each session
	// is read.
	NightsOnly bool
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
	recheck   = 30 * 24 * time.Hour // after which settled dates are read again
	lookBack  = 30                  // days before today that are read every time
	newest    = 14                  // days before today of the newest nights
	soonAgain = time.Hour           // in which a sync of nights alone that goes on does not read the last days again
	emptyRun  = 4                   // chunks without a session after which there is nothing earlier
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
	return y.Resume(ctx, Who{environment, Asleep, userID})
}

// Resume is [Sync.Run] for somebody whom nobody names now: whoever was forgotten stays so,
// and the error is [ErrForgotten].
func (y Sync) Resume(ctx context.Context, who Who) (Synced, error) {
	r := &run{Sync: y, who: who, today: civil.DateOf(y.Store.clock())}
	err := r.dates(ctx)
	if err == nil && !y.NightsOnly {
		err = r.sessions(ctx)
	}
	if err == nil && !y.NightsOnly {
		err = r.born(ctx)
	}
	return r.done, y.noteGone(ctx, who, err)
}

func (y Sync) noteGone(ctx context.Context, who Who, err error) error {
	if asleep.CodeOf(err) == asleep.NotFound {
		return errors.Join(err, y.Store.Gone(ctx, who))
	}
	return err
}

// Newest reads the nights of somebody since they were last read, and those of two weeks
// before today in any case: one request, unless they were not read for months.
func (y Sync) Newest(ctx context.Context, who Who) error {
	today := civil.DateOf(y.Store.clock())
	from, err := y.since(ctx, who, today)
	if err != nil {
		return err
	}
	at := y.Store.clock()
	var failed error
	err = y.Service.NightsOfMany(ctx, []string{who.User}, from, today, func(_ int, n *asleep.Nights, err error) {
		if failed = err; err == nil {
			failed = y.Store.Keep(ctx, who, Reading{from, today, at, n.Slept, n.NeverSlept})
		}
	})
	return y.noteGone(ctx, who, errors.Join(err, failed))
}

// since returns the date from which nights may be new.
func (y Sync) since(ctx context.Context, who Who, today civil.Date) (from civil.Date, err error) {
	from = today.AddDays(-newest)
	chunk := asleep.ChunkOf(from)
	err = y.Store.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		p, err := find(ctx, db, who)
		if err != nil || p == nil {
			return err
		}
		kept, err := spans(ctx, db, p.key, outcomes, chunk-2, chunk+1)
		var last span
		for _, s := range kept {
			if s.to.After(last.to) {
				last = s
			}
		}
		if last.to.IsValid() { // its last days may not have been settled when it was read
			from = earlier(from, earlier(last.to.AddDays(1), civil.DateOf(last.at.Add(-settledAfter)).AddDays(-1)))
		}
		return err
	})
	return from, err
}

// born reads the date of birth. A service that does not tell it is no error.
func (r *run) born(ctx context.Context) error {
	at := r.Store.clock()
	born, err := r.Service.Born(ctx, r.who.User)
	if err != nil {
		return ctx.Err()
	}
	return r.Store.KeepBorn(ctx, r.who, born, at)
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

// backwards reads chunks until several in a row are empty; the history begins after them.
func (r *run) backwards(ctx context.Context) error {
	empty, first := 0, r.today
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
			first, _ = asleep.ChunkDates(n)
		}
	}
	return r.Store.begins(ctx, r.who, first)
}

// lists is where spans has the lists, behind the outcomes.
const lists = 1

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
	if r.Again {
		return true
	}
	if !to.Before(r.today.AddDays(-lookBack)) {
		s, ok := kept[0][n]
		age := r.Store.clock().Sub(s.at)
		return !r.NightsOnly || !ok || !s.covers(dates{from, earlier(to, r.today)}) || age < 0 || age > soonAgain
	}
	for i, of := range kept {
		if i == lists && r.NightsOnly {
			continue
		}
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
	l, err := r.list(ctx, from, to)
	if err != nil {
		return nil, err
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
		err = r.Store.Keep(ctx, r.who, Reading{from, earlier(to, civil.DateOf(chunk.ReadAt.UTC())), chunk.ReadAt, chunk.Slept, chunk.NeverSlept})
		if !r.NightsOnly {
			err = errors.Join(err, r.Store.KeepList(ctx, r.who, l))
		}
		r.mu.Lock()
		r.done.Dates++
		r.mu.Unlock()
		return chunk, err
	}
	return nil, &asleep.Error{Code: asleep.BadResponse, Err: errors.New("the service gave no chunk of the dates")}
}

// list reads the list of sessions of some dates, unless only nights are read.
func (r *run) list(ctx context.Context, from, to civil.Date) (Listing, error) {
	l := Listing{From: from, To: to, At: r.Store.clock()}
	if r.NightsOnly {
		return l, nil
	}
	for one, err := range r.Service.Sessions(ctx, r.who.User, asleep.ListOptions{From: from, To: to, Ascending: true}) {
		if asleep.CodeOf(err) == asleep.NotFound {
			break
		}
		if err != nil {
			return l, err
		}
		l.Sessions = append(l.Sessions, one)
	}
	return l, nil
}

// sessions reads what is not settled of each session.
func (r *run) sessions(ctx context.Context) error {
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
	at := r.Store.clock()
	reading, stop := context.WithCancel(ctx)
	defer stop()
	read, kept := make(chan *asleep.Session, batchSize), make(chan error, 1)
	go func() { // while some are written others are read
		err := r.keep(context.WithoutCancel(ctx), read, at)
		if err != nil {
			stop()
		}
		for range read { // nobody waits for a writer that has failed
		}
		kept <- err
	}()
	var failed atomic.Pointer[error]
	err = r.Service.SessionsOf(reading, r.who.User, ids, func(_ int, one *asleep.Session, err error) {
		switch {
		case err == nil:
			read <- one
		case asleep.CodeOf(err) != asleep.NotFound: // which was deleted since it was listed
			failed.CompareAndSwap(nil, &err)
			return
		}
		r.step(0, 1)
	})
	close(read)
	if first := failed.Load(); first != nil {
		err = *first
	}
	return cmp.Or(<-kept, err)
}

const batchSize = 25

// keep keeps sessions several at a time, as long as some are read, as of a time before they were asked for.
// What was read until an error of the service is kept.
func (r *run) keep(ctx context.Context, read <-chan *asleep.Session, at time.Time) error {
	var all []*asleep.Session
	write := func() error {
		if len(all) == 0 {
			return nil
		}
		err := r.Store.KeepSessions(ctx, r.who, all, at)
		if err == nil {
			r.done.Sessions += len(all)
		}
		all = all[:0]
		return err
	}
	for one := range read {
		if all = append(all, one); len(all) == batchSize {
			if err := write(); err != nil {
				return err
			}
		}
	}
	return write()
}
