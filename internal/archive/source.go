package archive

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"cloud.google.com/go/civil"
	"golang.org/x/sync/singleflight"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Options say how a [Source] answers.
type Options struct {
	Live  nights.Source    // the service; nil: there is none to ask
	Key   string           // the API key, which says whose environment it is; "": none
	Keep  bool             // what is read live is kept
	Alone bool             // nothing is asked for; dates that were never read are empty
	Fresh time.Duration    // for how long unsettled nights are not asked for again; 0: a minute
	Now   func() time.Time // the one clock
	// Failed hears of faults of the database, after which the service is asked for a while
	// as if nothing were kept; nil: nobody does.
	Failed func(error)
}

// Source answers from an archive first. It is a [nights.Source]: with one, questions about
// settled nights cost no request, and what the service cannot be asked about is answered
// from what is known, beside a [*nights.Offline].
type Source struct {
	Options
	store   *Store
	flights singleflight.Group

	mu     sync.Mutex
	chunks map[chunkKey]kept  // of the people who were asked about last
	broken failure            // of the database, the last
	failed map[string]failure // by user; "" is everybody
}

// chunkKey names a chunk of somebody.
type chunkKey struct {
	who Who
	n   int
}

// kept is a chunk as it was when its span was that.
type kept struct {
	span
	chunk *asleep.Chunk
}

// failure is a refusal, after which the service or the database is left alone for a while.
type failure struct {
	at  time.Time
	err error
}

// recent returns the failure's error while it counts.
func (f failure) recent(now time.Time) error {
	if f.err == nil || now.Sub(f.at).Abs() >= leaveAlone {
		return nil
	}
	return f.err
}

const (
	freshFor   = time.Minute
	mostChunks = 4096             // in memory, about a hundred kilobytes each at most
	leaveAlone = 10 * time.Second // after a failure
	askFor     = 10 * time.Second // how long the service may take when there is another answer
)

// NewSource returns a source that answers from an archive and from o.Live.
func NewSource(s *Store, o Options) *Source {
	if o.Fresh == 0 {
		o.Fresh = freshFor
	}
	if o.Failed == nil {
		o.Failed = func(error) {}
	}
	return &Source{Options: o, store: s, chunks: map[chunkKey]kept{}, failed: map[string]failure{}}
}

// ErrNoKey is why nothing can be read where there is no service to ask.
var ErrNoKey = errors.New("no API key is set")

var errNoService = &asleep.Error{Code: asleep.Unavailable, Err: ErrNoKey}

// Store returns what the source answers from.
func (s *Source) Store() *Store { return s.store }

// who returns somebody as the environment of the key knows them.
func (s *Source) who(ctx context.Context, userID string) (Who, error) {
	who := Who{Tracker: Asleep, User: userID}
	err := s.isBroken()
	if err == nil {
		who.Environment, err = s.store.Environment(ctx, s.Key)
	}
	return who, err
}

// known is what is kept of somebody.
type known struct {
	Who
	*person // nil: nothing
	nights  map[int]span
	first   int // chunk of the dates asked for
	last    int
}

// look reads what is known about some dates of somebody. After a fault nothing is.
func (s *Source) look(ctx context.Context, userID string, what string, d dates) known {
	k := known{first: asleep.ChunkOf(d.from), last: asleep.ChunkOf(d.to)}
	var err error
	if k.Who, err = s.who(ctx, userID); err == nil {
		err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
			if k.person, err = find(ctx, db, k.Who); err == nil && k.person != nil {
				k.nights, err = spans(ctx, db, k.key, what, k.first, k.last)
			}
			return err
		})
	}
	if err != nil {
		s.fault(ctx, err)
		k.person, k.nights = nil, nil
	}
	return k
}

// reading reads from the archive, unless it has just failed.
func (s *Source) reading(ctx context.Context, f func(context.Context, sqldb.Rows) error) error {
	err := s.isBroken()
	if err == nil {
		err = s.store.reading(ctx, f)
		s.fault(ctx, err)
	}
	return err
}

// keeping keeps something of somebody that was just read, if it is told to. A failure is
// not the question's.
func (s *Source) keeping(ctx context.Context, userID string, f func(context.Context, Who) error) {
	if !s.Keep || s.isBroken() != nil {
		return
	}
	err := s.store.make(ctx)
	if err == nil {
		var who Who
		if who, err = s.who(ctx, userID); err == nil {
			err = f(ctx, who)
		}
	}
	if !errors.Is(err, ErrForgotten) {
		s.fault(ctx, err)
	}
}

