package directory

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"
)

// OpenLazy is [Open] for a SQLite file that nobody asked for by name, such as the one
// at [DefaultPath]. A file that does not exist is created, with its folder, by the first
// write of this process or another; until then the store is empty.
func OpenLazy(ctx context.Context, path string) (*Store, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &Store{lazily: path, slow: Locked, now: time.Now}
	if _, err := s.opened(ctx, false); err != nil {
		return nil, classify(err, s.slow)
	}
	return s, nil
}

func isMissing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}
