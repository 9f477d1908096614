package nights

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Imports are the nights of other trackers that were imported. Every session in them has
// an [asleep.Origin].
type Imports interface {
	// Trackers returns the trackers of which there are nights of somebody.
	Trackers(ctx context.Context, userID string) ([]string, error)
	// Imported is [Source.Chunks] of one of them.
	Imported(ctx context.Context, userID, tracker string, from, to civil.Date) ([]*asleep.Chunk, error)
	// Newest is [Source.Newest] of everything, imported or not.
	Newest(ctx context.Context, userID string) (time.Time, error)
	// ImportedSession returns one session with its stages; nil if there is none of that id.
	ImportedSession(ctx context.Context, userID, tracker, sessionID string) (*asleep.Session, error)
}

// Mixed is a [Source] of what the service recorded and of what was imported. Which of
// several sources of one night counts is decided by the history, see [History].
type Mixed struct {
	Live    Source // the service; nil: there is none to ask
	Imports Imports
	Absent  error // what Live returns when there is no service at all; nil: it never does
	// Prefer names trackers, "asleep" among them, the one that goes first first. It decides
	// between sources that measured a night equally well.
	Prefer []string
}

func (m Mixed) preferred() []string { return m.Prefer }

// Chunks returns those of the service and those of every tracker. When the service cannot
// be asked about somebody of whom there are imported nights, these are the answer beside
// an [*Offline]; somebody whom the service does not know has only them. When the imported
// nights cannot be read, an [*Unread] says so.
func (m Mixed) Chunks(ctx context.Context, userID string, from, to civil.Date) ([]*asleep.Chunk, error) {
	imported, known, fault := m.imported(ctx, userID, from, to)
	if m.Live == nil {
		return imported, fault
	}
	all, err := m.Live.Chunks(ctx, userID, from, to)
	if err != nil && !isOffline(err) {
		all = nil
	}
	if err = m.excused(err, imported, known, fault); err != nil && !isOffline(err) {
		return nil, err
	}
	if len(imported) == 0 {
		return all, err
	}
	all = slices.Concat(all, imported)
	slices.SortStableFunc(all, func(a, b *asleep.Chunk) int { return a.From.Compare(b.From) })
	return all, err
}

// excused returns what a failure of the service means for somebody of whom there are
// imported nights, perhaps of other dates: nothing where there is no service or it does not
// know the person, else that it is away. If it is not known whether there are any, because
// of a fault, the answer lacks them; somebody whom the service does not know has none then.
func (m Mixed) excused(err error, imported []*asleep.Chunk, known bool, fault error) error {
	unknown := asleep.CodeOf(err) == asleep.NotFound || m.Absent != nil && errors.Is(err, m.Absent)
	switch {
	case fault != nil && unknown:
		return fault
	case fault != nil && (err == nil || isOffline(err)):
		return errors.Join(err, &Unread{fault})
	case err == nil || !known || isOffline(err):
		return err
	case unknown:
		return nil
	case len(imported) == 0:
		return err
	}
	newest := slices.MaxFunc(imported, func(a, b *asleep.Chunk) int { return a.ReadAt.Compare(b.ReadAt) })
	return &Offline{LastRead: newest.ReadAt, Err: err}
}

// isOffline reports whether an error comes beside an answer.
func isOffline(err error) bool {
	_, without := ageOf(err)
	return err != nil && without == nil
}

// imported returns the imported nights of somebody, and whether there are any of whatever
// dates.
func (m Mixed) imported(ctx context.Context, userID string, from, to civil.Date) (all []*asleep.Chunk, known bool, err error) {
	trackers, err := m.Imports.Trackers(ctx, userID)
	if err != nil {
		return nil, false, err
	}
	for _, tracker := range trackers {
		chunks, err := m.Imports.Imported(ctx, userID, tracker, from, to)
		if err != nil {
			return nil, false, err
		}
		all = append(all, chunks...)
	}
	return all, len(trackers) > 0, nil
}

