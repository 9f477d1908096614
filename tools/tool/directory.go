package tool

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

var errNoDirectory = &Failure{
	Code: NoDirectory,
	Text: "This server keeps no organizations or members. Give user_ids to tools that take them, or set ASLEEP_MCP_DATABASE_URL.",
}

// OpenDirectory opens the directory of organizations and members.
func (d *Deps) OpenDirectory(ctx context.Context) (*directory.Store, error) {
	if d.Directory == nil {
		return nil, errNoDirectory
	}
	return d.Directory(ctx)
}

// databaseTexts say what to do about a database that cannot be used.
var databaseTexts = map[directory.Kind]string{
	directory.Locked:       "is locked by another program. Nothing was changed; try again in a moment.",
	directory.Full:         "is full. Nothing was changed; the operator must free some space.",
	directory.Unreachable:  "cannot be reached. Try again in a minute; if that does not help, the operator must check ASLEEP_MCP_DATABASE_URL.",
	directory.Refused:      "refuses asleep-mcp: login, database or permissions are wrong. The operator must check ASLEEP_MCP_DATABASE_URL.",
	directory.NewerVersion: "was written by a newer version of asleep-mcp. The operator must run that version or a newer one.",
	directory.NotADatabase: "is not one of asleep-mcp: ASLEEP_MCP_DATABASE_URL leads to something else. Nothing was changed.",
	directory.ReadOnly:     "or its folder is not writable. The operator must check its permissions.",
	directory.Moved:        "is no longer the file that was opened: it was moved, replaced or deleted. Nothing was changed. The operator must put it back, or start asleep-mcp again to use what is there now.",
	directory.Broken:       "failed. Try again; if that does not help, the operator must check it.",
}

// explainDirectory returns the failure for an error of the directory; nil for others.
// The directory does not repeat what it was given, so that comes from the arguments.
func explainDirectory(err error, arguments json.RawMessage) *Failure {
	if invalid, ok := errors.AsType[*directory.Invalid](err); ok {
		if invalid.Field == "database" {
			return &Failure{Code: DatabaseSetting, Text: "The setting ASLEEP_MCP_DATABASE_URL " + invalid.Problem + ".", Cause: err}
		}
		var given map[string]json.RawMessage
		f := Mistake("%s %s", Argument(invalid.Field), invalid.Problem)
		if json.Unmarshal(arguments, &given) == nil && given[invalid.Field] != nil {
			f.add(", received %s", received(given[invalid.Field]))
		}
		f.add(". For example %s.", ExampleOf(invalid.Field))
		return f
	}
	if unavailable, ok := errors.AsType[*directory.Unavailable](err); ok {
		return &Failure{
			Code: databaseCode(unavailable.Kind), Text: "The database of organizations " + databaseTexts[unavailable.Kind], Cause: err,
		}
	}
	return nil
}
