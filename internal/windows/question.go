package windows

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

// query is a question in SQL, which is written with names in braces: {last} is an argument, {who}
// a query of user_id, and {found} the FROM of who, each with their row w. PostgreSQL finds those
// without a row, too.
type query struct {
	Question
	environment string
	people      int // of who
	args        []any
	names       []string // each with its meaning
}

// name gives a meaning to a name.
func (q *query) name(name, meaning string) { q.names = append(q.names, "{"+name+"}", meaning) }

// argument gives a name to an argument.
func (q *query) argument(name string, value any) {
	q.args = append(q.args, value)
	q.name(name, fmt.Sprintf("$%d", len(q.args)))
}

// sql puts the meanings of names into a text.
func (q *query) sql(text string) string { return strings.NewReplacer(q.names...).Replace(text) }

// fewPeople is up to how many people are found one by one.
const fewPeople = 5000

// asking runs f with a question in SQL; without a database it does nothing.
func (s *Store) asking(ctx context.Context, question Question, f func(ctx context.Context, db sqldb.Rows, q query) error) error {
	environment, err := s.archive.Environment(ctx, s.Key)
	if err != nil {
		return err
	}
	return s.db.ReadWith(ctx, question.People, nil, func(ctx context.Context, db sqldb.Rows, who string) error {
		q := query{Question: question, environment: environment, args: slices.Clone(question.People.Args)}
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM (`+who+`) who`, q.args...).Scan(&q.people); err != nil {
			return err
		}
		q.argument("days", q.Days)
		q.argument("last", q.Last.String())
		q.argument("method", analytics.Method)
		q.argument("environment", environment)
		q.name("who", who)
		q.name("found", s.found(q))
		return f(ctx, db, q)
	})
}

// found is what {found} means. A user whom the service knows has no row as a person of whom nights
// were imported alone. How it is written decides how fast it is:
//
//   - PostgreSQL joins the two kinds of people with many others fast only if they come one after the other, and
//     finds few fast only if they come together.
//   - SQLite joins either fast only if they come together, does not see that people are few, and has
//     no fast way to find rows and who lacks one at once.
func (s *Store) found(q query) string {
	const known = `SELECT user_id, person FROM people i WHERE gone IS NULL AND `
	q.name("recorded", `environment = {environment}`)
	q.name("imported", `environment = '' AND NOT EXISTS (
		SELECT 1 FROM people q WHERE q.user_id = i.user_id AND q.environment = {environment} AND q.gone IS NULL)`)
	people, join, joinRow := known+`({recorded} OR {imported})`, `JOIN`, `JOIN`
	switch few := q.people <= fewPeople; {
	case s.db.Server():
		join = `LEFT JOIN`
		if !few {
			people = known + `{recorded} UNION ALL ` + known + `{imported}`
		}
	case few:
		join, joinRow = `CROSS JOIN`, `CROSS JOIN` // in this order
	}
	text := q.sql(`FROM ({who}) who ` + join + ` ((` + people + `) p
		` + joinRow + ` rolling_windows w ON w.person = p.person AND w.days = {days} AND w.last_day = {last} AND w.method = {method}) ON p.user_id = who.user_id`)
	return q.sql(text) // what names mean has names
}
