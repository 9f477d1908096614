package person

import (
	"slices"

	"github.com/asleep-mcp/asleep-mcp/analytics"
)

// The kinds of a slept session.
const (
	kindMain = "main"
	kindNap  = "nap"
	kindPart = "part"
)

// kindOfSession says what a session is in its night; "" when it is none of its. No id
// stands for the whole night.
func kindOfSession(n analytics.Night, id string) string {
	is := func(s analytics.Session) bool { return s.ID == id }
	switch {
	case id == "":
		return kindMain // a whole night
	case slices.ContainsFunc(n.Naps, is):
		return kindNap
	case !slices.ContainsFunc(n.Main, is):
		return ""
	case len(n.Main) > 1:
		return kindPart
	}
	return kindMain
}
