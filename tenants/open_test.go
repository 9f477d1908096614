package tenants

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

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
	var applied int
	row := d.raw(t).QueryRowContext(t.Context(), `SELECT COUNT(*) FROM `+versions+` WHERE version_id = 1`)
	require.NoError(t, row.Scan(&applied))
	assert.Equal(t, 1, applied, "each migration happens once")
}

// undo takes a database back to before its first migration.
var undo = []string{
	"DROP VIEW present_members", "DROP TABLE answered_groups", "DROP TABLE members", "DROP TABLE organizations",
	"DROP TABLE deletions", "DROP TABLE subjects", "DROP TABLE signups", "DELETE FROM " + versions + " WHERE version_id = 1",
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// TestMigrationHappensWhole makes the end of a migration fail, then lets it
// happen.
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

// TestContext asks everything in a context that has ended, of a store that is
// open and of one that is closed.
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

// beKilled reserves an e-mail, says so, and waits for its end.
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
