package members

import (
	"context"
	"errors"
	"net/http"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// errKnown is the error of a new user whose id somebody has already. It says that it is not
// known what the service did, so that nobody repeats it, and nobody deletes that user.
var errKnown = &asleep.Error{
	Op: "POST /ai/v1/users", Code: asleep.BadResponse, Status: http.StatusCreated,
	Err: errors.New("result.user_id is that of a user who was known before"),
}

// CreateUser creates an Asleep user whom store, unless it is nil, does not know yet. What
// the service answers is not believed: an id of somebody here would tie a newcomer to their
// nights, or have them deleted when tying fails.
func CreateUser(ctx context.Context, client *asleep.Client, store *directory.Store, m *asleep.Metadata) (string, error) {
	id, err := client.CreateUser(ctx, m)
	if err != nil || store == nil {
		return id, err
	}
	known, err := store.Knows(ctx, id)
	switch {
	case err != nil:
		return id, err // the id is not to be used, but to be told
	case known:
		return "", errKnown
	}
	return id, nil
}
