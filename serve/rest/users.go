package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/serve/auth"
	"github.com/asleep-mcp/asleep-mcp/tenants"
)

// users makes the Asleep user of whoever signed in.
type users struct{ o Options }

// signUpTime bounds making one, which goes on when the caller hangs up.
const signUpTime = 25 * time.Second

type newUser struct {
	question
	Body *struct {
		Metadata *metadata `json:"metadata,omitempty"`
	} `required:"false"`
}

// metadata is [asleep.Metadata] with what may stand in it.
type metadata struct {
	BirthYear  *int     `json:"birth_year,omitempty" minimum:"1900" maximum:"2100"`
	BirthMonth *int     `json:"birth_month,omitempty" minimum:"1" maximum:"12"`
	BirthDay   *int     `json:"birth_day,omitempty" minimum:"1" maximum:"31"`
	Gender     *string  `json:"gender,omitempty" enum:"male,female,non_binary,other,prefer_not_to_say"`
	Height     *float64 `json:"height,omitempty" minimum:"0" maximum:"300" doc:"Centimetres, at most one decimal."`
	Weight     *float64 `json:"weight,omitempty" minimum:"0" maximum:"1000" doc:"Kilograms, at most one decimal."`
}

type madeUser struct {
	Status int
	Body   userID
}

type userID struct {
	UserID string `json:"user_id"`
}

func (u users) register(api huma.API) {
	again := &huma.Response{Description: "There already", Content: map[string]*huma.MediaType{
		"application/json": {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[userID](), true, "")},
	}}
	huma.Register(api, huma.Operation{
		OperationID: "create_own_user", Method: http.MethodPost, Path: "/api/users", Tags: []string{"users"},
		Summary:      "Make my Asleep user",
		Description:  "Makes the Asleep user that stands for the person who signed in, once: whoever has one is told its id again, with status 200.",
		MaxBodyBytes: 16 << 10, DefaultStatus: http.StatusCreated,
		Responses: map[string]*huma.Response{"200": again}, Errors: []int{400, 401, 403, 409, 413, 415, 422, 429, 500, 502, 503},
	}, u.make)
}

func (u users) make(ctx context.Context, in *newUser) (*madeUser, error) {
	if err := needScope(in.request, u.o, access.SleepWrite); err != nil {
		return nil, err
	}
	caller := auth.From(ctx)
	switch {
	case caller.Subject == "" || !caller.Principal.May(access.SleepWrite):
		return nil, huma.NewError(http.StatusForbidden, "Only somebody who signed in with the OpenID provider, and may change what is kept of them, can have a user made.")
	case u.o.Deps == nil || u.o.Deps.Client == nil || u.o.Deps.Tenants == nil:
		return nil, huma.NewError(http.StatusServiceUnavailable, "The server has no key of Asleep, or no directory.")
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), signUpTime)
	defer cancel()
	out := &madeUser{Status: http.StatusCreated}
	var told *asleep.Metadata
	if in.Body != nil && in.Body.Metadata != nil {
		told = &asleep.Metadata{
			BirthYear: in.Body.Metadata.BirthYear, BirthMonth: in.Body.Metadata.BirthMonth, BirthDay: in.Body.Metadata.BirthDay,
			Gender: in.Body.Metadata.Gender, Height: in.Body.Metadata.Height, Weight: in.Body.Metadata.Weight,
		}
	}
	id, made, err := u.signUp(ctx, caller, told)
	u.o.Audit(ctx, "POST /api/users", outcome(made, err))
	if err != nil {
		return nil, err
	}
	if !made {
		out.Status = http.StatusOK
	}
	out.Body.UserID = id
	return out, nil
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

// signUp returns the Asleep user of a login, and whether it was made now. What
// is about to happen at Asleep is written into the directory first.
func (u users) signUp(ctx context.Context, c auth.Caller, m *asleep.Metadata) (id string, made bool, _ error) {
	directory, err := u.o.Deps.Tenants(ctx)
	if err != nil {
		return "", false, u.failed(ctx, err)
	}
	begun, err := directory.BeginSignUp(ctx, c.Issuer, c.Subject)
	if errors.Is(err, tenants.ErrExists) {
		id, err := directory.UserOf(ctx, c.Issuer, c.Subject)
		if err != nil {
			return "", false, u.failed(ctx, err)
		}
		return id, false, nil
	}
	if err != nil {
		return "", false, u.failed(ctx, err)
	}
	if begun.Abandoned {
		u.o.Log.WarnContext(ctx, "an earlier sign-up did not finish, so Asleep may have a user without an owner")
	}
	id, err = u.o.Deps.Client.CreateUser(ctx, m)
	if err != nil {
		if refused(err) {
			err = errors.Join(err, directory.CancelSignUp(ctx, begun))
		}
		return "", false, u.failed(ctx, err)
	}
	if err := directory.FinishSignUp(ctx, begun, id); err != nil {
		return "", false, u.failed(ctx, errors.Join(err, u.remove(ctx, directory, id), directory.CancelSignUp(ctx, begun)))
	}
	return id, true, nil
}

// refused says whether Asleep certainly made no user.
func refused(err error) bool {
	switch asleep.CodeOf(err) {
	case asleep.Unavailable, asleep.BadResponse, "":
		return false
	}
	return true
}

// remove takes back a user that could not be written down as the login's.
func (u users) remove(ctx context.Context, directory *tenants.Store, id string) error {
	if err := directory.BeginDelete(ctx, id); err != nil {
		return err // it is not known whether the login has it after all
	}
	if err := u.o.Deps.Client.DeleteUser(ctx, id); err != nil {
		return err // it stays listed as not finished
	}
	return directory.FinishDelete(ctx, id)
}

// failed is the problem for the caller; why is for the log.
func (u users) failed(ctx context.Context, err error) error {
	u.o.Log.WarnContext(ctx, "a user was not made", slog.String("cause", err.Error()))
	var pending *tenants.PendingError
	switch {
	case errors.As(err, &pending):
		wait := http.Header{"Retry-After": {"60"}}
		return huma.ErrorWithHeaders(huma.NewError(http.StatusConflict, "An earlier attempt has not finished, and it is not known whether a user was made. "+
			"Try again in a minute; after ten minutes a new one is made."), wait)
	case asleep.CodeOf(err) == asleep.Invalid:
		return huma.NewError(http.StatusUnprocessableEntity, "Asleep does not accept this metadata.")
	case refused(err):
		return huma.NewError(http.StatusBadGateway, "Asleep refuses to make a user for this server.")
	}
	return huma.NewError(http.StatusServiceUnavailable, "The user could not be made at the moment. Try again in a minute.")
}
