package directory

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestOpenAtOnce opens one new database several times at once, for a few rounds.
func TestOpenAtOnce(t *testing.T) {
	for round := range 6 {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			both(t, openAtOnce)
		})
	}
}

func openAtOnce(t *testing.T, d database) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range 4 {
		all.Go(func() {
			<-start
			s, err := Open(t.Context(), d.dsn)
			if assert.NoError(t, err) {
				assert.NoError(t, s.CreateOrganization(t.Context(), Organization{ID: fmt.Sprint(i), Name: "A"}))
				assert.NoError(t, s.Close())
			}
		})
	}
	close(start)
	all.Wait()
	made, err := d.open(t).Organizations(t.Context())
	require.NoError(t, err)
	assert.Len(t, made, 4)
	assert.Equal(t, []int64{1, 2, 3, 4, 5}, d.applied(t), "each migration happens once")
}

// applied returns the versions that were applied to a database, in order.
func (d database) applied(t *testing.T) []int64 {
	t.Helper()
	all, err := collect(t.Context(), d.raw(t), func(row scanner) (version int64, err error) {
		return version, row.Scan(&version)
	}, `SELECT version_id FROM `+versions+` WHERE version_id > 0 ORDER BY id`)
	require.NoError(t, err)
	return all
}

// TestFromVersionOne opens a database of the first version, with everything it can hold,
// in several programs at once.
func TestFromVersionOne(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		d.migrateTo(t, 1)
		require.Equal(t, []int64{1}, d.applied(t))
		run(t, d.raw(t),
			`INSERT INTO organizations VALUES ('acme', 'Acme', '{"timezone":"Asia/Seoul"}', '2026-01-02T03:04:05.000006Z')`,
			`INSERT INTO members VALUES ('acme', 'anna@example.org', 'Anna@example.org', 'x', 'U-1', 'coach', '{"birth_year":1990}', '2026-01-02T03:04:05Z')`,
			`INSERT INTO members VALUES ('acme', 'ben@example.org', 'ben@example.org', 'y', NULL, 'user', '{}', '2026-01-02T03:04:05Z')`,
			`INSERT INTO deletions VALUES ('U-9', 'orphaned', '2026-01-02T03:04:05Z')`,
			`INSERT INTO subjects VALUES ('https://id', 'anna', 'U-1', '2026-01-02T03:04:05Z')`,
			`INSERT INTO signups VALUES ('https://id', 'cleo', 'z', '2026-01-02T03:04:05Z')`)
		_, err := d.raw(t).ExecContext(t.Context(), `INSERT INTO answered_groups VALUES ($1, 'acme', 'analyst people', $2, '2026-01-02T03:04:05Z')`,
			[]byte("0123456789abcdef"), []byte("12345678"))
		require.NoError(t, err)
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				if s, err := Open(t.Context(), d.dsn); assert.NoError(t, err) {
					assert.NoError(t, s.Close())
				}
			})
		}
		all.Wait()
		require.Equal(t, []int64{1, 2, 3, 4, 5}, d.applied(t))

		s := d.open(t)
		assert.Equal(t, []string{"Anna@example.org"}, emails(t, s))
		assert.ElementsMatch(t, []State{Adding, Orphaned}, states(t, s))
		id, err := s.UserOf(t.Context(), "https://id", "anna")
		require.NoError(t, err)
		assert.Equal(t, "U-1", id)
		_, err = s.AddRelease(t.Context(), october("acme"), userIDs(0, 20), decide("{}", 0))
		require.NoError(t, err)
		for _, table := range []string{"answered_groups", "told_groups", "askers"} {
			_, err = d.raw(t).ExecContext(t.Context(), `SELECT * FROM `+table)
			require.Error(t, err, "it went")
		}
	})
}

// migrateTo makes a database as an older program would have.
func (d database) migrateTo(t *testing.T, version int64) {
	t.Helper()
	folder, dialect := "postgres", goose.DialectPostgres
	if !d.isPostgres() {
		folder, dialect = "sqlite", goose.DialectSQLite3
	}
	files, err := fs.Sub(plan().Migrations, folder)
	require.NoError(t, err)
	provider, err := goose.NewProvider(dialect, d.raw(t), files, goose.WithTableName(versions), goose.WithDisableGlobalRegistry(true))
	require.NoError(t, err)
	_, err = provider.UpTo(t.Context(), version)
	require.NoError(t, err)
}

