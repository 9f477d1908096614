package windows

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/go-json-experiment/json"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// A Group is what the rows say about many people.
type Group struct {
	People int // everybody asked about

	// Rows is how many have a row of the window; Old of these rest on nights that were read
	// more than [FreshFor] ago. Read is when the oldest of the rows' nights were read; zero:
	// all were imported, or there is no row.
	Rows, Old int
	Read      time.Time

	// Those with a row: without nights, with too few to be eligible, and without means
	// because the service lists no numbers. The others are eligible.
	NoNights, FewNights, NoNumbers int
	Sessions                       int     // of everybody with a row
	Sources                        Sources // of their nights, the one with the most first

	// Those without a row: whose rows end on another date or are of another method, whom
	// the service no longer knows, who were forgotten, and the rest, whose nights of the
	// window were never read.
	Stale, Gone, Forgotten, NeverRead int

	Cohort analytics.Cohort
	Change *analytics.CohortChange // against the window before; nil: not asked for, or nobody is eligible in both
}

// Group reads the rows of many people. Nothing is asked for, and no night is read.
func (s *Store) Group(ctx context.Context, q Question) (g Group, err error) {
	err = s.asking(ctx, q, func(ctx context.Context, db sqldb.Rows, people int, in query) error {
		g.People = people
		lacking, err := s.means(ctx, db, q, in, &g)
		if err != nil || g.Rows == g.People {
			return err
		}
		return s.without(ctx, db, in.args[len(q.People.Args):], s.listed(lacking), &g)
	})
	return g, err
}

// eligible is [analytics.Person.Eligible] in SQL, of the columns with a prefix.
func eligible(prefix string) string {
	return fmt.Sprintf(`(w.%[1]snights >= %[2]d AND w.%[1]sscore IS NOT NULL AND w.%[1]sefficiency IS NOT NULL AND w.%[1]sasleep IS NOT NULL AND w.%[1]sasleep_24h IS NOT NULL)`,
		prefix, analytics.LeastPersonNights)
}

// The kinds of rows, in SQL; NULL is none.
const (
	ofEligible = iota
	ofNoNumbers
	ofNoNights
	ofFewNights
)

// means counts those who have a row, and reads the means of the eligible. It returns the others'
// user ids as JSON. What is computed for each row stands in a query of its own, which PostgreSQL
// shares between processors.
func (s *Store) means(ctx context.Context, db sqldb.Rows, q Question, in query, g *Group) (lacking string, err error) {
	var (
		short    int
		sessions sql.Null[int64]
		read     sql.Null[sqldb.Instant]
		means    []byte
		others   sql.Null[string]
		recorded int
		imported sql.Null[string]
	)
	names, values := []string{`score`, `efficiency`, `asleep`}, []string{`w.score`, `w.efficiency`, `w.asleep`}
	if q.Before {
		names = append(names, `before_score`, `before_efficiency`, `before_asleep`)
		values = append(values, `CASE WHEN `+eligible("before_")+` THEN w.before_score END AS before_score`, `w.before_efficiency`, `w.before_asleep`)
	}
	rows := fmt.Sprintf(`SELECT who.user_id, w.read_at, w.nights, w.sources, w.sessions, w.asleep_24h < %s AS short,
			CASE WHEN w.person IS NULL THEN NULL WHEN w.why IS NOT NULL THEN %d WHEN w.nights = 0 THEN %d WHEN %s THEN %d ELSE %d END AS kind, %s %s`,
		in.with(analytics.AdultRecommendation().Low*3600), ofNoNumbers, ofNoNights, eligible(""), ofEligible, ofFewNights, strings.Join(values, ", "), in.found)
	list := `json_group_array(%s)`
	if s.db.Server() {
		rows += ` OFFSET 0` // so that it stays one
		list = `json_agg(%s)`
	}
	lackers := fmt.Sprintf(list, `user_id`)
	isEligible := fmt.Sprintf(`kind = %d`, ofEligible)
	err = db.QueryRowContext(ctx, fmt.Sprintf(`SELECT COUNT(kind), COUNT(*) FILTER (WHERE read_at < %s), MIN(read_at), SUM(sessions),
			COUNT(*) FILTER (WHERE kind = %d), COUNT(*) FILTER (WHERE kind = %d), COUNT(*) FILTER (WHERE kind = %d), COUNT(*) FILTER (WHERE %s AND short),
			%s, %s FILTER (WHERE kind IS NULL), COALESCE(SUM(nights) FILTER (WHERE sources IS NULL), 0), %s FILTER (WHERE sources IS NOT NULL) FROM (%s) found`,
		in.with(sqldb.Stamp(s.Now().Add(-FreshFor))), ofNoNights, ofFewNights, ofNoNumbers, isEligible, s.db.Numbers(isEligible, names...), lackers, fmt.Sprintf(list, `sources`), rows), in.args...).
		Scan(&g.Rows, &g.Old, &read, &sessions, &g.NoNights, &g.FewNights, &g.NoNumbers, &short, &means, &others, &recorded, &imported)
	if err != nil {
		return "", err
	}
	g.Sessions, g.Read = int(sessions.V), read.V.Time
	if g.Sources, err = sourcesOf(recorded, imported.V); err != nil {
		return "", err
	}
	all := sqldb.ReadNumbers(means, len(names))
	g.Cohort = analytics.PeopleMeans{Score: all[0], Efficiency: all[1], Asleep: all[2]}.Cohort(short)
	if q.Before {
		g.Change = change(all)
	}
	if g.Rows < g.People && !s.db.Server() {
		err = db.QueryRowContext(ctx, `SELECT `+lackers+` FROM (`+in.who+` EXCEPT SELECT who.user_id `+in.found+`)`, in.args...).Scan(&others)
	}
	return others.V, err
}

