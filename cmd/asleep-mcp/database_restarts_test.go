package main

import (
	mathrand "math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// TestDatabaseRestartsWhileAdding restarts the server again and again, and kills the program
// now and then, while members are added one after the other. In the end every Asleep user
// belongs to a member, was removed, or is listed as unfinished.
func TestDatabaseRestartsWhileAdding(t *testing.T) {
	t.Parallel()
	server := postgrestest.For(t)
	k := newKilled(t, buildBinary(t), server.Empty(t))
	made := newRoster(t, 60*time.Millisecond) // in which the database may stop

	said, ended := map[string]int{}, make(chan struct{})
	go func() {
		defer close(ended)
		for i := range 30 {
			said[k.tryToAdd(t, made.api(emailOf(i)), emailOf(i), i%3 == 0)]++
		}
	}()
	restarts := 0
	for running := true; running; {
		select {
		case <-ended:
			running = false
		case <-time.After(time.Duration(20+mathrand.IntN(200)) * time.Millisecond):
			server.Stop()
			require.NoError(t, server.Start())
			restarts++
		}
	}
	t.Logf("%d restarts, %v", restarts, said)
	server.Stop() // together with anything that a killed program left running in it
	require.NoError(t, server.Start())

	pending, err := k.store.Pending(t.Context())
	require.NoError(t, err)
	listed := map[string]bool{}
	for _, p := range pending {
		listed[p.UserID], listed[p.Email] = true, true
	}
	for i := range 30 {
		email := emailOf(i)
		member := k.member(t, email)
		for _, id := range made.living(email) {
			assert.True(t, id == member || listed[id] || listed[email], "nobody knows of %s, made for %s", id, email)
		}
		assert.LessOrEqual(t, len(made.living(email)), 1)
		again := k.add(t, made.api(email), email).Run()
		assert.Equal(t, !listed[email], again == nil, email)
		assert.LessOrEqual(t, len(made.living(email)), 1, "no second user for one e-mail")
	}
}

func (k *killed) tryToAdd(t *testing.T, api, email string, kill bool) string {
	t.Helper()
	c := k.add(t, api, email)
	if err := c.Start(); !assert.NoError(t, err) {
		return "not started"
	}
	if kill {
		time.Sleep(time.Duration(mathrand.IntN(100)) * time.Millisecond)
		killNow(t, c)
		return "killed"
	}
	if c.Wait() != nil {
		return "refused"
	}
	return "added"
}
