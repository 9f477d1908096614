package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// errNone means that no server can be started here.
var errNone = errors.New("no PostgreSQL here: neither on the PATH nor under /usr/lib/postgresql, or no sockets for it")

// startTime is how long a server may take to answer after its start.
const startTime = 30 * time.Second

// Server is a PostgreSQL server.
type Server struct {
	folder, programs string
	as               *syscall.SysProcAttr
	guard            *exec.Cmd // runs the server, and ends it when pipe is closed
	pipe             io.Closer
	databases        atomic.Int64
}

// For starts a server for one test.
func For(t testing.TB) *Server {
	t.Helper()
	s, err := New()
	Need(t, err)
	t.Cleanup(s.Close)
	return s
}

// Need ends a test on an error of [New]: the test is skipped if there is no PostgreSQL
// and none is required, and fails otherwise.
func Need(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, errNone) && os.Getenv("ASLEEP_MCP_REQUIRE_ALL") == "":
		t.Skip(err)
	default:
		t.Fatal(err)
	}
}

// New starts a server that several tests share. Give its error to [Need].
func New() (*Server, error) {
	s := &Server{programs: programs()}
	if s.programs == "" {
		return nil, errNone
	}
	var err error
	if s.folder, err = os.MkdirTemp("", "pg"); err != nil { // the path of t.TempDir would be too long for a socket
		return nil, err
	}
	if err := s.begin(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.folder))
	}
	return s, nil
}

func (s *Server) begin() (err error) {
	if s.as, err = runAs(s.folder); err != nil {
		return err
	}
	initdb := s.command(filepath.Join(s.programs, "initdb"), "-D", "data", "-U", "asleep", "-A", "trust", "-N", "-E", "UTF8", "--no-locale")
	if said, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, said)
	}
	return s.Start()
}

// programs returns the folder of the server's programs, "" for none.
func programs() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path)
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is well formed
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.Max(found))
}

func (s *Server) command(program string, args ...string) *exec.Cmd {
	c := exec.CommandContext(context.Background(), program, args...)
	c.Dir, c.SysProcAttr = s.folder, s.as
	return c
}

// Start starts a server again that was stopped, and returns when it answers.
func (s *Server) Start() (err error) {
	s.guard = s.command("sh", "-c", `"$0" "$@" 2>>log & server=$!; cat >/dev/null; kill -INT $server; wait $server`,
		filepath.Join(s.programs, "postgres"), "-D", filepath.Join(s.folder, "data"), "-k", s.folder, "-c", "listen_addresses=", "-F")
	if s.pipe, err = s.guard.StdinPipe(); err != nil {
		return err
	}
	if err := s.guard.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, s.dsn("postgres"))
		if err == nil {
			return c.Close(ctx)
		}
		if ctx.Err() != nil {
			return errors.Join(err, s.pipe.Close(), s.guard.Wait())
		}
		time.Sleep(20 * time.Millisecond) // another process, which does not report when it is ready
	}
}

// Stop stops the server and cuts connections. It may be called again.
func (s *Server) Stop() {
	_ = s.pipe.Close()
	_ = s.guard.Wait() // it was told to end
}

// Close stops the server for good.
func (s *Server) Close() {
	s.Stop()
	_ = os.RemoveAll(s.folder) // the system clears what is left
}

// Folder returns the folder of the socket.
func (s *Server) Folder() string { return s.folder }

// dsn returns the address of a database.
func (s *Server) dsn(database string) string {
	return "postgres://asleep@/" + database + "?host=" + url.PathEscape(s.folder) // pgx reads a "+" as it stands
}

// Empty makes an empty database and returns its address. If the server can, it does not
// sort by bytes, and code that uses it must not depend on that.
func (s *Server) Empty(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test%d", s.databases.Add(1))
	ctx := t.Context()
	c, err := pgx.Connect(ctx, s.dsn("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }() // it has done its work
	_, err = c.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'")
	if err != nil {
		_, err = c.Exec(ctx, "CREATE DATABASE "+name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.dsn(name)
}
