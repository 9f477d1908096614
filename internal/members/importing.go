package members

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Step is what an import does, or would do, with a row.
type Step string

// The steps.
const (
	Adds    Step = "add"         // they become a member
	Changes Step = "change_role" // they are a member with another role
	Keeps   Step = "keep"        // they are a member already, and nothing changes
)

// atOnce is how many people are added concurrently; each costs one request to Asleep.
const atOnce = 8

// Preview returns what [Registry.Import] would do with a row. It changes nothing. Besides
// those of the directory, the error is [*Error] of outcome [OtherUser].
func (r Registry) Preview(ctx context.Context, row Row) (Step, error) {
	store, err := r.Directory(ctx)
	if err != nil {
		return "", err
	}
	m, err := store.Member(ctx, row.Organization, row.Email)
	switch {
	case errors.Is(err, directory.ErrNotFound):
		return Adds, nil
	case err != nil:
		return "", err
	case row.UserID != "" && row.UserID != m.UserID:
		return "", &Error{Outcome: OtherUser, UserID: m.UserID}
	case row.Role != "" && row.Role != m.Role:
		return Changes, nil
	}
	return Keeps, nil
}

// Import adds the people of a roster and maps their logins, several at once. done is
// called once for each row, one call at a time, with what was done or why it was not.
// Import may be stopped and repeated: whoever is a member is kept as they are. It ends
// early when going on is useless, and then returns why.
func (r Registry) Import(ctx context.Context, rows []Row, done func(Row, Step, error)) error {
	var mu sync.Mutex
	people, ctx := errgroup.WithContext(ctx)
	people.SetLimit(atOnce)
	for _, row := range rows {
		if ctx.Err() != nil {
			break
		}
		people.Go(func() error {
			step, err := r.importOne(ctx, row)
			mu.Lock()
			defer mu.Unlock()
			if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
				return ctx.Err() // it was not this row's fault
			}
			done(row, step, err)
			if hopeless(err) {
				return err
			}
			return nil
		})
	}
	return people.Wait()
}

func (r Registry) importOne(ctx context.Context, row Row) (Step, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	added, err := r.Add(ctx, row.Addition)
	if err != nil {
		return "", err
	}
	step := Adds
	switch added.Before {
	case "":
	case added.Role:
		step = Keeps
	default:
		step = Changes
	}
	if row.Login == (directory.Login{}) {
		return step, nil
	}
	store, err := r.Directory(ctx)
	if err != nil {
		return step, err
	}
	return step, store.MapSubject(ctx, row.Login.Issuer, row.Login.Subject, added.UserID)
}

// hopeless reports whether everybody else would fail with this error too.
func hopeless(err error) bool {
	switch asleep.CodeOf(err) {
	case asleep.BadKey, asleep.PlanExpired, asleep.Quota, asleep.Forbidden:
		return true
	}
	_, unavailable := errors.AsType[*directory.Unavailable](err)
	return unavailable
}
