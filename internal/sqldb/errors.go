package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Invalid is an argument that cannot be accepted; it says what would be.
type Invalid struct {
	Field   string // such as "email"
	Problem string // such as "must be one e-mail address without a name"
}

func (e *Invalid) Error() string { return e.Field + " " + e.Problem }

// Kind is the reason why a database cannot be used.
type Kind string

// The kinds.
const (
	Locked       Kind = "locked"         // another program holds it; trying again may help
	Full         Kind = "full"           // no room
	Unreachable  Kind = "unreachable"    // no answer, or not in time
	Refused      Kind = "refused"        // the server answers, but login, database or permissions are wrong
	NewerVersion Kind = "newer_version"  // written by a newer version of this program
	NotADatabase Kind = "not_a_database" // the path leads to something else
	ReadOnly     Kind = "read_only"      // it, or its folder, is not writable
	Moved        Kind = "moved"          // the file was moved, replaced or deleted since it was opened
	Broken       Kind = "broken"         // damaged, or an error this package does not know
)

// AllKinds returns the kinds.
func AllKinds() []Kind { return slices.Sorted(maps.Keys(kindTexts)) }

var kindTexts = map[Kind]string{
	Locked:       "the database is locked: another program is using it",
	Full:         "the database is full: there is no room left to write",
	Unreachable:  "the database cannot be reached, or does not answer in time",
	Refused:      "the database server refuses: check login, database name and rights",
	NewerVersion: "the database was written by a newer version of this program: use that one",
	NotADatabase: "what the path leads to is not a database of this program",
	ReadOnly:     "the database, or its folder, cannot be written",
	Moved:        "the database is no longer the file that was opened: it was moved, replaced or deleted",
	Broken:       "the database failed",
}

// Unavailable means that the database cannot be used now. When a context's deadline
// ended the wait, it is also [context.DeadlineExceeded].
type Unavailable struct {
	Kind  Kind
	Code  string // the database's own: "SQLITE 5", "SQLSTATE 53100", or ""
	cause error
}

func (e *Unavailable) Error() string {
	if e.Code == "" {
		return kindTexts[e.Kind]
	}
	return fmt.Sprintf("%s (%s)", kindTexts[e.Kind], e.Code)
}

// Unwrap returns [context.DeadlineExceeded] or nil, never a driver's error, which may
// hold names and addresses.
func (e *Unavailable) Unwrap() error { return e.cause }

// classify turns a driver's error into one of this package. slow is the kind of an
// operation that did not end in time.
func classify(err error, slow Kind) error {
	if err == nil || isOwn(err) {
		return err
	}
	if kind, code := codeOf(err); kind != "" {
		return &Unavailable{Kind: kind, Code: code}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return &Unavailable{Kind: slow, cause: context.DeadlineExceeded}
	case isGone(err):
		return &Unavailable{Kind: Unreachable}
	}
	return &Unavailable{Kind: fileKind(err)}
}

func isOwn(err error) bool {
	_, unavailable := errors.AsType[*Unavailable](err)
	_, invalid := errors.AsType[*Invalid](err)
	return unavailable || invalid
}

// codeOf reads the database's own code; "" when it is of no use.
func codeOf(err error) (kind Kind, code string) {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return sqliteKind(e.Code()), "SQLITE " + strconv.Itoa(e.Code())
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return postgresKind(e.Code), "SQLSTATE " + e.Code
	}
	return "", ""
}

// interrupted reports whether SQLite ended a statement because its context has ended.
func interrupted(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == sqlite3.SQLITE_INTERRUPT
}

func sqliteKind(code int) Kind {
	if code == sqlite3.SQLITE_IOERR_SHMSIZE { // the index of the log, which reading needs too, has no room
		return Full
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return Locked
	case sqlite3.SQLITE_FULL:
		return Full
	case sqlite3.SQLITE_NOTADB:
		return NotADatabase
	// The file existed or was made just before, so only its neighbours, the log and its
	// index, can fail to open.
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return ReadOnly
	case sqlite3.SQLITE_INTERRUPT:
		return ""
	}
	return Broken
}

func postgresKind(code string) Kind {
	switch code {
	case "55P03", "40001", "40P01": // lock not available, serialization, deadlock
		return Locked
	case "53100":
		return Full
	case "25006": // a standby, or read-only by default
		return ReadOnly
	case "3D000", "42501": // no such database, no right
		return Refused
	case "53300", "57P01", "57P02", "57P03", "57P05": // too many clients, going down, coming up, idle too long
		return Unreachable
	case "57014": // cancelled: the context says why
		return ""
	}
	switch {
	case strings.HasPrefix(code, "28"):
		return Refused
	case strings.HasPrefix(code, "08"):
		return Unreachable
	}
	return Broken
}

// isGone reports whether err means that the connection is gone.
func isGone(err error) bool {
	_, network := errors.AsType[*net.OpError](err)
	_, connect := errors.AsType[*pgconn.ConnectError](err)
	return network || connect || errors.Is(err, driver.ErrBadConn) || errors.Is(err, pgconn.ErrConnClosed) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// fileKind classifies an error of the file system, before a database is involved.
func fileKind(err error) Kind {
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return ReadOnly
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return Full
	case errors.Is(err, syscall.EISDIR), errors.Is(err, syscall.ENOTDIR):
		return NotADatabase
	}
	return Broken
}

// ViolatesUnique reports whether a row of the same key is there already.
func ViolatesUnique(err error) bool {
	return hasCode(err, "23505", sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// ViolatesReference reports whether a row that another one names is not there.
func ViolatesReference(err error) bool {
	return hasCode(err, "23503", sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY)
}

func hasCode(err error, postgres string, lite ...int) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == postgres
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		for _, code := range lite {
			if e.Code() == code {
				return true
			}
		}
	}
	return false
}