// undo takes a database back to before its first migration.
var undo = []string{
	"DROP VIEW present_members", "DROP TABLE releases", "DROP TABLE release_series", "DROP TABLE release_cells", "DROP TABLE members", "DROP TABLE organizations",
	"DROP TABLE deletions", "DROP TABLE subjects", "DROP TABLE signups", "DELETE FROM " + versions + " WHERE version_id > 0",
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// TestMigrationHappensWhole makes the end of a migration fail, then lets it succeed.
func TestMigrationHappensWhole(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		require.NoError(t, d.open(t).Close())
		raw := d.raw(t)
		run(t, raw, undo...)
		run(t, raw, "CREATE TABLE answered_groups (in_the_way TEXT)")
		_, err := Open(t.Context(), d.dsn)
		requireKind(t, Broken, err)
		_, err = raw.ExecContext(t.Context(), "SELECT * FROM organizations")
		require.Error(t, err, "nothing of it is left")

		run(t, raw, "DROP TABLE answered_groups")
		add(t, withCompany(t, d), anna, "U-1")
	})
}

// TestNewerVersionMeanwhile has a newer program migrate while this one does.
func TestNewerVersionMeanwhile(t *testing.T) {
	d := emptySQLite(t)
	require.NoError(t, d.open(t).Close())
	raw := d.raw(t)
	run(t, raw, undo...)
	run(t, raw, `CREATE TRIGGER newer AFTER INSERT ON `+versions+` WHEN NEW.version_id = 1
		BEGIN INSERT INTO `+versions+` (version_id, is_applied) VALUES (9999, 1); END`)
	_, err := Open(t.Context(), d.dsn)
	requireKind(t, NewerVersion, err)
}

func TestNewerVersionIsRefused(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		run(t, d.raw(t), `INSERT INTO `+versions+` (version_id, is_applied) VALUES (9999, '1')`)
		require.NoError(t, s.Close())
		_, err := Open(t.Context(), d.dsn)
		requireKind(t, NewerVersion, err)
	})
}

func TestOpenRefusesWhatIsNoDatabase(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"", ":memory:", "file:x.db", "mysql://root:geheim@host/x", "postgres://u:ge heim@[/x", "a\x00b"} {
		_, err := Open(t.Context(), dsn)
		requireInvalid(t, "database", err)
		assert.NotContains(t, err.Error(), "heim")
	}
}

// TestContext makes every call in a context that has ended, on a store that is open and
// on one that is closed.
func TestContext(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
		defer cancel()
		for name, call := range calls {
			assert.Equal(t, context.Canceled, call(cancelled, s), name)
			assert.Equal(t, context.DeadlineExceeded, call(late, s), name)
		}
		_, err := Open(cancelled, d.dsn)
		require.Equal(t, context.Canceled, err)
		require.NoError(t, s.Close())
		for name, call := range calls {
			var closed *Unavailable
			assert.ErrorAs(t, call(t.Context(), s), &closed, name)
		}
	})
}

const childVariable = "ASLEEP_MCP_TEST_CHILD"

// beKilled reserves an e-mail, reports that, and waits to be killed.
func beKilled(dsn string) {
	s, err := Open(context.Background(), dsn)
	if err == nil {
		_, err = s.Reserve(context.Background(), anna)
	}
	fmt.Println(err)
	select {}
}

// TestKilledWhileAdding kills a real program between the two steps.
func TestKilledWhileAdding(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		program, err := os.Executable()
		require.NoError(t, err)
		child := exec.CommandContext(t.Context(), program)
		child.Env = append(os.Environ(), childVariable+"="+d.dsn)
		said, err := child.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, child.Start())
		line, err := bufio.NewReader(said).ReadString('\n')
		require.NoError(t, err)
		assert.Equal(t, "<nil>\n", line)
		require.NoError(t, child.Process.Kill())
		require.Error(t, child.Wait())

		assert.Equal(t, []State{Adding}, states(t, s))
		_, err = s.Reserve(t.Context(), anna)
		require.ErrorIs(t, err, ErrPending)
	})
}

func TestDefaultPath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		system string
		env    map[string]string
		want   string
	}{
		{"linux", map[string]string{"HOME": "/home/a"}, "/home/a/.local/share/asleep-mcp/asleep-mcp.db"},
		{"linux", map[string]string{"HOME": "/home/a", "XDG_DATA_HOME": "/data"}, "/data/asleep-mcp/asleep-mcp.db"},
		{"linux", map[string]string{"HOME": "/home/a", "XDG_DATA_HOME": "data"}, "/home/a/.local/share/asleep-mcp/asleep-mcp.db"},
		{"darwin", map[string]string{"HOME": "/Users/a"}, "/Users/a/Library/Application Support/asleep-mcp/asleep-mcp.db"},
		{"windows", map[string]string{"LocalAppData": "/AppData"}, "/AppData/asleep-mcp/asleep-mcp.db"},
		{"windows", map[string]string{"HOME": "/home/a"}, ""},
		{"linux", nil, ""},
	} {
		got, err := defaultPath(c.system, func(name string) string { return c.env[name] })
		assert.Equal(t, c.want == "", err != nil, c)
		assert.Equal(t, filepath.FromSlash(c.want), got, c)
	}
}
