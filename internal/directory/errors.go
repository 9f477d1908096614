package directory

import (
	"errors"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

var (
	// ErrNotFound means that what was named does not exist.
	ErrNotFound = errors.New("not found")
	// ErrExists means that what was to be made exists already.
	ErrExists = errors.New("exists already")
	// ErrPending is what a [*PendingError] unwraps to.
	ErrPending = errors.New("an earlier attempt has not finished")
	// ErrOverlap means that figures about some of the nights were released already.
	ErrOverlap = errors.New("nights were released already")
)

// PendingError means that an e-mail is held by a reservation, or by a member whose
// deletion has begun. It unwraps to [ErrPending].
type PendingError struct {
	Since time.Time // when that began
}

func (*PendingError) Error() string { return ErrPending.Error() }

// Unwrap returns [ErrPending].
func (*PendingError) Unwrap() error { return ErrPending }

// Invalid is an argument that cannot be accepted; it says what would be.
type Invalid = sqldb.Invalid

// Unavailable is a database that cannot be used.
type Unavailable = sqldb.Unavailable

// Kind is the reason why a database cannot be used.
type Kind = sqldb.Kind

// The kinds.
const (
	Locked       = sqldb.Locked
	Full         = sqldb.Full
	Unreachable  = sqldb.Unreachable
	Refused      = sqldb.Refused
	NewerVersion = sqldb.NewerVersion
	NotADatabase = sqldb.NotADatabase
	ReadOnly     = sqldb.ReadOnly
	Moved        = sqldb.Moved
	Broken       = sqldb.Broken
)

// AllKinds returns the kinds.
func AllKinds() []Kind { return sqldb.AllKinds() }
