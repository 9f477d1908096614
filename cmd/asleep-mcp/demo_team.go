package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tenants"
)

// The demo's organization: two of its people are no use to a statistic.
const (
	demoOrganization = "demo-team"
	demoTeamSize     = 24
	demoTeamNights   = 70
)

func demoMember(i int) string { return fmt.Sprintf("G-20250318162239-AsleepDemoTeam%06d", i) }

// demoTeam are its people: the last but one began a few days ago, the last one never.
func demoTeam(now time.Time) []sandbox.Person {
	home, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // zones are part of the program
	}
	people := make([]sandbox.Person, demoTeamSize)
	for i := range people {
		nights := demoTeamNights
		switch i {
		case demoTeamSize - 2:
			nights = 4
		case demoTeamSize - 1:
			nights = 0
		}
		people[i] = sandbox.Generate(demoMember(i), home, now.AddDate(0, 0, -nights), now, demoSeed)
	}
	return people
}

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
	for i := 0; i < demoTeamSize && err == nil; i++ {
		var r tenants.Reservation
		r, err = store.Reserve(ctx, tenants.Member{Organization: demoOrganization, Email: fmt.Sprintf("member%02d@example.org", i+1)})
		if err == nil {
			err = store.Confirm(ctx, r, demoMember(i))
		}
	}
	return err
}
