package sqldb

import (
	"database/sql/driver"
	"encoding/binary"
	"math"
	"strings"

	"modernc.org/sqlite"
)

// Numbers writes an aggregate in SQL that brings columns of floating-point numbers, of all rows for which a
// condition holds, over in one value. That costs a fraction of fetching a row for each. Scan
// it into []byte, for [ReadNumbers].
func (d *DB) Numbers(condition string, columns ...string) string {
	gathered := "numbers(" + strings.Join(columns, ", ") + ")"
	if d.Server() {
		gathered = "string_agg(record_send(ROW(COALESCE(" + strings.Join(columns, ", 'NaN'), COALESCE(") + ", 'NaN'))), ''::bytea)"
	}
	return gathered + " FILTER (WHERE " + condition + ")"
}

// A record in the binary format of PostgreSQL: how many columns, and of each the type, the
// length and the value. Nothing is sent as no number, so that all are of one size.
const (
	recordHead = 4
	columnHead = 8
	columnSize = columnHead + 8
	float8     = 701 // the type
)

// ReadNumbers returns n columns of numbers, in one order of rows. What is nothing in the
// database is no number.
func ReadNumbers(b []byte, n int) [][]float64 {
	size := recordHead + n*columnSize
	all := make([][]float64, n)
	for c := range all {
		column := make([]float64, len(b)/size)
		at := recordHead + c*columnSize + columnHead
		for i := range column {
			column[i] = math.Float64frombits(binary.BigEndian.Uint64(b[i*size+at:]))
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
type numbers struct{ records []byte }

// Step implements [sqlite.AggregateFunction].
func (n *numbers) Step(_ *sqlite.FunctionContext, row []driver.Value) error {
	n.records = binary.BigEndian.AppendUint32(n.records, uint32(len(row)))
	for _, value := range row {
		number, is := value.(float64)
		if !is {
			number = math.NaN()
		}
		n.records = binary.BigEndian.AppendUint32(n.records, float8)
		n.records = binary.BigEndian.AppendUint32(n.records, 8)
		n.records = binary.BigEndian.AppendUint64(n.records, math.Float64bits(number))
	}
	return nil
}

// WindowInverse implements [sqlite.AggregateFunction].
func (n *numbers) WindowInverse(*sqlite.FunctionContext, []driver.Value) error { return nil }

// WindowValue implements [sqlite.AggregateFunction].
func (n *numbers) WindowValue(*sqlite.FunctionContext) (driver.Value, error) { return n.records, nil }

// Final implements [sqlite.AggregateFunction].
func (n *numbers) Final(*sqlite.FunctionContext) {}
