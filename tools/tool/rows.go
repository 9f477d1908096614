package tool

import (
	"encoding/json"
	"fmt"
)

// RowBytes is how many bytes the rows of an answer may take.
const RowBytes = 40_000

// Fitting returns how many of the first rows fit into the given number of bytes.
func Fitting[T any](rows []T, most int) int {
	for i, row := range rows {
		text, err := json.Marshal(row)
		if err != nil {
			panic(fmt.Sprintf("tools: encode row: %v", err)) // texts and finite numbers
		}
		if most -= len(text) + 1; most < 0 {
			return i
		}
	}
	return len(rows)
}
