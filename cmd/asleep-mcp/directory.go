package main

import (
	"context"
	"sync"

	"github.com/asleep-mcp/asleep-mcp/tenants"
)

// directory is where organizations, members and logins are kept. It is opened
// when it is first needed: questions about one person wait for no database.
type directory struct {
	dial   func(context.Context) (*tenants.Store, error)
	remove func() // nil: what was written stays
	set    bool   // the settings name it

	mu    sync.Mutex
	store *tenants.Store
}

// newDirectory is the one that the settings name, or the demo's own.
func (c config) newDirectory() *directory {
	if c.demo {
		return newDemoDirectory()
	}
	return &directory{set: c.database != "", dial: func(ctx context.Context) (*tenants.Store, error) {
		if c.database != "" {
			return tenants.Open(ctx, c.database)
		}
		path, err := c.dataFile()
		if err != nil {
			return nil, err
		}
		return tenants.OpenLater(ctx, path)
	}}
}

// open returns the same store every time; after a failure it tries again.
func (d *directory) open(ctx context.Context) (*tenants.Store, error) {
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

// ready is nil where the database answers. One that is neither set nor in use is
// not asked: that would make it.
func (d *directory) ready(ctx context.Context) error {
	if !d.set && !d.isOpen() {
		return nil
	}
	store, err := d.open(ctx)
	if err != nil {
		return err
	}
	return store.Ping(ctx)
}

func (d *directory) isOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.store != nil
}

// memberOf is the directory as access asks it.
func (d *directory) memberOf(ctx context.Context, userID string) ([]string, error) {
	store, err := d.open(ctx)
	if err != nil {
		return nil, err
	}
	return store.OrganizationsOf(ctx, userID)
}

// close is for the end of the program.
func (d *directory) close() error {
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
