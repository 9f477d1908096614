package tool

import (
	"errors"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

// explainKept returns the failure for an archive of nights that cannot be used; nil for
// other errors.
func explainKept(err error) *Failure {
	fault, ok := errors.AsType[*archive.Fault](err)
	if !ok {
		return nil
	}
	return &Failure{Code: databaseCode(fault.Database.Kind), Text: "The " + fault.Error() + ".", Cause: err}
}
