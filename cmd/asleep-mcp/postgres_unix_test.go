//go:build unix

package main

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tenants"
)

// postgres starts a PostgreSQL server for one test and returns its DSN.
func postgres(t *testing.T) string {
	t.Helper()
	dsn, _, start := stoppablePostgres(t)
	start()
	return dsn
}

// stoppablePostgres is a PostgreSQL server that is started and stopped. It ends
// with this process, however that ends: its guard waits for the end of a pipe.
func stoppablePostgres(t *testing.T) (dsn string, stop, begin func()) {
	t.Helper()
	programs := postgresPrograms()
	if programs == "" {
		lacking(t, "no PostgreSQL here")
	}
	dir, err := os.MkdirTemp("", "pg") //nolint:usetesting // t.TempDir's paths are too long for a socket
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	as := unprivileged(t, dir)
	data := filepath.Join(dir, "data")
	start := func(name string, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(context.Background(), name, args...)
		cmd.Dir, cmd.SysProcAttr = dir, as
		return cmd
	}
	said, err := start(filepath.Join(programs, "initdb"), "-D", data, "-U", "asleep", "-A", "trust", "-N", "-E", "UTF8", "--no-locale").CombinedOutput()
	require.NoError(t, err, string(said))
	dsn = "postgres://asleep@/postgres?" + url.Values{"host": {dir}}.Encode()
	stop = func() {}
	t.Cleanup(func() { stop() })
	begin = func() {
		guard := start("sh", "-c", `"$0" "$@" 2>>log & server=$!; cat >/dev/null; kill -INT $server; wait $server`,
			filepath.Join(programs, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-F")
		pipe, err := guard.StdinPipe()
		require.NoError(t, err)
		require.NoError(t, guard.Start())
		stop = sync.OnceFunc(func() { _ = pipe.Close(); _ = guard.Wait() })
		require.Eventually(t, func() bool {
			store, err := tenants.Open(context.Background(), dsn)
			return err == nil && store.Close() == nil
		}, 30*time.Second, 50*time.Millisecond)
	}
	return dsn, func() { stop() }, begin
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
