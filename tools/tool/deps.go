package tool

import (
	"context"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/jobs"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

// Deps is what handlers work with. It is set before the first call and shared by all.
type Deps struct {
	Client     *asleep.Client   // nil: no API key is set, and every tool that needs it says how to set it
	Source     nights.Source    // where recordings come from; nil: Archive, or else Client
	Jobs       *jobs.Jobs       // what keeps nights fresh; nil: they are read when asked about
	Archive    *archive.Source  // what is kept, in front of Client; nil: nothing is
	Windows    *windows.Store   // rows of the people in Archive; nil: groups are read when asked about
	Now        func() time.Time // the one clock
	Zone       *time.Location   // where people are of whom no recording says it; nil: not set
	BirthYear  int              // of the person asked about; 0: not known
	DataSource string           // of nights that were not imported: "asleep" or "demo"
	Prefer     []string         // trackers, the first goes first where several measured a night equally well

	// Directory opens the directory of organizations and members when a tool first
	// needs it, and returns the same one from then on; nil: there is none.
	Directory func(context.Context) (*directory.Store, error)

	opened  sync.Once
	library *nights.Library
}

// HomeZone is where people and organizations are that name no zone: Zone, or else UTC.
func (d *Deps) HomeZone() *time.Location {
	if d.Zone == nil {
		return time.UTC
	}
	return d.Zone
}

// Nights is the library of what Source, or else Client, reads.
func (d *Deps) Nights() *nights.Library {
	d.opened.Do(func() {
		d.library = nights.NewLibrary(d.source(), func() time.Time { return d.Now() }, d.Zone)
	})
	return d.library
}

func (d *Deps) source() nights.Source {
	switch {
	case d.Source != nil:
		return d.Source
	case d.Archive != nil:
		return nights.Mixed{Live: d.Archive, Imports: d.Archive, Absent: archive.ErrNoKey, Prefer: d.Prefer}
	}
	return d.Client
}

// ForgetSession drops what is kept of a session that was deleted.
func (d *Deps) ForgetSession(ctx context.Context, userID, sessionID string) error {
	if d.Archive == nil {
		return nil
	}
	return d.Archive.ForgetSession(ctx, userID, sessionID)
}

// ReadAgain has what is new about a user read by a job, or else everything when it is next
// asked for.
func (d *Deps) ReadAgain(ctx context.Context, userID string) error {
	if d.Client != nil {
		d.Client.Forget(userID)
	}
	switch {
	case d.Jobs != nil:
		return d.Jobs.Hint(ctx, userID)
	case d.Archive != nil:
		d.Archive.Forget(userID)
	}
	return nil
}

// Joined has the history of a new member read. What cannot be noted now is found later.
func (d *Deps) Joined(ctx context.Context, userID string) {
	if d.Jobs != nil {
		_ = d.Jobs.Joined(ctx, userID)
	}
}
