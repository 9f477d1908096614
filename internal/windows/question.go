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
	p := sqldb.Part{DB: s.db, SQL: `SELECT value AS user_id FROM json_each($1)`, Args: []any{string(text)}}
	if s.db.Server() {
		p.SQL = `SELECT user_id FROM json_array_elements_text($1::json) AS user_id`
	}
	return p
}

// query is a question as it is asked in SQL: its arguments, and where rows are found.
type query struct {
	args  []any
	who   string // a query of user_id
	found string // FROM and WHERE of the rows w, each with its person p and with who
}

// asking runs f with a question in SQL, whose people are few if they are listed; without a
// database it returns nil.
func (s *Store) asking(ctx context.Context, q Question, listed bool, f func(context.Context, sqldb.Rows, query) error) error {
	environment, err := s.archive.Environment(ctx, s.Key)
	if err != nil {
		return err
	}
	return s.db.ReadWith(ctx, q.People, nil, func(ctx context.Context, db sqldb.Rows, who string) error {
		return f(ctx, db, s.query(q, environment, who, listed))
	})
}

// query writes a question in SQL. A user whom the service knows has no row as a person of
// whom nights were imported. PostgreSQL joins the two kinds of people with many others fast only if
// they come one after the other, SQLite only if they come together; and SQLite does not see that a list is short.
func (s *Store) query(q Question, environment, who string, listed bool) query {
	n := len(q.People.Args)
	args := append(append([]any{}, q.People.Args...), q.Days, q.Last.String(), analytics.Method, environment)
	known := `SELECT user_id, person FROM people i WHERE gone IS NULL AND (`
	or, join := ` OR `, `JOIN`
	switch {
	case s.db.Server() && !listed:
		or = `) UNION ALL ` + known
	case !s.db.Server() && listed:
		join = `CROSS JOIN` // in this order
	}
	return query{args, who, fmt.Sprintf(`FROM (%[1]s) who
		%[8]s (%[6]s environment = $%[5]d %[7]s environment = '' AND NOT EXISTS (
			SELECT 1 FROM people q WHERE q.user_id = i.user_id AND q.environment = $%[5]d AND q.gone IS NULL))) p ON p.user_id = who.user_id
		%[8]s rolling_windows w ON w.person = p.person AND w.days = $%[2]d AND w.last_day = $%[3]d AND w.method = $%[4]d`,
		who, n+1, n+2, n+3, n+4, known, or, join)}
}

// with adds an argument and returns its name.
func (q *query) with(arg any) string {
	q.args = append(q.args, arg)
	return fmt.Sprintf("$%d", len(q.args))
}
