//go:build unix

package main

import (
	"context"
	mathrand "math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tenants"
)

// cluster is a PostgreSQL server of one test, on a socket in its folder.
type cluster struct {
	dir, programs string
	as            *syscall.SysProcAttr
	stop          func() // cuts connections
}

// postgres starts a server for one test and returns its DSN.
func postgres(t *testing.T) string {
	t.Helper()
	return newCluster(t).dsn()
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	c := &cluster{programs: postgresPrograms()}
	if c.programs == "" {
		lacking(t, "no PostgreSQL here")
	}
	var err error
	c.dir, err = os.MkdirTemp("", "pg") //nolint:usetesting // t.TempDir's paths are too long for a socket
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(c.dir) })
	c.as = unprivileged(t, c.dir)
	said, err := c.command(filepath.Join(c.programs, "initdb"), "-D", "data", "-U", "asleep", "-A", "trust", "-N", "-E", "UTF8", "--no-locale").CombinedOutput()
	require.NoError(t, err, string(said))
	c.start(t)
	t.Cleanup(func() { c.stop() })
	return c
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Dir, cmd.SysProcAttr = c.dir, c.as
	return cmd
}

// start starts the server. It ends with this process, however that ends: its guard
// waits for the end of a pipe.
func (c *cluster) start(t *testing.T) {
	t.Helper()
	guard := c.command("sh", "-c", `"$0" "$@" 2>>log & server=$!; cat >/dev/null; kill -INT $server; wait $server`,
		filepath.Join(c.programs, "postgres"), "-D", filepath.Join(c.dir, "data"), "-k", c.dir, "-c", "listen_addresses=", "-F")
	pipe, err := guard.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, guard.Start())
	c.stop = func() { _ = pipe.Close(); _ = guard.Wait() }
	require.Eventually(t, func() bool {
		store, err := tenants.Open(t.Context(), c.dsn())
		return err == nil && store.Close() == nil
	}, 30*time.Second, 50*time.Millisecond)
}

func (c *cluster) dsn() string {
	return "postgres://asleep@/postgres?host=" + url.PathEscape(c.dir)
}

// TestDatabaseRestartsWhileAdding restarts the server again and again, and kills the
// program now and then, while members are added one after the other. Every Asleep
// user is then a member's, was removed, or is listed as unfinished.
func TestDatabaseRestartsWhileAdding(t *testing.T) {
	t.Parallel()
	server := newCluster(t)
	k := newKilled(t, buildBinary(t), server.dsn())
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
			server.stop()
			server.start(t)
			restarts++
		}
	}
	t.Logf("%d restarts, %v", restarts, said)
	server.stop() // with all that a killed program may still have under way in it
	server.start(t)

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

func postgresPrograms() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.Max(found))
}

// unprivileged is whom the server runs as: it refuses root.
func unprivileged(t *testing.T, dir string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		who, err = user.Lookup("nobody")
	}
	require.NoError(t, err)
	uid, err := strconv.Atoi(who.Uid)
	require.NoError(t, err)
	gid, err := strconv.Atoi(who.Gid)
	require.NoError(t, err)
	require.NoError(t, os.Chown(dir, uid, gid))
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}
