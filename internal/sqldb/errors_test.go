package sqldb

import (
	"testing"

	"github.com/stretchr/testify/assert"
	sqlite3 "modernc.org/sqlite/lib"
)

// When no room is left, the index of the log cannot be made, and reading fails too.
func TestSQLiteFullForReaders(t *testing.T) {
	t.Parallel()
	assert.Equal(t, Full, sqliteKind(sqlite3.SQLITE_IOERR_SHMSIZE))
	assert.Equal(t, Broken, sqliteKind(sqlite3.SQLITE_IOERR_READ))
}
