package disclosure

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

// database is an empty database, SQLite or PostgreSQL.
type database struct{ dsn string }

func both(t *testing.T, test func(*testing.T, database)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, database{filepath.Join(t.TempDir(), "x.db")}) })
	t.Run("postgres", func(t *testing.T) { test(t, database{postgrestest.For(t).Empty(t)}) })
}

func (d database) open(t *testing.T) *directory.Store {
	t.Helper()
	s, err := directory.Open(t.Context(), d.dsn)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// reopen closes a store, as the end of its program would, and opens another.
func (d database) reopen(t *testing.T, s *directory.Store) *directory.Store {
	t.Helper()
	require.NoError(t, s.Close())
	return d.open(t)
}

// recorded counts the sets released to a caller.
func (d database) recorded(t *testing.T, caller string) (rows int) {
	t.Helper()
	driver, dsn := "sqlite", "file:"+d.dsn
	if strings.HasPrefix(d.dsn, "postgres") {
		driver, dsn = "pgx", d.dsn
	}
	db, err := sql.Open(driver, dsn)
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM told_groups WHERE caller = $1`, hashedCaller(caller)).Scan(&rows))
	return rows
}

func userIDs(from, to int) (all []string) {
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprintf("U-%d", i))
	}
	return all
}

var today = civil.Date{Year: 2026, Month: time.March, Day: 1}

// release is one about people over the given number of nights up to today.
func release(caller string, days int, users []string) directory.Release {
	return directory.Release{Caller: caller, From: today.AddDays(1 - days), To: today, Sets: map[string][]string{Behind: users}}
}

// later returns the same question, the given number of days later.
func later(days int, r directory.Release) directory.Release {
	r.From, r.To = r.From.AddDays(days), r.To.AddDays(days)
	return r
}

func TestAudit(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		fifty := userIDs(0, 50)
		shuffled := append(slices.Clone(fifty), "U-3", "U-3")
		slices.Reverse(shuffled)
		for _, ask := range []struct {
			why  string
			ask  directory.Release
			free int // days from today until nothing is in the way; as asked when allowed
		}{
			{"the first", release("analyst", 30, fifty), -29},
			{"the same again", release("analyst", 30, fifty), -29},
			{"the same in another order", release("analyst", 7, shuffled), -6},
			{"one fewer", release("analyst", 7, userIDs(1, 50)), 1},
			{"ten more", release("analyst", 366, userIDs(0, 60)), 1},
			{"five others", release("analyst", 30, userIDs(5, 55)), 1},
			{"eleven others of the fifty", release("analyst", 30, userIDs(11, 61)), -29},
			{"somebody else asks", release("second", 30, userIDs(1, 50)), -29},
			{"eleven more", release("analyst", 30, userIDs(0, 61)), -29},
			{"one fewer than the first, with others in between", release("analyst", 30, userIDs(1, 50)), 1},
			{"one fewer, when the nights are others", later(30, release("analyst", 30, userIDs(1, 50))), 1},
			{"the same group, once more", later(31, release("analyst", 30, userIDs(1, 50))), 2},
			{"the first, whose nights those were not", later(30, release("analyst", 31, fifty)), 32},
			{"nobody", release("third", 30, nil), -29},
			{"few", release("third", 30, userIDs(0, 10)), 1},
			{"few, on other nights", later(90, release("third", 30, userIDs(0, 10))), 91},
		} {
			s = d.reopen(t, s)
			ok, free, err := Audit(t.Context(), s, ask.ask)
			require.NoError(t, err)
			assert.Equal(t, today.AddDays(ask.free), free, ask.why)
			assert.Equal(t, ask.free < 0 || free == ask.ask.From, ok, ask.why)
		}
	})
}

// TestAuditEveryDay asks every day about the last thirty, while somebody joins.
func TestAuditEveryDay(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		var told []int
		for day := range 80 {
			people := userIDs(0, 20)
			if day >= 10 {
				people = userIDs(0, 21)
			}
			ask := later(day, release("analyst", 30, people))
			ok, free, err := Audit(t.Context(), s, ask)
			require.NoError(t, err)
			if ok {
				told = append(told, day)
				continue
			}
			assert.Equal(t, today.AddDays(10), free, "the day after the last answer")
			shorter := later(day, release("nobody yet", 7, people))
			shorter.From = free
			ok, _, err = Audit(t.Context(), s, shorter)
			require.NoError(t, err)
			assert.True(t, ok)
		}
		want := slices.Concat(days(0, 10), days(39, 80))
		assert.Equal(t, want, told)
		assert.Equal(t, 2, d.recorded(t, "analyst"), "one row for a group, however often it is asked about")
	})
}

func days(from, to int) (all []int) {
	for day := from; day < to; day++ {
		all = append(all, day)
	}
	return all
}

// TestAuditForgetsNothingInTime asks about many groups in between, and after more
// than a year.
func TestAuditForgetsNothingInTime(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		allows := func(ask directory.Release) bool {
			ok, _, err := Audit(t.Context(), s, ask)
			require.NoError(t, err)
			return ok
		}
		for i := range 60 {
			require.True(t, allows(release("analyst", 30, userIDs(100*i, 100*i+50))), i)
		}
		for _, days := range []int{0, 1, 29, 364, 365} {
			assert.False(t, allows(later(days, release("analyst", 366, userIDs(1, 50)))), days)
		}
		require.True(t, allows(later(367, release("analyst", 7, userIDs(9000, 9050)))), "two days further on")
		assert.False(t, allows(later(365, release("analyst", 366, userIDs(1, 50)))), "today is not the same everywhere")
		assert.True(t, allows(later(366, release("analyst", 366, userIDs(1, 50)))))
		require.True(t, allows(later(800, release("analyst", 7, userIDs(9000, 9050)))))
		assert.Equal(t, 1, d.recorded(t, "analyst"), "what no question can meet is gone")
	})
}

// TestAuditOutOfOrder asks in zones of different dates, and about others last.
func TestAuditOutOfOrder(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		fifty := userIDs(0, 50)
		free := func(ask directory.Release) civil.Date {
			_, first, err := Audit(t.Context(), s, ask)
			require.NoError(t, err)
			return first
		}
		for i := range 5 {
			free(later(10, release("analyst", 30, userIDs(100*i+100, 100*i+150))))
		}
		free(later(5, release("analyst", 30, fifty)))
		free(later(4, release("analyst", 30, fifty)))
		assert.Equal(t, today.AddDays(6), free(later(11, release("analyst", 30, userIDs(1, 50)))))
	})
}

// TestAuditAllOrNothing has one kind refused, and then the other is not recorded either.
func TestAuditAllOrNothing(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		allows := func(people, members []string) bool {
			q := release("analyst", 30, people)
			q.Sets[Members] = members
			ok, _, err := Audit(t.Context(), s, q)
			require.NoError(t, err)
			return ok
		}
		require.True(t, allows(userIDs(0, 20), userIDs(0, 30)))
		require.False(t, allows(userIDs(0, 40), userIDs(0, 31)), "one member more")
		assert.True(t, allows(userIDs(0, 41), userIDs(0, 41)), "one from what was refused, and nothing was told of that")
		assert.False(t, allows(userIDs(0, 40), userIDs(0, 41)))
	})
}

// TestAuditAtOnce asks about twenty groups, each one person from the next.
func TestAuditAtOnce(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		stores := []*directory.Store{d.open(t), d.open(t)}
		var (
			all     sync.WaitGroup
			allowed atomic.Int64
		)
		for i := range 20 {
			all.Go(func() {
				ok, _, err := Audit(t.Context(), stores[i%2], release("analyst", 30, userIDs(0, 20+i)))
				if assert.NoError(t, err) && ok {
					allowed.Add(1)
				}
			})
		}
		all.Wait()
		kept := d.recorded(t, "analyst")
		assert.EqualValues(t, kept, allowed.Load())
		assert.LessOrEqual(t, kept, 2, "of twenty that lie within nineteen people, two are eleven apart")
	})
}

// TestAuditParts has parts of a group of sixty, and of more.
func TestAuditParts(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		for _, ask := range []struct {
			why         string
			part, whole int
			want        bool
		}{
			{"the first", 30, 60, true},
			{"the same again", 30, 60, true},
			{"none of eleven more", 30, 71, false},
			{"each of eleven more", 41, 71, true},
			{"one more of them, and none of eleven others", 42, 82, false},
			{"others of the same sixty", 52, 60, true},
		} {
			s = d.reopen(t, s)
			q := release("analyst", 30, userIDs(0, ask.part))
			q.Whole = userIDs(0, ask.whole)
			ok, _, err := Audit(t.Context(), s, q)
			require.NoError(t, err)
			assert.Equal(t, ask.want, ok, ask.why)
		}
	})
}