// RecentSessions returns those of the service: an import knows of nothing unfinished.
func (m Mixed) RecentSessions(ctx context.Context, userID string) ([]asleep.SessionInfo, error) {
	if m.Live == nil {
		return nil, nil
	}
	return m.known(ctx, userID, func() ([]asleep.SessionInfo, error) { return m.Live.RecentSessions(ctx, userID) })
}

// ListSessions returns those of the service.
func (m Mixed) ListSessions(ctx context.Context, userID string, o asleep.ListOptions) ([]asleep.SessionInfo, error) {
	if m.Live == nil {
		return nil, nil
	}
	return m.known(ctx, userID, func() ([]asleep.SessionInfo, error) { return m.Live.ListSessions(ctx, userID, o) })
}

// known is a list of the service, empty where it cannot be asked about somebody of whom
// there are imported nights.
func (m Mixed) known(ctx context.Context, userID string, list func() ([]asleep.SessionInfo, error)) ([]asleep.SessionInfo, error) {
	found, err := list()
	if err == nil {
		return found, nil
	}
	if trackers, fault := m.Imports.Trackers(ctx, userID); fault != nil || len(trackers) == 0 {
		return nil, err
	}
	return nil, nil
}

// Session returns an imported one, or else one of the service.
func (m Mixed) Session(ctx context.Context, userID, sessionID string) (*asleep.Session, error) {
	trackers, err := m.Imports.Trackers(ctx, userID)
	for _, tracker := range trackers {
		s, fault := m.Imports.ImportedSession(ctx, userID, tracker, sessionID)
		if s != nil {
			return s, nil
		}
		err = cmp.Or(err, fault)
	}
	session, absent := (*asleep.Session)(nil), error(&asleep.Error{Code: asleep.NotFound})
	if m.Live != nil {
		session, absent = m.Live.Session(ctx, userID, sessionID)
	}
	if err != nil && asleep.CodeOf(absent) == asleep.NotFound {
		return nil, err
	}
	return session, absent
}

// Newest returns when the newest recording of somebody began, imported or not.
func (m Mixed) Newest(ctx context.Context, userID string) (time.Time, error) {
	return m.Imports.Newest(ctx, userID)
}

// AverageStats returns those of the service.
func (m Mixed) AverageStats(ctx context.Context, userID string, from, to civil.Date, timezone string) (*asleep.AverageStats, error) {
	if m.Live == nil {
		return nil, &asleep.Error{Code: asleep.NotFound}
	}
	return m.Live.AverageStats(ctx, userID, from, to, timezone)
}

// NightsOfMany reads many people, each with what was imported of them.
func (m Mixed) NightsOfMany(ctx context.Context, userIDs []string, from, to civil.Date, each func(i int, n *asleep.Nights, err error)) error {
	with := func(i int, n *asleep.Nights, err error) {
		imported, known, fault := m.imported(ctx, userIDs[i], from, to)
		if err != nil && !isOffline(err) {
			n = nil
		}
		if m.Live == nil && fault != nil {
			each(i, nil, fault)
			return
		}
		if err = m.excused(err, imported, known, fault); err != nil && !isOffline(err) || len(imported) == 0 && n != nil {
			each(i, n, err)
			return
		}
		each(i, joined(n, imported, from, to), err)
	}
	if m.Live != nil {
		return m.Live.NightsOfMany(ctx, userIDs, from, to, with)
	}
	for i := range userIDs {
		with(i, nil, nil)
	}
	return ctx.Err()
}

// joined adds imported nights to those of the service, of which there may be none.
func joined(n *asleep.Nights, imported []*asleep.Chunk, from, to civil.Date) *asleep.Nights {
	chunks, asOf := slices.Clone(imported), time.Time{}
	if n != nil {
		chunks = append(chunks, &asleep.Chunk{From: from, To: to, ReadAt: n.AsOf, Slept: n.Slept, NeverSlept: n.NeverSlept})
	}
	if len(chunks) > 0 {
		asOf = chunks[0].ReadAt
	}
	return asleep.MergeChunks(chunks, from, to, asOf)
}
