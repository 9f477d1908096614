package nights

import (
	"context"
	"errors"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Source is where recordings come from; [asleep.Client] is one. Its errors are passed
// on as they are.
type Source interface {
	// Chunks returns what is known about the UTC dates from to to, ascending. Equal
	// pointers mean that nothing has changed. The error may be an [*Offline] beside the
	// chunks. With [WithKnown] nothing is read that was read before.
	Chunks(ctx context.Context, userID string, from, to civil.Date) ([]*asleep.Chunk, error)
	// RecentSessions returns the sessions that began in the last two days, newest first,
	// finished or not.
	RecentSessions(ctx context.Context, userID string) ([]asleep.SessionInfo, error)
	// ListSessions returns the sessions that began on the chosen dates, finished or not.
	ListSessions(ctx context.Context, userID string, o asleep.ListOptions) ([]asleep.SessionInfo, error)
	// Session returns one recording with its stages.
	Session(ctx context.Context, userID, sessionID string) (*asleep.Session, error)
	// Newest returns when the newest recording of somebody began, of those that the source can
	// tell of; zero if there is none.
	Newest(ctx context.Context, userID string) (time.Time, error)
	// AverageStats returns the service's own averages.
	AverageStats(ctx context.Context, userID string, from, to civil.Date, timezone string) (*asleep.AverageStats, error)
	// NightsOfMany reads many people concurrently. An error may be an [*Offline] beside
	// the nights.
	NightsOfMany(ctx context.Context, userIDs []string, from, to civil.Date, each func(i int, n *asleep.Nights, err error)) error
}

type knownKey struct{}

// WithKnown returns a context in which a source that knows something of somebody answers
// with that, however old it is: for what new nights make no difference to.
func WithKnown(ctx context.Context) context.Context { return context.WithValue(ctx, knownKey{}, true) }

// KnownSuffices reports whether a context is one of [WithKnown].
func KnownSuffices(ctx context.Context) bool { return ctx.Value(knownKey{}) != nil }

// Offline says that a source should have been asked again and could not be, and what is
// known from before was taken. A source returns it beside its answer, not instead of one.
type Offline struct {
	LastRead time.Time // when the source last answered about this person
	Err      error     // why it does not now
}

func (o *Offline) Error() string { return "known nights only: " + o.Err.Error() }

// Unwrap returns why the source does not answer.
func (o *Offline) Unwrap() error { return o.Err }

// Unread says that imported nights could not be read and are missing from an answer. A
// source returns it beside its answer, joined with an [*Offline] if need be.
type Unread struct{ Err error }

func (u *Unread) Error() string { return "without imported nights: " + u.Err.Error() }

// Unwrap returns why they could not be read.
func (u *Unread) Unwrap() error { return u.Err }

// Age is how old what is known is, and what is missing from it.
type Age struct {
	AsOf    time.Time // when the oldest of it was read
	Offline *Offline  // newer nights may be missing; nil: nothing was due to be read again, or it was
	Unread  *Unread   // imported nights are missing; nil: none are
}

// ageOf separates what a source says beside an answer from errors without one.
func ageOf(err error) (Age, error) {
	var a Age
	a.Offline, _ = errors.AsType[*Offline](err)
	a.Unread, _ = errors.AsType[*Unread](err)
	if a.Offline != nil || a.Unread != nil {
		return a, nil
	}
	return a, err
}
