package windows

import (
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/civil"
	"github.com/go-json-experiment/json"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// FreshFor is how old a reading of somebody's nights may be.
const FreshFor = 36 * time.Hour

// A Question is about a rolling window of many people.
type Question struct {
	People sqldb.Part // their user ids, each once
	Days   int        // one of [Lengths]
	Last   civil.Date
	Before bool // compared with the window before it, too
}

// Listed returns people who are listed by their user ids.
func (s *Store) Listed(userIDs []string) sqldb.Part {
	text, err := json.Marshal(userIDs)
	if err != nil {
		panic(fmt.Sprintf("windows: encode ids: %v", err)) // they are texts
	}
	return s.listed(string(text))
}

// listed is [Store.Listed] of ids that are encoded as JSON.
func (s *Store) listed(text string) sqldb.Part {
	p := sqldb.Part{DB: s.db, SQL: `SELECT value AS user_id FROM json_each($1)`, Args: []any{text}}
	if s.db.Server() {
		p.SQL = `SELECT user_id FROM json_array_elements_text($1::json) AS user_id`
	}
	return p
}

// query is a question as it is asked in SQL: its arguments, and where rows are found.
type query struct {
	args  []any
	who   string // a query of user_id
	found string // FROM of who, each with their row w. PostgreSQL has those without one, too
}

// fewPeople is up to how many people are found one by one.
const fewPeople = 5000

// asking runs f with a question about so many people in SQL; without a database it does nothing.
func (s *Store) asking(ctx context.Context, q Question, f func(ctx context.Context, db sqldb.Rows, people int, in query) error) error {
	environment, err := s.archive.Environment(ctx, s.Key)
	if err != nil {
		return err
	}
	return s.db.ReadWith(ctx, q.People, nil, func(ctx context.Context, db sqldb.Rows, who string) error {
		var people int
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM (`+who+`) who`, q.People.Args...).Scan(&people); err != nil {
			return err
		}
		return f(ctx, db, people, s.query(q, environment, who, people))
	})
}

// query writes a question in SQL. A user whom the service knows has no row as a person of
// whom nights were imported. PostgreSQL joins the two kinds of people with many others fast only if
// they come one after the other, and finds few fast only if they come together. SQLite joins either fast only if
// they come together, does not see that people are few, and has no fast way to find rows and who lacks one at once.
func (s *Store) query(q Question, environment, who string, people int) query {
	n := len(q.People.Args)
	args := append(append([]any{}, q.People.Args...), q.Days, q.Last.String(), analytics.Method, environment)
	known := `SELECT user_id, person FROM people i WHERE gone IS NULL AND (`
	or, first, join := ` OR `, `JOIN`, `JOIN`
	switch few := people <= fewPeople; {
	case s.db.Server():
		first = `LEFT JOIN`
		if !few {
			or = `) UNION ALL ` + known
		}
	case few:
		first, join = `CROSS JOIN`, `CROSS JOIN` // in this order
	}
	return query{args, who, fmt.Sprintf(`FROM (%[1]s) who %[2]s ((%[3]senvironment = $%[4]d%[5]senvironment = '' AND NOT EXISTS (
			SELECT 1 FROM people q WHERE q.user_id = i.user_id AND q.environment = $%[4]d AND q.gone IS NULL))) p
		%[6]s rolling_windows w ON w.person = p.person AND w.days = $%[7]d AND w.last_day = $%[8]d AND w.method = $%[9]d) ON p.user_id = who.user_id`,
		who, first, known, n+4, or, join, n+1, n+2, n+3)}
}

// with adds an argument and returns its name.
func (q *query) with(arg any) string {
	q.args = append(q.args, arg)
	return fmt.Sprintf("$%d", len(q.args))
}
