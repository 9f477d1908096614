package nights

import (
	"context"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Source is where recordings come from; [asleep.Client] is one. Its errors are passed
// on as they are.
type Source interface {
	// Chunks returns what is known about the UTC dates from to to, ascending. Equal
	// pointers mean that nothing has changed.
	Chunks(ctx context.Context, userID string, from, to civil.Date) ([]*asleep.Chunk, error)
	// RecentSessions returns the sessions that began in the last two days, newest first,
	// finished or not.
	RecentSessions(ctx context.Context, userID string) ([]asleep.SessionInfo, error)
	// ListSessions returns the sessions that began on the chosen dates, finished or not.
	ListSessions(ctx context.Context, userID string, o asleep.ListOptions) ([]asleep.SessionInfo, error)
	// Session returns one recording with its stages.
	Session(ctx context.Context, userID, sessionID string) (*asleep.Session, error)
	// AverageStats returns the service's own averages.
	AverageStats(ctx context.Context, userID string, from, to civil.Date, timezone string) (*asleep.AverageStats, error)
	// NightsOfMany reads many people concurrently.
	NightsOfMany(ctx context.Context, userIDs []string, from, to civil.Date, each func(i int, n *asleep.Nights, err error)) error
}
