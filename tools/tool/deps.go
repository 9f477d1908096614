package tool

import (
	"context"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// Deps is what handlers work with. It is set before the first call and shared by all
// calls.
type Deps struct {
	Client     *asleep.Client   // nil: no API key is set, and every tool says how to set it
	Now        func() time.Time // the only clock
	Zone       *time.Location   // zone of people whose recordings name none; nil: not set
	BirthYear  int              // of the person asked about; 0: not known
	DataSource string           // "asleep" or "demo"

	// Directory opens the directory of organizations and members when a tool first
	// needs it, and returns the same one from then on; nil: there is none.
	Directory func(context.Context) (*directory.Store, error)

	opened  sync.Once
	library *nights.Library
}

// Nights returns the library of the nights that Client reads.
func (d *Deps) Nights() *nights.Library {
	d.opened.Do(func() {
		d.library = nights.NewLibrary(d.Client, func() time.Time { return d.Now() }, d.Zone)
	})
	return d.library
}
