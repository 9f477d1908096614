package person

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// idTime is how a session id begins: with the start, in UTC.
const idTime = "20060102150405"

// checkNewerThan refuses an id that says nothing about when its session began; "" means
// that none was given.
func checkNewerThan(id string) error {
	if id == "" {
		return nil
	}
	if _, ok := startOf(id); !ok {
		return tool.Mistake(`%s must be a session id that begins with 14 digits, the start in UTC, received %s. For example %s. The ids are in the answers of list_sessions.`,
			tool.Argument("newer_than"), tool.ReceivedText(id), tool.ExampleWith("newer_than", "20261121221501_ab12c"))
	}
	return nil
}

func startOf(id string) (time.Time, bool) {
	if len(id) < len(idTime) {
		return time.Time{}, false
	}
	start, err := time.Parse(idTime, id[:len(idTime)])
	return start, err == nil
}
