package tools

import (
	"encoding/json"
	"fmt"
)

// rowBytes is what the rows of an answer may take.
const rowBytes = 40_000

// cutRows is as many of the first rows of people as may be shown, and says what is
// cut.
func cutRows[T any](h *GroupHead, rows []T, most int) []T {
	fit := fitting(rows[:min(most, len(rows))], rowBytes)
	if fit < len(rows) {
		h.warn("truncated", "Rows of %d of %d people are shown; the figures are over all. Ask cohort_analysis about others with user_ids.", fit, len(rows))
	}
	return rows[:fit]
}

// fitting is how many of the first rows take at most so many bytes.
func fitting[T any](rows []T, most int) int {
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
