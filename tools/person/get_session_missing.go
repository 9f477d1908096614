package person

import (
	"fmt"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// newestSparse returns the newest of some recordings if the deployment lists them without
// numbers, else "".
func newestSparse(w *nights.Window, among func(nights.Recording) bool) string {
	if !w.Sparse {
		return ""
	}
	for _, r := range slices.Backward(w.Recordings()) {
		if r.Slept && among(r) {
			return r.ID
		}
	}
	return ""
}

// notRecorded says that there is no recording of a date, which night names.
func (q *query) notRecorded(night string, date civil.Date) string {
	if date == q.Today && !q.NightOver() {
		return fmt.Sprintf("The night of %s is not recorded yet.", date)
	}
	return night + " was not recorded."
}
