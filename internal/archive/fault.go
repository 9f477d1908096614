package archive

import "github.com/asleep-mcp/asleep-mcp/internal/sqldb"

// A Fault is a database of nights that cannot be used now. It says what to do.
type Fault struct {
	Database *sqldb.Unavailable
	File     string // "": a server's; not part of Error
}

func (f *Fault) Error() string {
	advice := serverAdvice
	if f.File != "" {
		advice = fileAdvice
	}
	text := "kept nights cannot be used: " + f.Database.Error()
	if next := advice[f.Database.Kind]; next != "" {
		text += "; " + next
	}
	return text
}

// Unwrap returns Database.
func (f *Fault) Unwrap() error { return f.Database }

const startAfresh = "move nights.db away, run asleep-mcp sync, and import again what was imported"

var fileAdvice = map[sqldb.Kind]string{
	sqldb.Locked:       "wait, or close the program that has nights.db open",
	sqldb.Full:         "free some space: nothing that was kept is lost",
	sqldb.NewerVersion: "if you cannot, " + startAfresh,
	sqldb.NotADatabase: startAfresh,
	sqldb.ReadOnly:     "give the user who runs asleep-mcp the right to write nights.db and its folder, or set ASLEEP_MCP_KEEP_NIGHTS=false",
	sqldb.Moved:        "put nights.db back, or start asleep-mcp again to use what is there now",
	sqldb.Broken:       "it may be damaged: " + startAfresh,
}

var serverAdvice = map[sqldb.Kind]string{
	sqldb.Locked:       "try again in a moment",
	sqldb.Full:         "free some space: nothing that was kept is lost",
	sqldb.Unreachable:  "check that the server runs, and ASLEEP_MCP_DATABASE_URL",
	sqldb.Refused:      "check ASLEEP_MCP_DATABASE_URL",
	sqldb.NewerVersion: "run that version or a newer one",
	sqldb.ReadOnly:     "check the rights of the login in ASLEEP_MCP_DATABASE_URL",
	sqldb.Broken:       "try again, and check the server if that does not help",
}
