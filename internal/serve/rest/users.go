package rest

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

// users makes the Asleep user of whoever signed in.
type users struct{ o Options }

// newUser is the body. Its metadata is [asleep.Metadata], member by member.
var newUser = field{kind: "object", fields: []field{{name: "metadata", kind: "object", fields: []field{
	{name: "birth_year", kind: "integer", least: 1900, most: 2100},
	{name: "birth_month", kind: "integer", least: 1, most: 12},
	{name: "birth_day", kind: "integer", least: 1, most: 31},
	{name: "gender", kind: "string", enum: []string{"male", "female", "non_binary", "other", "prefer_not_to_say"}},
	{name: "height", kind: "number", most: 300, doc: "Centimetres, at most one decimal."},
	{name: "weight", kind: "number", most: 1000, doc: "Kilograms, at most one decimal."},
}}}}

// metadata is what its members are read into.
type metadata struct {
	BirthYear  *int     `json:"birth_year"`
	BirthMonth *int     `json:"birth_month"`
	BirthDay   *int     `json:"birth_day"`
	Gender     *string  `json:"gender"`
	Height     *float64 `json:"height"`
	Weight     *float64 `json:"weight"`
}

func (u users) operations() []*operation {
	return []*operation{{
		id: "create_own_user", method: http.MethodPost, path: "/api/users", tag: "users",
		summary:     "Create my Asleep user",
		description: "Creates the Asleep user of the person who signed in, once. A person who already has one gets its id again, with status 200.",
		body:        &newUser, bodyName: "NewUserBody",
		responses: map[int]map[string]any{
			http.StatusOK:      described("Already exists", "application/json", named("UserID")),
			http.StatusCreated: described("Created", "application/json", named("UserID")),
		},
		problems: []int{400, 401, 403, 409, 413, 415, 422, 429, 500, 502, 503},
		answer:   u.make,
	}}
}

func (u users) make(r *http.Request, body []byte) (response, error) {
	ctx := r.Context()
	if err := needScope(r, u.o, access.SleepWrite); err != nil {
		return response{}, err
	}
	caller := access.From(ctx)
	switch {
	case caller.Login() == directory.Login{} || !caller.May(access.SleepWrite):
		return response{}, newProblem(http.StatusForbidden, "Only a person who signed in with the OpenID provider, with a token that allows changes, can create their user.")
	case u.o.Deps == nil || u.o.Deps.Client == nil || u.o.Deps.Directory == nil:
		return response{}, newProblem(http.StatusServiceUnavailable, "The server has no Asleep API key, or no directory.")
	}
	var in struct{ Metadata *metadata }
	if body != nil {
		if err := json.Unmarshal(body, &in); err != nil {
			return response{}, err
		}
	}
	signed, err := members.Registry{Directory: u.o.Deps.OpenDirectory, Asleep: u.o.Deps.Client}.SignUp(ctx, caller.Login(), (*asleep.Metadata)(in.Metadata))
	if signed.Abandoned {
		u.o.Log.WarnContext(ctx, "an earlier sign-up did not finish, so Asleep may have a user without an owner")
	}
	u.o.Audit(ctx, "POST /api/users", outcome(signed.Made, err))
	if err != nil {
		return response{}, u.failed(ctx, err)
	}
	made, err := json.Marshal(map[string]string{"user_id": signed.UserID})
	if err != nil {
		return response{}, err
	}
	if signed.Made {
		return response{status: http.StatusCreated, body: made}, nil
	}
	return response{status: http.StatusOK, body: made}, nil
}

func outcome(made bool, err error) string {
	switch {
	case err != nil:
		return "failed"
	case made:
		return "made"
	}
	return "there already"
}

// failed is the problem for the caller; why is for the log.
func (u users) failed(ctx context.Context, err error) *problem {
	u.o.Log.WarnContext(ctx, "a user was not made", slog.String("cause", err.Error()))
	if errors.Is(err, directory.ErrPending) {
		p := newProblem(http.StatusConflict, "An earlier attempt has not finished, and it is not known whether a user was created. "+
			"Try again in a minute; after ten minutes a new user is created.")
		p.headers = http.Header{"Retry-After": {"60"}}
		return p
	}
	switch {
	case mayPass(err):
		return newProblem(http.StatusServiceUnavailable, "The user could not be created at the moment. Try again in a minute.")
	case asleep.CodeOf(err) == asleep.Invalid:
		return newProblem(http.StatusUnprocessableEntity, "Asleep does not accept this metadata.")
	}
	return newProblem(http.StatusBadGateway, "Asleep refuses to create users for this server. Check its API key.")
}

// mayPass reports whether the same request may be answered later: Asleep did not refuse
// it for good.
func mayPass(err error) bool {
	switch asleep.CodeOf(err) {
	case "", asleep.RateLimited, asleep.Unavailable, asleep.BadResponse:
		return true
	}
	return false
}
