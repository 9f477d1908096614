package windows

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
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
func (s *Store) Group(ctx context.Context, question Question) (g Group, err error) {
	err = s.asking(ctx, question, func(ctx context.Context, db sqldb.Rows, q query) error {
		g.People = q.people
		lacking, err := s.means(ctx, db, q, &g)
		if err != nil || g.Rows == g.People {
			return err
		}
		return s.without(ctx, db, q, s.listed(lacking), &g)
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
func (s *Store) means(ctx context.Context, db sqldb.Rows, q query, g *Group) (lacking string, err error) {
	columns, values := []string{`score`, `efficiency`, `asleep`}, `w.score, w.efficiency, w.asleep`
	if q.Before {
		columns = append(columns, `before_score`, `before_efficiency`, `before_asleep`)
		values += `, CASE WHEN ` + eligible("before_") + ` THEN w.before_score END AS before_score, w.before_efficiency, w.before_asleep`
	}
	list, alone := `json_group_array`, ``
	if s.db.Server() {
		list, alone = `json_agg`, `OFFSET 0` // which keeps it a query of its own
	}
	for kind, number := range map[string]int{"eligible": ofEligible, "no numbers": ofNoNumbers, "no nights": ofNoNights, "few nights": ofFewNights} {
		q.name(kind, fmt.Sprint(number))
	}
	q.argument("short", analytics.AdultRecommendation().Low*3600)
	q.argument("old", sqldb.Stamp(s.Now().Add(-FreshFor)))
	rows := q.sql(`SELECT who.user_id, w.read_at, w.nights, w.sources, w.sessions, w.asleep_24h < {short} AS short,
		CASE
			WHEN w.person IS NULL THEN NULL
			WHEN w.why IS NOT NULL THEN {no numbers}
			WHEN w.nights = 0 THEN {no nights}
			WHEN ` + eligible("") + ` THEN {eligible}
			ELSE {few nights}
		END AS kind, ` + values + ` {found} ` + alone)
	var (
		short    int
		sessions sql.Null[int64]
		read     sql.Null[sqldb.Instant]
		means    []byte
		others   sql.Null[string]
		recorded int
		imported sql.Null[string]
	)
	err = db.QueryRowContext(ctx, q.sql(`SELECT COUNT(kind), COUNT(*) FILTER (WHERE read_at < {old}), MIN(read_at), SUM(sessions),
			COUNT(*) FILTER (WHERE kind = {no nights}), COUNT(*) FILTER (WHERE kind = {few nights}), COUNT(*) FILTER (WHERE kind = {no numbers}),
			COUNT(*) FILTER (WHERE kind = {eligible} AND short), `+s.db.Numbers(`kind = {eligible}`, columns...)+`,
			`+list+`(user_id) FILTER (WHERE kind IS NULL),
			COALESCE(SUM(nights) FILTER (WHERE sources IS NULL), 0), `+list+`(sources) FILTER (WHERE sources IS NOT NULL)
		FROM (`+rows+`) found`), q.args...).
		Scan(&g.Rows, &g.Old, &read, &sessions, &g.NoNights, &g.FewNights, &g.NoNumbers, &short, &means, &others, &recorded, &imported)
	if err != nil {
		return "", err
	}
	g.Sessions, g.Read = int(sessions.V), read.V.Time
	if g.Sources, err = sourcesOf(recorded, imported.V); err != nil {
		return "", err
	}
	all := sqldb.ReadNumbers(means, len(columns))
	g.Cohort = analytics.PeopleMeans{Score: all[0], Efficiency: all[1], Asleep: all[2]}.Cohort(short)
	if q.Before {
		g.Change = change(all)
	}
	if g.Rows < g.People && !s.db.Server() {
		err = db.QueryRowContext(ctx, q.sql(`SELECT `+list+`(user_id) FROM ({who} EXCEPT SELECT who.user_id {found})`), q.args...).Scan(&others)
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

// without counts those who have no row, by the reason.
func (s *Store) without(ctx context.Context, db sqldb.Rows, q query, lacking sqldb.Part, g *Group) error {
	of := query{args: slices.Clone(lacking.Args)}
	of.argument("last", q.Last.String())
	of.argument("method", analytics.Method)
	of.argument("environment", q.environment)
	of.name("lacking", lacking.SQL)
	const outdated, current, gone = 1, 2, 3 // of somebody known as two people the highest counts
	for state, number := range map[string]int{"outdated": outdated, "current": current, "gone": gone} {
		of.name(state, fmt.Sprint(number))
	}
	err := db.QueryRowContext(ctx, of.sql(`SELECT COUNT(CASE WHEN state = {gone} THEN 1 END), COUNT(CASE WHEN state = {outdated} THEN 1 END) FROM (
			SELECT (SELECT MAX(CASE
					WHEN p.gone IS NOT NULL AND p.environment = {environment} THEN {gone}
					WHEN r.method = {method} AND r.last_day >= {last} THEN {current}
					WHEN r.person IS NOT NULL THEN {outdated}
				END) FROM people p LEFT JOIN reduced r ON r.person = p.person
				WHERE p.user_id = l.user_id AND p.environment IN ({environment}, '')) AS state FROM ({lacking}) l) states`), of.args...).
		Scan(&g.Gone, &g.Stale)
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
func (s *Store) Rows(ctx context.Context, question Question) (all []Person, err error) {
	err = s.asking(ctx, question, func(ctx context.Context, db sqldb.Rows, q query) (err error) {
		all, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (p Person, err error) {
			p.Row, err = scanRow(row, true, &p.UserID)
			return p, err
		}, q.sql(`SELECT who.user_id, `+rollingRow+` {found} WHERE w.person IS NOT NULL`), q.args...)
		return err
	})
	return all, err
}
