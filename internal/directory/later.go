package directory

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// OpenLater is [Open] for a SQLite file that nobody asked for by its name, such
// as the one at [DefaultPath]. Where there is none, nothing is written until
// something is kept; then the file is made, with its folder. Until then the store
// is an empty one.
func OpenLater(ctx context.Context, path string) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !isMissing(path) {
		return openSQLite(ctx, path)
	}
	return &Store{unmade: &unmade{path: path}, slow: Locked, now: time.Now}, nil
}

func isMissing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// unmade is a SQLite file that is made when something is first kept.
type unmade struct {
	path string

	mu     sync.Mutex
	made   *Store // nil: there was no file yet
	empty  *Store // answers meanwhile; nil: nobody asked
	closed bool
}

// store is what to ask, or with toKeep what to write to. A file that another
// program made meanwhile is found.
func (u *unmade) store(ctx context.Context, toKeep bool) (_ *Store, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.closed {
		return nil, sql.ErrConnDone
	}
	if u.made != nil {
		return u.made, nil
	}
	if !toKeep && isMissing(u.path) {
		if u.empty == nil {
			u.empty, err = openEmpty(ctx)
		}
		return u.empty, err
	}
	if err := os.MkdirAll(filepath.Dir(u.path), 0o700); err != nil {
		return nil, err
	}
	u.made, err = openSQLite(ctx, u.path)
	return u.made, err
}

// close ends the calls of a store, as [Store.Close] does.
func (u *unmade) close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	var all []error
	for _, s := range []*Store{u.made, u.empty} {
		if s != nil {
			all = append(all, s.Close())
		}
	}
	return errors.Join(all...)
}

// openEmpty opens a database in memory, for reading. The memory is there as long
// as its connection for writing, which nobody uses and nothing therefore closes.
func openEmpty(ctx context.Context) (*Store, error) {
	name := "/" + rand.Text()
	write, err := sqlitePool(name, 1, "vfs", "memdb")
	if err != nil {
		return nil, err
	}
	m, err := sqliteMigrator(write)
	if err == nil {
		err = migrateAlone(ctx, m)
	}
	var read *sql.DB
	if err == nil {
		read, err = sqlitePool(name, readers, "vfs", "memdb", "_pragma", "query_only(1)")
	}
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &Store{read: read, write: write, slow: Locked, now: time.Now}, nil
}