// fault tells of a fault of the database, unless it is the caller who left. For a while
// nothing is looked for in it, so that not every question waits for it.
func (s *Source) fault(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	s.mu.Lock()
	again := s.broken.recent(s.Now()) != nil
	if !again {
		s.broken = failure{s.Now(), err}
	}
	s.mu.Unlock()
	if !again {
		s.Failed(err)
	}
}

// isBroken returns why the archive is not used at the moment; nil: it is.
func (s *Source) isBroken() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.broken.recent(s.Now())
}

// newest returns when any of the dates asked for were last read; when the person was
// first kept, if none was.
func (k known) newest() time.Time {
	at := k.since
	for _, one := range k.nights {
		if one.at.After(at) {
			at = one.at
		}
	}
	return at
}

// usable reports whether a reading of some dates, all in one chunk, can be used without
// asking again.
func (s *Source) usable(p *person, have span, need dates) bool {
	now := s.Now()
	if !have.covers(need) || !p.due.IsZero() && !have.at.After(p.due) {
		return false
	}
	age := now.Sub(have.at)
	if age < -freshFor { // by a clock that was wrong
		return false
	}
	return age < s.Fresh || have.settled(need.to)
}

// needed cuts dates that begin today or earlier into chunks.
func (s *Source) needed(d dates) []span {
	d.to = earlier(d.to, civil.DateOf(s.Now().UTC()))
	return perChunk(d, time.Time{})
}

// resting returns the service's last refusal while it is left alone; nil otherwise.
func (s *Source) resting(userID string) error {
	if s.Live == nil {
		return s.noService()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, of := range []string{"", userID} {
		if err := s.failed[of].recent(s.Now()); err != nil {
			return err
		}
	}
	return nil
}

// noService returns why nothing is known where there is no service to ask.
func (s *Source) noService() error {
	return cmp.Or(s.isBroken(), error(errNoService))
}

// heard notes how the service answered.
func (s *Source) heard(userID string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !away(err) {
		delete(s.failed, userID)
		delete(s.failed, "")
		return
	}
	if len(s.failed) > mostChunks {
		clear(s.failed)
	}
	if everybodys(err) {
		userID = ""
	}
	s.failed[userID] = failure{s.Now(), err}
}

// everybodys reports whether the service would refuse everybody likewise.
func everybodys(err error) bool {
	e, ok := errors.AsType[*asleep.Error](err)
	if !ok {
		return false
	}
	return e.Status == 0 || e.Code == asleep.BadKey || e.Code == asleep.PlanExpired || e.Code == asleep.Quota
}

// away reports whether an error leaves open what the service would have said.
func away(err error) bool {
	switch asleep.CodeOf(err) {
	case asleep.BadKey, asleep.PlanExpired, asleep.Quota, asleep.RateLimited, asleep.Forbidden, asleep.Unavailable, asleep.BadResponse:
		return true
	}
	return errors.Is(err, context.DeadlineExceeded)
}

// ask asks the service in the name of all who want the same, for as long as the most
// patient of them could wait. If another answer is at hand, it has less time.
func (s *Source) ask(ctx context.Context, key string, hurry bool, f func(context.Context) (any, error)) (any, error) {
	limit := 25 * time.Second
	if hurry {
		limit = askFor
	}
	result := s.flights.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		return f(ctx)
	})
	select {
	case r := <-result:
		return r.Val, r.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Forget drops what is in memory about a user and has what is kept read again.
func (s *Source) Forget(userID string) {
	ctx, cancel := context.WithTimeout(context.Background(), askFor)
	defer cancel()
	who, err := s.who(ctx, userID)
	if err == nil {
		err = s.store.Due(ctx, who)
	}
	if err != nil {
		s.fault(ctx, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.failed, userID)
}

// ForgetSession removes a session that was deleted.
func (s *Source) ForgetSession(ctx context.Context, userID, sessionID string) error {
	who, err := s.who(ctx, userID)
	if err != nil {
		return err
	}
	return s.store.ForgetSession(ctx, who, sessionID)
}
