//go:build unix

package tenants

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// cluster is a PostgreSQL server of our own, on a socket in its folder. It ends
// with this process, however that ends: its guard waits for the end of a pipe.
type cluster struct {
	dir, programs string
	as            *syscall.SysProcAttr
	guard         *exec.Cmd
	pipe          io.Closer
}

var errNoPostgres = errors.New("no PostgreSQL here: neither on the PATH nor under /usr/lib/postgresql")

// newCluster makes a cluster and starts it.
func newCluster() (*cluster, error) {
	programs := filepath.Dir(lookPath("initdb"))
	if programs == "." {
		return nil, errNoPostgres
	}
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, programs: programs}
	if err := c.dropRoot(); err != nil {
		return nil, err
	}
	initdb := c.command("initdb", "-D", c.data(), "-U", "asleep", "-A", "trust", "-N", "-E", "UTF8", "--no-locale")
	if said, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, said)
	}
	return c, c.start()
}

func lookPath(program string) string {
	if path, err := exec.LookPath(program); err == nil {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	if len(found) == 0 {
		return ""
	}
	return slices.Max(found)
}

// dropRoot finds somebody to run the server as: it refuses root.
func (c *cluster) dropRoot() error {
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return err
	}
	c.as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return os.Chown(c.dir, uid, gid)
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *cluster) command(program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), filepath.Join(c.programs, program), args...)
	cmd.Dir, cmd.SysProcAttr = c.dir, c.as
	return cmd
}

func (c *cluster) start() error {
	server := []string{filepath.Join(c.programs, "postgres"), "-D", c.data(), "-k", c.dir, "-c", "listen_addresses=", "-F"}
	const guarding = `"$0" "$@" 2>>log & server=$!; cat >/dev/null; kill -INT $server; wait $server`
	c.guard = exec.CommandContext(context.Background(), "sh", append([]string{"-c", guarding}, server...)...)
	c.guard.Dir, c.guard.SysProcAttr = c.dir, c.as
	var err error
	if c.pipe, err = c.guard.StdinPipe(); err != nil {
		return err
	}
	if err := c.guard.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	db, err := sql.Open("pgx", c.dsn("postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for err = db.PingContext(ctx); err != nil && ctx.Err() == nil; err = db.PingContext(ctx) {
		time.Sleep(20 * time.Millisecond) // another process: nothing tells when it is ready
	}
	return err
}

// stop shuts the server down; connections are cut.
func (c *cluster) stop() {
	_ = c.pipe.Close()
	_ = c.guard.Wait()
}

func (c *cluster) dsn(name string) string {
	return "postgres://asleep@/" + name + "?" + url.Values{"host": {c.dir}}.Encode()
}

// shared is the cluster of all tests that do not stop theirs.
var (
	shared    = sync.OnceValues(newCluster)
	isShared  atomic.Bool
	databases atomic.Int64
)

func stopPostgres() {
	if !isShared.Load() {
		return
	}
	if c, err := shared(); err == nil {
		c.stop()
		_ = os.RemoveAll(c.dir)
	}
}

func emptyPostgres(t *testing.T) database {
	t.Helper()
	isShared.Store(true)
	c, err := shared()
	requirePostgres(t, err)
	return c.empty(t)
}

// requirePostgres skips where there is no server, unless that is no excuse.
func requirePostgres(t *testing.T, err error) {
	t.Helper()
	if errors.Is(err, errNoPostgres) && os.Getenv("ASLEEP_MCP_REQUIRE_ALL") == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
}

func (c *cluster) empty(t *testing.T) database {
	t.Helper()
	name := fmt.Sprintf("test%d", databases.Add(1))
	admin := database{c.dsn("postgres")}.raw(t)
	// Where the server can, it sorts otherwise than bytes do; the store must not notice.
	_, err := admin.ExecContext(t.Context(), "CREATE DATABASE "+name+" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'")
	if err != nil {
		_, err = admin.ExecContext(t.Context(), "CREATE DATABASE "+name)
	}
	require.NoError(t, err)
	return database{c.dsn(name)}
}

// TestPostgresStops stops a server in the middle and starts it again.
func TestPostgresStops(t *testing.T) {
	c, err := newCluster()
	requirePostgres(t, err)
	running := true
	t.Cleanup(func() {
		if running {
			c.stop()
		}
		_ = os.RemoveAll(c.dir)
	})
	d := c.empty(t)
	s := withCompany(t, d)
	r, err := s.Reserve(t.Context(), anna)
	require.NoError(t, err)
	require.Empty(t, emails(t, s))
	c.stop()
	running = false
	for name, call := range calls {
		requireKind(t, Unreachable, call(t.Context(), s))
		require.NotContains(t, call(t.Context(), s).Error(), c.dir, name)
	}
	_, err = Open(t.Context(), d.dsn)
	requireKind(t, Unreachable, err)

	require.NoError(t, c.start())
	running = true
	require.NoError(t, s.Confirm(t.Context(), r, "U-1"), "the first call after it is back")
	require.Equal(t, []string{anna.Email}, emails(t, s))

	c.stop() // and at once again, while connections are fresh
	require.NoError(t, c.start())
	for range maxConnections {
		beginDelete(t, s, "U-1")
	}
}

// TestPostgresSilent has another program hold a lock: the server is there and
// does not answer.
func TestPostgresSilent(t *testing.T) {
	d := emptyPostgres(t)
	s := withCompany(t, d)
	other, err := d.raw(t).BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = other.ExecContext(t.Context(), "LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err = s.Organizations(ctx)
	requireKind(t, Unreachable, err)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	cancelled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	require.Equal(t, context.Canceled, s.CreateOrganization(cancelled, Organization{ID: "new", Name: "New"}))

	_, err = s.write.ExecContext(t.Context(), "SET lock_timeout = '20ms'")
	require.NoError(t, err)
	requireKind(t, Locked, s.CreateOrganization(t.Context(), Organization{ID: "new", Name: "New"}))
	require.NoError(t, other.Rollback())
	_, err = s.Organizations(t.Context())
	require.NoError(t, err)
}

func TestPostgresRefuses(t *testing.T) {
	d := emptyPostgres(t)
	c, err := shared()
	require.NoError(t, err)
	host := "?" + url.Values{"host": {c.dir}}.Encode()
	for dsn, kind := range map[string]Kind{
		"postgres://mallory:hunter2@/test1" + host:                     Refused,
		"postgres://asleep:hunter2@/nowhere" + host:                    Refused,
		"postgres://asleep:hunter2@/test1?host=/nonexistent":           Unreachable,
		"postgresql://asleep:hunter2@127.0.0.1:1/test1?sslmode=prefer": Unreachable,
	} {
		_, err := Open(t.Context(), dsn)
		requireKind(t, kind, err)
		for _, secret := range []string{"mallory", "hunter2", "nowhere", "test1", "nonexistent", "127.0.0.1", c.dir} {
			require.NotContains(t, err.Error(), secret)
		}
	}

	s := withCompany(t, d)
	_, err = d.raw(t).ExecContext(t.Context(), "ALTER ROLE asleep IN DATABASE "+d.name()+" SET default_transaction_read_only = on")
	require.NoError(t, err)
	s = d.reopen(t, s)
	_, err = s.BeginDelete(t.Context(), "U-1")
	requireKind(t, ReadOnly, err)
	_, err = s.Organization(t.Context(), "acme")
	require.NoError(t, err)
}

// name is the database's on its server.
func (d database) name() string {
	u, _ := url.Parse(d.dsn)
	return u.Path[1:]
}
