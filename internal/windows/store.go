package windows

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

//go:embed migrations
var migrations embed.FS

// plan is what is added to the database of an archive.
func plan() sqldb.Plan {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // the name is valid
	}
	upon := archive.Plan()
	return sqldb.Plan{
		Migrations: files, Versions: "asleep_mcp_windows_versions", Lock: 0x77696e646f7773,
		Pragmas: upon.Pragmas, Own: upon.Own, Upon: &upon,
	}
}

// Options say whose nights are reduced, and how.
type Options struct {
	Key    string           // the API key, which says whose environment it is; "": the one read last
	Home   *time.Location   // of people of whom no recording names a zone; nil: UTC
	Prefer []string         // trackers, see [nights.Mixed]
	Now    func() time.Time // the one clock
	// Zones returns the zones in which groups are asked about, beside Home; nil: there is
	// none.
	Zones func(context.Context) ([]*time.Location, error)
}

// Store has the rows of the people of an archive. It is safe for concurrent use.
type Store struct {
	Options
	archive *archive.Store
	db      *sqldb.DB

	mu    sync.Mutex
	zones []*time.Location // as they were at asked, and Home
	asked time.Time
}

// zonesFor is for how long zones are not asked for again.
const zonesFor = time.Minute

// places returns the zones in which groups are asked about.
func (s *Store) places(ctx context.Context) ([]*time.Location, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Zones == nil {
		return []*time.Location{s.Home}, nil
	}
	if s.zones != nil && s.Now().Sub(s.asked).Abs() < zonesFor {
		return s.zones, nil
	}
	more, err := s.Zones(ctx)
	if err != nil {
		return nil, err
	}
	s.zones, s.asked = append([]*time.Location{s.Home}, more...), s.Now()
	return s.zones, nil
}

// Lazy returns the rows in the database of an archive, which dsn names, too. The first call
// opens it, and the first write makes it; until then there are none.
func Lazy(dsn string, a *archive.Store, o Options) *Store {
	if o.Home == nil {
		o.Home = time.UTC
	}
	return &Store{Options: o, archive: a, db: sqldb.Lazy(dsn, plan())}
}

// Close closes the rows, and not the archive. Calls after it fail.
func (s *Store) Close() error { return s.db.Close() }

// reading runs f; without a database it returns nil.
func (s *Store) reading(ctx context.Context, f func(context.Context, sqldb.Rows) error) error {
	return s.db.Read(ctx, nil, f)
}

// make makes the tables.
func (s *Store) make(ctx context.Context) error {
	return s.db.Write(ctx, func(context.Context, *sql.Tx) error { return nil })
}
