package nights

import (
	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// A Failed recording ended without numbers, and there will be none: it is [TooShort] or
// [Damaged].
type Failed struct {
	ID    string
	Date  civil.Date
	State State
}

// night is the night of a date on which nothing but f was recorded.
func (f Failed) night() analytics.Night {
	return analytics.Night{Date: f.Date, Excluded: analytics.Reason(f.State)}
}
