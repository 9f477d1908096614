package archive

import (
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// recentDays is how far [nights.Source.RecentSessions] goes back.
const recentDays = 2

// RecentSessions implements [nights.Source]. When the service is away it returns what is
// known: that it is away is told beside the chunks.
func (s *Source) RecentSessions(ctx context.Context, userID string) ([]asleep.SessionInfo, error) {
	today := civil.DateOf(s.Now().UTC())
	d := dates{today.AddDays(-recentDays), today}
	return s.list(ctx, userID, d, func(ctx context.Context) ([]asleep.SessionInfo, error) {
		return s.Live.RecentSessions(ctx, userID)
	})
}

// ListSessions implements [nights.Source].
func (s *Source) ListSessions(ctx context.Context, userID string, o asleep.ListOptions) ([]asleep.SessionInfo, error) {
	live := func(ctx context.Context) ([]asleep.SessionInfo, error) { return s.Live.ListSessions(ctx, userID, o) }
	if o != (asleep.ListOptions{From: o.From, To: o.To}) || o.From.IsZero() || o.To.IsZero() {
		if s.Live == nil {
			return nil, s.noService()
		}
		return live(ctx)
	}
	return s.list(ctx, userID, dates{o.From, o.To}, live)
}

// list returns the list of some dates, newest first, from the archive or else from the
// service.
func (s *Source) list(ctx context.Context, userID string, d dates, live func(context.Context) ([]asleep.SessionInfo, error)) ([]asleep.SessionInfo, error) {
	k := s.look(ctx, userID, listed, d)
	here := k.person != nil && k.gone.IsZero()
	fresh := here
	for _, n := range s.needed(d) {
		have, ok := k.nights[n.chunk]
		fresh = fresh && (ok && s.usable(k.person, have, n.dates) || s.before(k, n.dates))
	}
	if fresh {
		if all, err := s.kept(ctx, k, d); err == nil {
			return all, nil
		}
	}
	err := s.resting(userID)
	if err == nil {
		var all []asleep.SessionInfo
		at := s.Now()
		if all, err = live(ctx); err == nil {
			s.keepList(ctx, userID, Listing{d.from, earlier(d.to, civil.DateOf(at.UTC())), at, all})
		}
		s.heard(userID, err)
		if !away(err) {
			return all, err
		}
	}
	if !here {
		return nil, err
	}
	all, fault := s.kept(ctx, k, d)
	if fault != nil {
		return nil, err
	}
	return all, nil
}

// kept returns the list of some dates as it is kept.
func (s *Source) kept(ctx context.Context, k known, d dates) (all []asleep.SessionInfo, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
		all, err = listedOn(ctx, db, k.key, d)
		return err
	})
	return all, err
}

// fullPage is how many sessions a page has that may not be the last.
const fullPage = 100

func (s *Source) keepList(ctx context.Context, userID string, l Listing) {
	if len(l.Sessions) >= fullPage || l.To.Before(l.From) {
		return
	}
	s.keeping(ctx, userID, func(ctx context.Context, who Who) error { return s.store.KeepList(ctx, who, l) })
}

// Session implements [nights.Source].
func (s *Source) Session(ctx context.Context, userID, sessionID string) (*asleep.Session, error) {
	if err := asleep.CheckUserID(userID); err != nil {
		return nil, err
	}
	day := civil.DateOf(s.Now().UTC())
	k := s.look(ctx, userID, listed, dates{day, day})
	var session *asleep.Session
	if k.person != nil && k.gone.IsZero() {
		var row recording
		err := s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
			session, row, err = keptSession(ctx, db, k.key, sessionID)
			return err
		})
		if err != nil {
			session = nil
		}
		if session != nil && s.usableSession(k.person, row) {
			return session, nil
		}
	}
	if err := s.resting(userID); err != nil && (session != nil || s.Live == nil) {
		return orKept(session, err)
	}
	got, err := s.ask(ctx, "session "+sessionID+" "+userID, session != nil, func(ctx context.Context) (any, error) {
		at := s.Now()
		one, err := s.Live.Session(ctx, userID, sessionID)
		s.heard(userID, err)
		if err == nil {
			s.keeping(ctx, userID, func(ctx context.Context, who Who) error { return s.store.KeepSession(ctx, who, one, at) })
		}
		return one, err
	})
	if err != nil {
		if away(err) {
			return orKept(session, err)
		}
		return nil, err
	}
	return got.(*asleep.Session), nil
}

