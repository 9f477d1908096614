package windows

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

const (
	meansColumns   = `first_night, nights, sessions, score, efficiency, asleep, asleep_24h`
	beforeColumns  = `before_nights, before_score, before_efficiency, before_asleep, before_asleep_24h, sources`
	rollingColumns = `person, days, last_day, method, why, read_at, ` + meansColumns + `, ` + beforeColumns
	calendarColumn = `person, period, method, why, ` + meansColumns
	rollingRow     = `why, ` + meansColumns + `, read_at, ` + beforeColumns // what scanRow reads
)

func (k windowKey) compare(other windowKey) int {
	return cmp.Or(cmp.Compare(k.days, other.days), k.last.Compare(other.last), strings.Compare(k.period, other.period))
}

// same reports whether a row says what another one does. When nights were read is not part
// of a calendar window, most of which never change.
func (r Row) same(as Row, calendar bool) bool {
	if calendar {
		r.Read = as.Read
	}
	return r.Read.Equal(as.Read) && reflect.DeepEqual(r.withRead(time.Time{}), as.withRead(time.Time{}))
}

func (r Row) withRead(at time.Time) Row {
	r.Read = at
	return r
}

// kept returns the rows of a person by this program's method.
func kept(ctx context.Context, db sqldb.Rows, person int64) (map[windowKey]Row, error) {
	all := map[windowKey]Row{}
	_, err := sqldb.Collect(ctx, db, func(row sqldb.Scanner) (none struct{}, err error) {
		var key windowKey
		var last sqldb.Day
		r, err := scanRow(row, true, &key.days, &last)
		key.last = last.Date
		all[key] = r
		return none, err
	}, `SELECT days, last_day, `+rollingRow+` FROM rolling_windows WHERE person = $1 AND method = $2`, person, analytics.Method)
	if err != nil {
		return nil, err
	}
	_, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (none struct{}, err error) {
		var key windowKey
		r, err := scanRow(row, false, &key.period)
		all[key] = r
		return none, err
	}, `SELECT period, why, `+meansColumns+` FROM calendar_windows WHERE person = $1 AND method = $2`, person, analytics.Method)
	return all, err
}

// scanRow reads what comes before a row, and the row.
func scanRow(row sqldb.Scanner, rolling bool, before ...any) (r Row, err error) {
	var (
		why          sql.Null[string]
		first        sql.Null[sqldb.Day]
		read         sql.Null[sqldb.Instant]
		beforeNights *int
		then         Means
	)
	into := append(before, &why, &first, &r.Nights, &r.Sessions, &r.Score, &r.Efficiency, &r.Asleep, &r.Asleep24)
	if rolling {
		into = append(into, &read, &beforeNights, &then.Score, &then.Efficiency, &then.Asleep, &then.Asleep24, &r.Imported)
	}
	err = row.Scan(into...)
	r.Why, r.First, r.Read = analytics.Reason(why.V), first.V.Date, read.V.Time
	if beforeNights != nil {
		then.Nights = *beforeNights
		r.Before = &then
	}
	return r, err
}

// write inserts rows, or replaces those of the same windows.
func write(ctx context.Context, tx *sql.Tx, person int64, rows map[windowKey]Row, keys []windowKey) error {
	var rolling, calendar [][]any
	for _, key := range keys {
		r := rows[key]
		means := []any{nullable(r.First, civil.Date.IsZero, civil.Date.String), r.Nights, r.Sessions, r.Score, r.Efficiency, r.Asleep, r.Asleep24}
		why := nullable(r.Why, func(w analytics.Reason) bool { return w == "" }, func(w analytics.Reason) string { return string(w) })
		if key.days == 0 {
			calendar = append(calendar, append([]any{person, key.period, analytics.Method, why}, means...))
			continue
		}
		values := append([]any{person, key.days, key.last.String(), analytics.Method, why, nullable(r.Read, time.Time.IsZero, sqldb.Stamp)}, means...)
		if b := r.Before; b != nil {
			values = append(values, b.Nights, b.Score, b.Efficiency, b.Asleep, b.Asleep24)
		} else {
			values = append(values, nil, nil, nil, nil, nil)
		}
		rolling = append(rolling, append(values, r.Imported))
	}
	if err := upsert(ctx, tx, "rolling_windows", rollingColumns, "person, days, last_day, method", rolling); err != nil {
		return err
	}
	return upsert(ctx, tx, "calendar_windows", calendarColumn, "person, period, method", calendar)
}

// nullable returns a value as text, or nil for none.
func nullable[T any](value T, none func(T) bool, text func(T) string) any {
	if none(value) {
		return nil
	}
	return text(value)
}

// upsert writes rows in one statement; those of the same key are replaced.
func upsert(ctx context.Context, tx *sql.Tx, table, columns, key string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	var statement strings.Builder
	var args []any
	fmt.Fprintf(&statement, "INSERT INTO %s (%s) VALUES ", table, columns)
	for i, row := range rows {
		if i > 0 {
			statement.WriteString(", ")
		}
		for j := range row {
			fmt.Fprintf(&statement, "%c$%d", "(,"[min(j, 1)], len(args)+j+1)
		}
		statement.WriteByte(')')
		args = append(args, row...)
	}
	fmt.Fprintf(&statement, " ON CONFLICT (%s) DO UPDATE SET ", key)
	keys := strings.Split(key, ", ")
	first := true
	for column := range strings.SplitSeq(columns, ", ") {
		if slices.Contains(keys, column) {
			continue
		}
		if !first {
			statement.WriteString(", ")
		}
		first = false
		fmt.Fprintf(&statement, "%[1]s = excluded.%[1]s", column)
	}
	_, err := sqldb.Change(ctx, tx, statement.String(), args...)
	return err
}

// remove deletes one row.
func remove(ctx context.Context, tx *sql.Tx, person int64, key windowKey) error {
	statement, args := `DELETE FROM rolling_windows WHERE person = $1 AND method = $2 AND days = $3 AND last_day = $4`,
		[]any{person, analytics.Method, key.days, key.last.String()}
	if key.days == 0 {
		statement, args = `DELETE FROM calendar_windows WHERE person = $1 AND method = $2 AND period = $3`, []any{person, analytics.Method, key.period}
	}
	_, err := sqldb.Change(ctx, tx, statement, args...)
	return err
}
