package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tenants"
)

// demoOrganization is made of [sandbox.DemoTeam].
const demoOrganization = "demo-team"

// newDemoDirectory keeps the demo's organization in a folder that goes with the
// program: made-up people never get among real ones.
func newDemoDirectory() *directory {
	d := &directory{}
	d.dial = func(ctx context.Context) (*tenants.Store, error) {
		folder, err := os.MkdirTemp("", "asleep-mcp-demo-")
		if err != nil {
			return nil, &tenants.Unavailable{Kind: tenants.ReadOnly}
		}
		d.remove = func() { _ = os.RemoveAll(folder) } // the system clears what is left
		store, err := tenants.Open(ctx, filepath.Join(folder, "demo.db"))
		if err == nil {
			err = fill(ctx, store)
		}
		if err != nil {
			d.remove()
			if store != nil {
				err = errors.Join(err, store.Close())
			}
			return nil, err
		}
		return store, nil
	}
	return d
}

func fill(ctx context.Context, store *tenants.Store) error {
	err := store.CreateOrganization(ctx, tenants.Organization{
		ID: demoOrganization, Name: "Demo Team", Settings: tenants.Settings{Timezone: "Europe/Paris"},
	})
	for i := 0; i < sandbox.DemoTeamSize && err == nil; i++ {
		var r tenants.Reservation
		r, err = store.Reserve(ctx, tenants.Member{Organization: demoOrganization, Email: fmt.Sprintf("member%02d@example.org", i+1)})
		if err == nil {
			err = store.Confirm(ctx, r, sandbox.DemoTeamMember(i))
		}
	}
	return err
}
