package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// lazyDirectory holds organizations, members and logins. It is opened when it is first
// needed: questions about one person wait for no database.
type lazyDirectory struct {
	dial   func(context.Context) (*directory.Store, error)
	remove func() // nil: the data stay
	set    bool   // the settings name it

	mu    sync.Mutex
	store *directory.Store
}

// newDirectory returns the one that the settings name, or the demo's own.
func (c config) newDirectory() *lazyDirectory {
	if c.demo {
		return newDemoDirectory()
	}
	return &lazyDirectory{set: c.database != "", dial: func(ctx context.Context) (*directory.Store, error) {
		if c.database != "" {
			return directory.Open(ctx, c.database)
		}
		path, err := c.dataFile()
		if err != nil {
			return nil, err
		}
		return directory.OpenLazy(ctx, path)
	}}
}

// open returns the same store every time; after a failure it tries again.
func (d *lazyDirectory) open(ctx context.Context) (*directory.Store, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.store == nil {
		store, err := d.dial(ctx)
		if err != nil {
			return nil, err
		}
		d.store = store
	}
	return d.store, nil
}

// ready returns nil if the database answers. One that is neither set nor in use is not
// asked, as that would make it.
func (d *lazyDirectory) ready(ctx context.Context) error {
	if !d.set && !d.isOpen() {
		return nil
	}
	store, err := d.open(ctx)
	if err != nil {
		return err
	}
	if err := store.Ping(ctx); err != nil {
		return err
	}
	return store.Writable(ctx)
}

func (d *lazyDirectory) isOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.store != nil
}

// memberOf is the directory in the form that package access needs.
func (d *lazyDirectory) memberOf(ctx context.Context, userID string) ([]string, error) {
	store, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	return store.OrganizationsOf(ctx, userID)
}

// zones returns the time zones of organizations.
func (d *lazyDirectory) zones(ctx context.Context) (all []*time.Location, err error) {
	store, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	organizations, err := store.Organizations(ctx)
	for _, o := range organizations {
		if zone, ok := asleep.Zone(o.Settings.Timezone); ok && !slices.Contains(all, zone) {
			all = append(all, zone)
		}
	}
	return all, err
}

// close is for the end of the program.
func (d *lazyDirectory) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var err error
	if d.store != nil {
		err = d.store.Close()
	}
	if d.remove != nil {
		d.remove()
	}
	return err
}