// orKept returns a session that is kept, or else why there is none.
func orKept(session *asleep.Session, why error) (*asleep.Session, error) {
	if session == nil {
		return nil, why
	}
	return session, nil
}

func (s *Source) usableSession(p *person, row recording) bool {
	if !p.due.IsZero() && !row.at.After(p.due) {
		return false
	}
	age := s.Now().Sub(row.at)
	return age >= -freshFor && (row.settled || age < s.Fresh)
}

// AverageStats implements [nights.Source]; they are not kept.
func (s *Source) AverageStats(ctx context.Context, userID string, from, to civil.Date, timezone string) (*asleep.AverageStats, error) {
	if s.Live == nil {
		return nil, s.noService()
	}
	return s.Live.AverageStats(ctx, userID, from, to, timezone)
}

// NightsOfMany implements [nights.Source]: who can be answered from the archive is, the
// others are read. An answer may come with a [*nights.Offline].
func (s *Source) NightsOfMany(ctx context.Context, userIDs []string, from, to civil.Date, each func(i int, n *asleep.Nights, err error)) error {
	var rest []int
	for i, id := range userIDs {
		if n, ok := s.nightsKept(ctx, id, from, to); ok {
			each(i, n, nil)
			continue
		}
		rest = append(rest, i)
	}
	if len(rest) == 0 {
		return ctx.Err()
	}
	if s.Live == nil {
		for _, i := range rest {
			n, err := s.nightsOffline(ctx, userIDs[i], from, to, s.noService())
			each(i, n, err)
		}
		return nil
	}
	ids := make([]string, len(rest))
	for j, i := range rest {
		ids[j] = userIDs[i]
	}
	at := s.Now()
	return s.Live.NightsOfMany(ctx, ids, from, to, func(j int, n *asleep.Nights, err error) {
		if err == nil {
			s.keepRange(ctx, ids[j], from, to, at, n)
		} else if away(err) {
			n, err = s.nightsOffline(ctx, ids[j], from, to, err)
		}
		each(rest[j], n, err)
	})
}

// keepRange keeps the nights of some dates that were read for a question about many.
func (s *Source) keepRange(ctx context.Context, userID string, from, to civil.Date, at time.Time, n *asleep.Nights) {
	to = earlier(to, civil.DateOf(at.UTC()))
	if to.Before(from) {
		return
	}
	s.keeping(ctx, userID, func(ctx context.Context, who Who) error {
		return s.store.Keep(ctx, who, Reading{from, to, at, n.Slept, n.NeverSlept})
	})
}

// nightsKept returns the nights of some dates if nothing has to be asked for them.
func (s *Source) nightsKept(ctx context.Context, userID string, from, to civil.Date) (*asleep.Nights, bool) {
	d := dates{from, to}
	k := s.look(ctx, userID, outcomes, d)
	if k.person == nil || !k.gone.IsZero() {
		return nil, false
	}
	var chunks []*asleep.Chunk
	for _, n := range s.needed(d) {
		have, ok := k.nights[n.chunk]
		if usable := ok && s.usable(k.person, have, n.dates); !usable && !s.before(k, n.dates) {
			return nil, false
		}
		c, err := s.chunk(ctx, k, n.chunk)
		if err != nil {
			return nil, false
		}
		chunks = append(chunks, c)
	}
	return asleep.MergeChunks(chunks, from, to, s.Now()), true
}

// nightsOffline returns what is known of somebody whom the service cannot be asked about.
func (s *Source) nightsOffline(ctx context.Context, userID string, from, to civil.Date, why error) (*asleep.Nights, error) {
	d := dates{from, to}
	k := s.look(ctx, userID, outcomes, d)
	if k.person == nil || !k.gone.IsZero() {
		return nil, why
	}
	need := s.needed(d)
	chunks, err := s.offline(ctx, k, need, make([]*asleep.Chunk, len(need)), why)
	if chunks == nil {
		return nil, err
	}
	return asleep.MergeChunks(slices.Clone(chunks), from, to, s.Now()), err
}
