//go:build unix

package tools

import (
	"context"
	"database/sql"
	"fmt"
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

	"github.com/stretchr/testify/require"
)

// startPostgres starts a PostgreSQL server on a socket of its own until the test
// ends, and returns what makes an empty database.
func startPostgres(t *testing.T) func(*testing.T) string {
	t.Helper()
	programs := postgresPrograms()
	if programs == "" {
		if os.Getenv("ASLEEP_MCP_REQUIRE_ALL") != "" {
			require.FailNow(t, "no PostgreSQL here, and ASLEEP_MCP_REQUIRE_ALL is set")
		}
		t.Skip("no PostgreSQL here: neither on the PATH nor under /usr/lib/postgresql")
	}
	dir, err := os.MkdirTemp("", "pg") //nolint:usetesting // t.TempDir would be too long for a socket
	require.NoError(t, err)
	as := somebodyElse(t, dir)
	run := func(program string, args ...string) *exec.Cmd {
		c := exec.CommandContext(context.Background(), filepath.Join(programs, program), args...)
		c.Dir, c.SysProcAttr = dir, as
		return c
	}
	said, err := run("initdb", "-D", "data", "-U", "asleep", "-A", "trust", "-N", "-E", "UTF8", "--no-locale").CombinedOutput()
	require.NoError(t, err, string(said))
	server := run("postgres", "-D", filepath.Join(dir, "data"), "-k", dir, "-c", "listen_addresses=", "-F")
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
		_ = os.RemoveAll(dir)
	})
	dsn := func(name string) string {
		return "postgres://asleep@/" + name + "?host=" + url.PathEscape(dir)
	}
	admin, err := sql.Open("pgx", dsn("postgres"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = admin.Close() })
	require.Eventually(t, func() bool { return admin.PingContext(t.Context()) == nil }, 30*time.Second, 20*time.Millisecond)
	made := 0
	return func(t *testing.T) string {
		t.Helper()
		made++
		name := fmt.Sprintf("test%d", made)
		_, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name)
		require.NoError(t, err)
		return dsn(name)
	}
}

func postgresPrograms() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path)
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.Max(found))
}

// somebodyElse is whom the server runs as: it refuses root.
func somebodyElse(t *testing.T, dir string) *syscall.SysProcAttr {
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
