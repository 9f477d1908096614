package main

import (
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// TestReplicasKilledWhileTheyBackfill kills one of three replicas again and again while
// they read the histories of an organization from a service with faults. In the end every
// night is kept once, and no second had more requests than allowed. ASLEEP_MCP_KILLS is how
// often, and a longer run has more people; 6 by default.
func TestReplicasKilledWhileTheyBackfill(t *testing.T) {
	t.Parallel()
	kills, people, nights, rate := 6, 30, 150, 8
	if text := os.Getenv("ASLEEP_MCP_KILLS"); text != "" {
		var err error
		kills, err = strconv.Atoi(text)
		require.NoError(t, err)
		people, rate = 20*kills, 60
	}
	now, err := time.Parse(time.RFC3339, keptNow)
	require.NoError(t, err)
	dsn := postgrestest.For(t).Empty(t)
	box := sandbox.New(sandbox.Options{Now: func() time.Time { return now }, People: sleepers(now, people, nights)})
	t.Cleanup(box.Close)
	require.NoError(t, box.SetFault(sandbox.Fault{Name: "internal", Times: 5}))
	var mu sync.Mutex
	var asked []time.Time
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, time.Now())
		mu.Unlock()
		time.Sleep(20 * time.Millisecond) // a service is never at once
		box.ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	store, err := directory.Open(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
	for i := range people {
		held, err := store.Reserve(t.Context(), directory.Member{Organization: "acme", Email: emailOf(i), Role: directory.User})
		require.NoError(t, err)
		require.NoError(t, store.Confirm(t.Context(), held, sleeperID(i)))
	}

	binary := buildBinary(t)
	replica := func() *exec.Cmd {
		c := exec.CommandContext(t.Context(), binary, "http", "--addr", "127.0.0.1:0")
		c.Env = []string{
			"ASLEEP_API_KEY=key", "ASLEEP_BASE_URL=" + web.URL, "ASLEEP_MCP_NOW=" + keptNow, "ASLEEP_MCP_DATABASE_URL=" + dsn,
			"ASLEEP_MCP_KEEP_NIGHTS=true", "ASLEEP_MCP_UPSTREAM_RATE=" + strconv.Itoa(rate),
		}
		require.NoError(t, c.Start())
		return c
	}
	replicas := []*exec.Cmd{replica(), replica(), replica()}
	t.Cleanup(func() {
		for _, c := range replicas {
			killNow(t, c)
		}
	})
	kept := archive.Lazy(dsn, func() time.Time { return now })
	t.Cleanup(func() { assert.NoError(t, kept.Close()) })
	complete := func() (n int) {
		all, err := kept.Everybody(t.Context())
		require.NoError(t, err)
		for _, k := range all {
			require.LessOrEqual(t, k.Nights, nights, "nothing twice")
			if k.Complete {
				n++
			}
		}
		return n
	}
	require.Eventually(t, func() bool { return complete() > 0 }, time.Minute, 50*time.Millisecond, "the first history")
	for range kills {
		i := mathrand.IntN(len(replicas))
		killNow(t, replicas[i])
		replicas[i] = replica()
		time.Sleep(time.Duration(300+mathrand.IntN(600)) * time.Millisecond)
	}
	require.Eventually(t, func() bool { return complete() == people }, 4*time.Minute, 200*time.Millisecond, "all histories")
	all, err := kept.Everybody(t.Context())
	require.NoError(t, err)
	require.Len(t, all, people)
	for _, k := range all {
		assert.Equal(t, nights, k.Nights)
	}
	mu.Lock()
	defer mu.Unlock()
	slices.SortFunc(asked, time.Time.Compare)
	t.Logf("%d requests about %d people in %s", len(asked), people, asked[len(asked)-1].Sub(asked[0]).Round(time.Second))
	// Requests that were granted one after the other may arrive together on a busy machine.
	most := 10 * rate * 3 / 2
	for i := most; i < len(asked); i++ {
		require.GreaterOrEqual(t, asked[i].Sub(asked[i-most]), 10*time.Second, "more than allowed in ten seconds")
	}
}

func sleeperID(i int) string { return fmt.Sprintf("G-20250318162239-sleeper%05d", i) }

// sleepers recorded so many nights each, the last of which ended on the morning of now.
func sleepers(now time.Time, people, nights int) []sandbox.Person {
	all := make([]sandbox.Person, people)
	stages := make([]int8, 40)
	for i := range stages {
		stages[i] = []int8{0, 1, 1, 2, 1, 3}[i/4%6]
	}
	for i := range all {
		all[i].ID = sleeperID(i)
		for n := range nights {
			start := now.Truncate(24*time.Hour).AddDate(0, 0, -n).Add(-90 * time.Minute)
			all[i].Recordings = append(all[i].Recordings, sandbox.Recording{Start: start, End: start.Add(8 * time.Hour), Zone: "Europe/Paris", Stages: stages})
		}
	}
	return all
}
