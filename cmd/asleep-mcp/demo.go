package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
)

// startDemo starts a sandbox on a free port and points the settings at it, with a made-up
// key: the real one is never sent there.
func (c *config) startDemo(ctx context.Context, log *slog.Logger) (stop func(), err error) {
	l, err := web.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c.key = rand.Text()
	c.baseURL = "http://" + l.Addr().String()
	c.userID = cmp.Or(c.userID, sandbox.DemoUser)
	options := sandbox.Options{Key: c.key, Now: c.now}
	// The nights take time and memory, so they are made when somebody asks for them.
	api := sync.OnceValue(func() *sandbox.Server {
		options.People = append(sandbox.Demo(options.Now(), sandbox.DemoSeed), sandbox.DemoTeam(options.Now(), sandbox.DemoSeed)...)
		return sandbox.New(options)
	})
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := serveSandbox(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { api().ServeHTTP(w, r) })); err != nil {
			log.Error("the demo's API stopped", slog.String("cause", err.Error()))
		}
	}()
	return func() { cancel(); <-ended }, nil
}

// demoOrganization is made of [sandbox.DemoTeam].
const demoOrganization = "demo-team"

// newDemoDirectory keeps the demo's organization in a temporary folder: made-up people never
// get mixed with real ones.
func newDemoDirectory() *lazyDirectory {
	d := &lazyDirectory{}
	d.dial = func(ctx context.Context) (*directory.Store, error) {
		folder, err := os.MkdirTemp("", "asleep-mcp-demo-")
		if err != nil {
			return nil, &directory.Unavailable{Kind: directory.ReadOnly}
		}
		d.remove = func() { _ = os.RemoveAll(folder) } // the system clears what is left
		store, err := directory.Open(ctx, filepath.Join(folder, "demo.db"))
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

func fill(ctx context.Context, store *directory.Store) error {
	err := store.CreateOrganization(ctx, directory.Organization{
		ID: demoOrganization, Name: "Demo Team", Settings: directory.Settings{Timezone: "Europe/Paris"},
	})
	for i := 0; i < sandbox.DemoTeamSize && err == nil; i++ {
		var r directory.Reservation
		r, err = store.Reserve(ctx, directory.Member{Organization: demoOrganization, Email: fmt.Sprintf("member%02d@example.org", i+1)})
		if err == nil {
			err = store.Confirm(ctx, r, sandbox.DemoTeamMember(i))
		}
	}
	return err
}
