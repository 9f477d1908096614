package sqldb

import (
	"database/sql/driver"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"modernc.org/sqlite"
)

// Numbers writes an aggregate in SQL that brings columns of floating-point numbers, of all rows for which a
// condition holds, over in one value. That costs a fraction of fetching a row for each. Scan
// it into []byte, for [ReadNumbers].
func (d *DB) Numbers(condition string, columns ...string) string {
	filter := " FILTER (WHERE " + condition + ")"
	if !d.Server() {
		return "numbers(" + strings.Join(columns, ", ") + ")" + filter
	}
	lists := make([]string, len(columns))
	for i, column := range columns {
		lists[i] = "array_agg(" + column + ")" + filter
	}
	return "array_send(ARRAY[" + strings.Join(lists, ", ") + "])"
}

// A table in the binary format of PostgreSQL: how many dimensions, whether there is nothing
// among the values, their type, of both dimensions the length and the first index; then column by
// column the length of each value, negative for nothing, and the value.
const (
	tableHead = 3*4 + 2*8
	float8    = 701 // the type
	size      = 8   // of a value
	nothing   = -1
)

// ReadNumbers returns n columns of numbers, in one order of rows. What is nothing in the
// database is no number.
func ReadNumbers(b []byte, n int) [][]float64 {
	all := make([][]float64, n)
	if len(b) < tableHead {
		return all
	}
	rows := int(binary.BigEndian.Uint32(b[3*4+8:]))
	b = b[tableHead:]
	for c := range all {
		column := make([]float64, rows)
		for i := range column {
			column[i] = math.NaN()
			if int32(binary.BigEndian.Uint32(b)) != nothing {
				column[i] = math.Float64frombits(binary.BigEndian.Uint64(b[4:]))
				b = b[size:]
			}
			b = b[4:]
		}
		all[c] = column
	}
	return all
}

func init() {
	sqlite.MustRegisterFunction("numbers", &sqlite.FunctionImpl{NArgs: -1, Deterministic: true, MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) {
		return &numbers{}, nil
	}})
}

// numbers is the aggregate in SQLite.
type numbers struct {
	columns [][]byte
	rows    int
}

// Step implements [sqlite.AggregateFunction].
func (n *numbers) Step(_ *sqlite.FunctionContext, row []driver.Value) error {
	if n.columns == nil {
		n.columns = make([][]byte, len(row))
	}
	for i, value := range row {
		if number, is := value.(float64); is {
			n.columns[i] = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(n.columns[i], size), math.Float64bits(number))
		} else {
			n.columns[i] = binary.BigEndian.AppendUint32(n.columns[i], math.MaxUint32)
		}
	}
	n.rows++
	return nil
}

// WindowInverse implements [sqlite.AggregateFunction].
func (n *numbers) WindowInverse(*sqlite.FunctionContext, []driver.Value) error { return nil }

// WindowValue implements [sqlite.AggregateFunction].
func (n *numbers) WindowValue(*sqlite.FunctionContext) (driver.Value, error) {
	var head []byte
	for _, number := range []int{2, 1, float8, len(n.columns), 1, n.rows, 1} {
		head = binary.BigEndian.AppendUint32(head, uint32(number))
	}
	return slices.Concat(head, slices.Concat(n.columns...)), nil
}

// Final implements [sqlite.AggregateFunction].
func (n *numbers) Final(*sqlite.FunctionContext) {}
