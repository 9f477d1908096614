package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// killed is a directory and the program that is killed while it adds a member.
type killed struct {
	binary, database string
	store            *directory.Store
}

func newKilled(t *testing.T, binary, database string) *killed {
	t.Helper()
	k := &killed{binary: binary, database: database}
	store, err := directory.Open(t.Context(), k.database)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "Acme"}))
	k.store = store
	return k
}

// add returns the program that adds a member, not started yet.
func (k *killed) add(t *testing.T, api, email string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), k.binary, "call", "add_user_to_organization",
		`{"organization":"acme","email":"`+email+`"}`, "--json", "--toolsets", "manage")
	c.Env = []string{"ASLEEP_API_KEY=key", "ASLEEP_BASE_URL=" + api, "ASLEEP_MCP_DATABASE_URL=" + k.database}
	return c
}

// member returns the Asleep user of a member, "" if there is none.
func (k *killed) member(t *testing.T, email string) string {
	t.Helper()
	for m, err := range k.store.Members(t.Context(), "acme") {
		require.NoError(t, err)
		if m.Email == email {
			return m.UserID
		}
	}
	return ""
}

// state returns what the directory says about an e-mail after a restart.
func (k *killed) state(t *testing.T, email string) string {
	t.Helper()
	if k.member(t, email) != "" {
		return "member"
	}
	pending, err := k.store.Pending(t.Context())
	require.NoError(t, err)
	for _, p := range pending {
		if p.Email == email {
			return string(p.State)
		}
	}
	return ""
}

// users starts an API that creates users and counts them; hook is called before it answers.
func users(t *testing.T, made *atomic.Int64, hook func()) string {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		made.Add(1)
		id := "G-20261123101010-" + rand.Text()
		hook()
		w.WriteHeader(http.StatusCreated)
		assert.NoError(t, json.NewEncoder(w).Encode(map[string]any{"detail": "success", "result": map[string]any{"user_id": id}}))
	}))
	t.Cleanup(web.Close)
	return web.URL
}

// TestKilledWhileAdding kills the program at each step of adding a member: it may leave at
// most one unknown Asleep user, and then says so.
func TestKilledWhileAdding(t *testing.T) {
	t.Parallel()
	binary := buildBinary(t)
	t.Run("reserved", func(t *testing.T) { // before anything was sent
		t.Parallel()
		k := newKilled(t, binary, filepath.Join(t.TempDir(), "directory.db"))
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer func() { _ = l.Close() }()
		c := k.add(t, "http://"+l.Addr().String(), "anna@example.org")
		require.NoError(t, c.Start())
		connection, err := l.Accept()
		require.NoError(t, err)
		killNow(t, c)
		require.NoError(t, connection.Close())
		k.stays(t, 0)
	})
	t.Run("sent", func(t *testing.T) { // the user is created, and nobody knows
		t.Parallel()
		k := newKilled(t, binary, filepath.Join(t.TempDir(), "directory.db"))
		var made atomic.Int64
		arrived, gone := make(chan struct{}), make(chan struct{})
		c := k.add(t, users(t, &made, func() { close(arrived); <-gone }), "anna@example.org")
		require.NoError(t, c.Start())
		<-arrived
		killNow(t, c)
		close(gone)
		k.stays(t, made.Load())
	})
	t.Run("answered", func(t *testing.T) { // the user is created, the directory cannot be written yet
		t.Parallel()
		k := newKilled(t, binary, filepath.Join(t.TempDir(), "directory.db"))
		var made atomic.Int64
		lock, err := sql.Open("sqlite", "file:"+k.database+"?_txlock=immediate")
		require.NoError(t, err)
		defer func() { _ = lock.Close() }()
		var tx *sql.Tx
		answered := make(chan struct{})
		c := k.add(t, users(t, &made, func() {
			tx, err = lock.BeginTx(context.WithoutCancel(t.Context()), nil)
			close(answered)
		}), "anna@example.org")
		require.NoError(t, c.Start())
		<-answered
		require.NoError(t, err)
		time.Sleep(200 * time.Millisecond) // it waits for the lock now, for five seconds
		killNow(t, c)
		require.NoError(t, tx.Rollback())
		k.stays(t, made.Load())
	})
	t.Run("any time", func(t *testing.T) {
		t.Parallel()
		killedAtAnyTime(t, newKilled(t, binary, filepath.Join(t.TempDir(), "directory.db")))
	})
}

// stays checks that what a kill left behind is recorded and leads to no second user.
func (k *killed) stays(t *testing.T, made int64) {
	t.Helper()
	require.Equal(t, "adding", k.state(t, "anna@example.org"))
	var again atomic.Int64
	api := users(t, &again, func() {})
	said, err := k.add(t, api, "Anna@example.org").CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(said), "has not finished")
	assert.LessOrEqual(t, made, int64(1))
	assert.Zero(t, again.Load())

	list := exec.CommandContext(t.Context(), k.binary, "call", "list_organizations", "--json", "--toolsets", "manage")
	list.Env = k.add(t, api, "").Env
	answer, err := list.Output()
	require.NoError(t, err)
	assert.Contains(t, string(answer), `"state":"adding","org_id":"acme","user_email":"anna@example.org"`)
}

// killedAtAnyTime kills at random times.
func killedAtAnyTime(t *testing.T, k *killed) {
	t.Helper()
	made := newRoster(t, 10*time.Millisecond)
	seen := map[string]int{}
	for i := range 25 {
		email := emailOf(i)
		c := k.add(t, made.api(email), email)
		require.NoError(t, c.Start())
		time.Sleep(time.Duration(mathrand.IntN(60)) * time.Millisecond)
		killNow(t, c)
		state := k.state(t, email)
		seen[state]++
		switch state {
		case "":
			assert.Empty(t, made.living(email), "a user nobody knows of")
		case "member":
			assert.Len(t, made.living(email), 1)
		}
		said, err := k.add(t, made.api(email), email).CombinedOutput()
		assert.Equal(t, state != "adding", err == nil, "%s: %s", state, said)
		assert.LessOrEqual(t, len(made.living(email)), 1, "no second user for one e-mail")
	}
	t.Logf("killed with: %v", seen)
}

func killNow(t *testing.T, c *exec.Cmd) {
	t.Helper()
	_ = c.Process.Kill() // it may have ended by itself
	_ = c.Wait()
}

var isBuilt atomic.Bool

// built is the program, which tests that kill it share.
var built = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "asleep-mcp-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "asleep-mcp")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	said, err := exec.CommandContext(context.Background(), "go", "build", "-o", binary, ".").CombinedOutput()
	if err != nil {
		return binary, fmt.Errorf("%w: %s", err, said)
	}
	return binary, os.Chmod(folder, 0o755) //nolint:gosec // a test runs it as somebody else
})

// buildBinary returns the path of the program, built once; TestMain removes it.
func buildBinary(t *testing.T) string {
	t.Helper()
	isBuilt.Store(true)
	binary, err := built()
	require.NoError(t, err)
	return binary
}

func removeBinary() {
	if !isBuilt.Load() {
		return
	}
	if binary, _ := built(); binary != "" {
		_ = os.RemoveAll(filepath.Dir(binary))
	}
}
