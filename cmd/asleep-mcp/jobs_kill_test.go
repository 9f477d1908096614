package main

import (
	"flag"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

var killMinutes = flag.Int("kill-minutes", 0, "how long TestReplicasKilledWhileTheyBackfill kills replicas of a large company; 0 is seconds and a small one")

// TestReplicasKilledWhileTheyBackfill kills one of three replicas again and again while
// they read the histories of an organization from a service with faults. In the end every
// night is kept once, everybody's windows are right, and at no time were there more requests
// than allowed. -kill-minutes has it last at least so long, with 2,000 people a minute.
func TestReplicasKilledWhileTheyBackfill(t *testing.T) {
	t.Parallel()
	kills, people, nights, rate, pause, patience := 6, 30, 150, 20, 300*time.Millisecond, 4*time.Minute
	if *killMinutes > 0 {
		pause, patience = 2*time.Second, time.Hour
		kills, people, nights, rate = *killMinutes*int(time.Minute/(pause*3/2)), 2_000**killMinutes, 40, 60
	}
	now, err := time.Parse(time.RFC3339, keptNow)
	require.NoError(t, err)
	dsn := postgrestest.For(t).Empty(t)
	box := sandbox.New(sandbox.Options{Now: func() time.Time { return now }, People: sleepers(now, people, nights)})
	t.Cleanup(box.Close)
	fail := func() { require.NoError(t, box.SetFault(sandbox.Fault{Name: "internal", Times: 5})) }
	fail()
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
	store := companyOf(t, dsn, people)

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
	rows := windows.Lazy(dsn, kept, windows.Options{Key: "key", Now: func() time.Time { return now }})
	t.Cleanup(func() { assert.NoError(t, rows.Close()) })
	month := windows.Question{People: store.MemberIDs("acme"), Days: 30, Last: civil.DateOf(now)}
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
		fail()
		time.Sleep(pause + mathrand.N(pause))
	}
	require.Eventually(t, func() bool {
		reduced, err := rows.Group(t.Context(), month)
		require.NoError(t, err)
		return reduced.Rows == people && complete() == people
	}, patience, 200*time.Millisecond, "all histories")
	all, err := kept.Everybody(t.Context())
	require.NoError(t, err)
	require.Len(t, all, people)
	for _, k := range all {
		assert.Equal(t, nights, k.Nights)
	}
	reduced, err := rows.Rows(t.Context(), month)
	require.NoError(t, err)
	for _, p := range reduced {
		require.Equal(t, 30, p.Nights)
		require.Equal(t, reduced[0].Means, p.Means, "everybody sleeps alike")
	}
	mu.Lock()
	defer mu.Unlock()
	slices.SortFunc(asked, time.Time.Compare)
	t.Logf("%d kills, %d requests about %d people in %s", kills, len(asked), people, asked[len(asked)-1].Sub(asked[0]).Round(time.Second))
	// Requests that were granted one after the other may arrive together on a busy machine.
	const span = 3 * time.Second
	most := rate * int(span/time.Second) * 3 / 2
	require.Greater(t, len(asked), most)
	for i := most; i < len(asked); i++ {
		require.GreaterOrEqual(t, asked[i].Sub(asked[i-most]), span, "more than allowed")
	}
}

// companyOf makes an organization "acme" whose members are sleepers.
func companyOf(t *testing.T, dsn string, people int) *directory.Store {
	t.Helper()
	store, err := directory.Open(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
	for i := range people {
		held, err := store.Reserve(t.Context(), directory.Member{Organization: "acme", Email: emailOf(i), Role: directory.User})
		require.NoError(t, err)
		require.NoError(t, store.Confirm(t.Context(), held, sleeperID(i)))
	}
	return store
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
