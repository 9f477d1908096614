package postgrestest

import (
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

var (
	shared   = sync.OnceValues(New)
	isShared atomic.Bool
)

// Shared returns the server that the tests of a package share, which must not stop it. It
// ends with [Tests].
func Shared(t testing.TB) *Server {
	t.Helper()
	isShared.Store(true)
	s, err := shared()
	Need(t, err)
	return s
}

// Tests are the tests of a package that use [Shared] or [Both]. Its TestMain runs them.
type Tests struct{ *testing.M }

// Run runs them, and ends the server.
func (m Tests) Run() int {
	defer func() {
		if !isShared.Load() {
			return
		}
		if s, err := shared(); err == nil {
			s.Close()
		}
	}()
	return m.M.Run()
}

// Both runs a test on an empty database of SQLite, which is to be a file at dsn, and on one
// of PostgreSQL, side by side if the test is parallel itself.
func Both(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	Each(t, func(t *testing.T, empty func(*testing.T) string) { test(t, empty(t)) })
}

// Each is [Both] of a test that takes as many empty databases as it likes.
func Each(t *testing.T, test func(t *testing.T, empty func(*testing.T) string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, func(t *testing.T) string { return filepath.Join(t.TempDir(), "test.db") })
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, func(t *testing.T) string { return Shared(t).Empty(t) })
	})
}