// sourcesOf adds up nights that the service recorded and what rows with imported nights say, as a list of texts in JSON.
func sourcesOf(recorded int, imported string) (all Sources, err error) {
	all = Row{Means: Means{Nights: recorded}}.Sources()
	if imported == "" {
		return all, nil
	}
	var texts []string
	if err := json.Unmarshal([]byte(imported), &texts); err != nil {
		return nil, err
	}
	for _, text := range texts {
		var one Sources
		if err := one.Scan(text); err != nil {
			return nil, err
		}
		all = nights.AddSources(all, one)
	}
	slices.SortStableFunc(all, func(a, b nights.SourceNights) int { return cmp.Compare(b.Nights, a.Nights) })
	return all, nil
}

// change compares with the window before: the means of eligible people, and those before, of
// which the score is no number where people are not comparable.
func change(all [][]float64) *analytics.CohortChange {
	var lists [6][]float64
	for j := range lists {
		lists[j] = make([]float64, 0, len(all[j]))
	}
	for i := range all[0] {
		if math.IsNaN(all[3][i]) {
			continue
		}
		for j := range lists {
			lists[j] = append(lists[j], all[j][i])
		}
	}
	if len(lists[0]) == 0 {
		return nil
	}
	now, before := analytics.PeopleMeans{Score: lists[0], Efficiency: lists[1], Asleep: lists[2]}, analytics.PeopleMeans{Score: lists[3], Efficiency: lists[4], Asleep: lists[5]}
	return new(now.ChangeFrom(before))
}

// without counts those who have no row, by the reason. asked are the arguments of a question:
// the length of the window, its last date, the method and the environment.
func (s *Store) without(ctx context.Context, db sqldb.Rows, asked []any, lacking sqldb.Part, g *Group) error {
	const gone, current, outdated = 3, 2, 1
	args := slices.Concat(lacking.Args, asked[1:4])
	err := db.QueryRowContext(ctx, fmt.Sprintf(`SELECT COUNT(CASE WHEN state = %[1]d THEN 1 END), COUNT(CASE WHEN state = %[3]d THEN 1 END) FROM (
			SELECT (SELECT MAX(CASE WHEN p.gone IS NOT NULL AND p.environment = $4 THEN %[1]d
					WHEN r.method = $3 AND r.last_day >= $2 THEN %[2]d WHEN r.person IS NOT NULL THEN %[3]d END)
				FROM people p LEFT JOIN reduced r ON r.person = p.person
				WHERE p.user_id = l.user_id AND p.environment IN ($4, '')) AS state FROM (%[4]s) l) states`,
		gone, current, outdated, lacking.SQL), args...).Scan(&g.Gone, &g.Stale)
	if err != nil {
		return err
	}
	g.NeverRead = g.People - g.Rows - g.Gone - g.Stale
	marks, err := s.archive.Marks(ctx)
	if err != nil || len(marks) == 0 || g.NeverRead == 0 {
		return err
	}
	unknown, err := sqldb.Collect(ctx, db, func(row sqldb.Scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT user_id FROM (`+lacking.SQL+`) l WHERE NOT EXISTS (SELECT 1 FROM people p WHERE p.user_id = l.user_id)`, lacking.Args...)
	for _, id := range unknown {
		mark, err := s.archive.Mark(ctx, id)
		if err != nil {
			return err
		}
		if marks[mark] {
			g.Forgotten++
			g.NeverRead--
		}
	}
	return err
}

// Newest returns the last date before one on which windows of a length end; zero if there
// is none.
func (s *Store) Newest(ctx context.Context, days int, before civil.Date) (last civil.Date, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		var day sql.Null[sqldb.Day]
		err := db.QueryRowContext(ctx, `SELECT MAX(last_day) FROM rolling_windows WHERE days = $1 AND method = $2 AND last_day < $3`,
			days, analytics.Method, before.String()).Scan(&day)
		last = day.V.Date
		return err
	})
	return last, err
}

// A Person is somebody's row, with whose it is.
type Person struct {
	UserID string
	Row
}

// Rows returns the rows of those who have one, in no order. It is for few people.
func (s *Store) Rows(ctx context.Context, q Question) (all []Person, err error) {
	err = s.asking(ctx, q, func(ctx context.Context, db sqldb.Rows, _ int, in query) (err error) {
		all, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (p Person, err error) {
			p.Row, err = scanRow(row, true, &p.UserID)
			return p, err
		}, `SELECT who.user_id, `+rollingRow+` `+in.found+` WHERE w.person IS NOT NULL`, in.args...)
		return err
	})
	return all, err
}
