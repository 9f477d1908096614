package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/auth"
)

// users makes the Asleep user of whoever signed in.
type users struct{ o Options }

type newUser struct {
	question
	Body *struct {
		Metadata *metadata `json:"metadata,omitempty"`
	} `required:"false"`
}

// metadata is [asleep.Metadata], member by member, with what may stand in it.
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
	case u.o.Deps == nil || u.o.Deps.Client == nil || u.o.Deps.Directory == nil:
		return nil, huma.NewError(http.StatusServiceUnavailable, "The server has no key of Asleep, or no directory.")
	}
	var told *asleep.Metadata
	if in.Body != nil {
		told = (*asleep.Metadata)(in.Body.Metadata)
	}
	signed, err := u.o.Deps.SignUp(ctx, caller.Issuer, caller.Subject, told)
	if signed.Abandoned {
		u.o.Log.WarnContext(ctx, "an earlier sign-up did not finish, so Asleep may have a user without an owner")
	}
	u.o.Audit(ctx, "POST /api/users", outcome(signed.Made, err))
	if err != nil {
		return nil, u.failed(ctx, err)
	}
	status := http.StatusOK
	if signed.Made {
		status = http.StatusCreated
	}
	return &madeUser{status, userID{signed.UserID}}, nil
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
func (u users) failed(ctx context.Context, err error) error {
	u.o.Log.WarnContext(ctx, "a user was not made", slog.String("cause", err.Error()))
	if errors.Is(err, directory.ErrPending) {
		wait := http.Header{"Retry-After": {"60"}}
		return huma.ErrorWithHeaders(huma.NewError(http.StatusConflict, "An earlier attempt has not finished, and it is not known whether a user was made. "+
			"Try again in a minute; after ten minutes a new one is made."), wait)
	}
	switch {
	case mayPass(err):
		return huma.NewError(http.StatusServiceUnavailable, "The user could not be made at the moment. Try again in a minute.")
	case asleep.CodeOf(err) == asleep.Invalid:
		return huma.NewError(http.StatusUnprocessableEntity, "Asleep does not accept this metadata.")
	}
	return huma.NewError(http.StatusBadGateway, "Asleep refuses to make a user for this server.")
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
