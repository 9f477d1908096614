package tool

import (
	"strings"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Code is the kind of a [Failure], a constant word for logs, metrics and REST. Codes of
// the Asleep service are those of [asleep.Code]; codes of the database have a word for
// each [directory.Kind], see [Code.OfDatabase].
type Code string

// This program's own codes.
const (
	InvalidArgument Code = "invalid_argument" // the caller can fix it by asking differently
	NotFound        Code = "not_found"        // an organization, a member or a login's user does not exist; also used by the service
	Forbidden       Code = "forbidden"        // the caller may not see or do that; also used by the service
	TimedOut        Code = "timeout"          // the call's time is over
	Cancelled       Code = "cancelled"        // the caller left
	Internal        Code = "internal"         // a bug in this program; the log has its cause
	Panicked        Code = "panic"            // a panic in this program; the log says where

	NoKey           Code = "no_key"           // no key of Asleep is set
	NoDirectory     Code = "no_directory"     // no database is set, and the question needs one
	NoDiary         Code = "no_diary"         // nothing may be kept, so nothing can be written
	DatabaseSetting Code = "database_setting" // the setting is no database this program can use
)

// The codes of tools that change something, most of them in two systems.
const (
	NotConfirmed   Code = "not_confirmed"   // the person has not agreed
	Exists         Code = "exists"          // what was to be made exists already, or is somebody else's
	Pending        Code = "pending"         // an earlier attempt holds the e-mail, or this one could not release it
	NotAdded       Code = "not_added"       // no member was made, and nothing is left over
	Orphaned       Code = "orphaned"        // no member was made, but the user created for them could not be removed
	Unfinished     Code = "unfinished"      // half of it is done: calling again finishes it
	OutcomeUnknown Code = "outcome_unknown" // the service was asked, and it is not known what it did
)

// AllCodes returns the codes above, for code that answers in another form than text.
func AllCodes() []Code {
	return []Code{
		InvalidArgument, NotFound, Forbidden, TimedOut, Cancelled, Internal, Panicked, NoKey, NoDirectory, NoDiary, DatabaseSetting,
		NotConfirmed, Exists, Pending, NotAdded, Orphaned, Unfinished, OutcomeUnknown,
	}
}

const ofDatabase = "database_"

func databaseCode(kind directory.Kind) Code { return ofDatabase + Code(kind) }

// OfDatabase reports whether the code means that the database cannot be used.
func (c Code) OfDatabase() bool { return strings.HasPrefix(string(c), ofDatabase) }

// CodeOfRead returns the kind of an error of reading nights: the Asleep service's, or
// [TimedOut] if the call ended before the service answered.
func CodeOfRead(err error) Code {
	if code := asleep.CodeOf(err); code != "" {
		return Code(code)
	}
	return TimedOut
}
