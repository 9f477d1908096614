package members

import (
	"context"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Registry changes people in the two systems in which they exist.
type Registry struct {
	// Directory opens the directory when it is first needed, and returns the same one
	// from then on. If it is nil, a user can still be deleted.
	Directory func(context.Context) (*directory.Store, error)
	Asleep    *asleep.Client
	// Joined hears of each user who became a member; nil: nobody does.
	Joined func(ctx context.Context, userID string)
}

// Uninterrupted returns the context of a change that must not stop half-way because its
// caller left. It ends after 25 seconds.
func Uninterrupted(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 25*time.Second)
}

// Outcome is what a change that failed left behind.
type Outcome string

// Outcomes that changed nothing.
const (
	UserLeaving     Outcome = "user_leaving"     // the Asleep user given is marked for deletion
	OtherUser       Outcome = "other_user"       // the e-mail belongs to a member who is another Asleep user
	OtherEmail      Outcome = "other_email"      // the Asleep user is a member under another e-mail
	MemberLeft      Outcome = "member_left"      // they were a member a moment ago and no longer are
	ReservationLost Outcome = "reservation_lost" // somebody else let go of the e-mail
	Undone          Outcome = "undone"           // the Asleep user was created, could not be kept, and was deleted again
)

// Outcomes that leave a change unfinished.
const (
	StillReserved Outcome = "still_reserved" // no user was created, but the e-mail may stay reserved
	Unknown       Outcome = "unknown"        // it is not known whether an Asleep user was created; the e-mail stays reserved
	Unrecorded    Outcome = "unrecorded"     // the Asleep user was created and not recorded; the e-mail stays reserved
	Orphaned      Outcome = "orphaned"       // the Asleep user was created, and could be neither kept nor deleted
	Unconfirmed   Outcome = "unconfirmed"    // the deletion began, and Asleep did not confirm it
	Unforgotten   Outcome = "unforgotten"    // the Asleep user is deleted, and the directory still knows them
)

// Error is a change that failed.
type Error struct {
	Outcome Outcome
	UserID  string // the Asleep user that [OtherUser], [Unrecorded] and [Orphaned] are about
	Err     error  // why; nil if the outcome says it
}

func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Outcome)
	}
	return string(e.Outcome) + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }
