package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/asleep-mcp/asleep-mcp/access"
	"github.com/asleep-mcp/asleep-mcp/tenants"
)

// logins lets an operator say which Asleep user a login stands for: a member's
// user was there before the member first signed in.
type logins struct{ o Options }

type newLogin struct {
	question
	Body struct {
		Issuer  string `json:"issuer" minLength:"1" maxLength:"512" doc:"The provider's URL, as its tokens name it."`
		Subject string `json:"subject" minLength:"1" maxLength:"512" doc:"The subject of the person's tokens."`
		UserID  string `json:"user_id" minLength:"1" maxLength:"128" doc:"The Asleep user the login stands for."`
	}
}

func (l logins) register(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "map_login", Method: http.MethodPost, Path: "/api/logins", Tags: []string{"users"},
		Summary:      "Say who a login is",
		Description:  "Makes a login of the OpenID provider stand for an Asleep user, for operators. It may be repeated; a login that stands for another user is left as it is.",
		MaxBodyBytes: 16 << 10, DefaultStatus: http.StatusNoContent, Errors: []int{400, 401, 403, 409, 413, 415, 422, 429, 500, 503},
	}, l.put)
}

func (l logins) put(ctx context.Context, in *newLogin) (*struct{}, error) {
	if err := needScope(in.request, l.o, access.Admin); err != nil {
		return nil, err
	}
	switch {
	case !access.From(ctx).May(access.Admin):
		return nil, huma.NewError(http.StatusForbidden, "This is for operators.")
	case l.o.Deps == nil || l.o.Deps.Tenants == nil:
		return nil, huma.NewError(http.StatusServiceUnavailable, "The server has no directory.")
	}
	err := l.keep(ctx, in)
	said := "made"
	if err != nil {
		said = "failed"
	}
	l.o.Audit(ctx, "POST /api/logins", said)
	var invalid *tenants.Invalid
	switch {
	case errors.As(err, &invalid):
		return nil, huma.NewError(http.StatusUnprocessableEntity, invalid.Error())
	case errors.Is(err, tenants.ErrExists):
		return nil, huma.NewError(http.StatusConflict, "The login stands for another user.")
	case err != nil:
		l.o.Log.WarnContext(ctx, "a login was not mapped", slog.String("cause", err.Error()))
		return nil, huma.NewError(http.StatusServiceUnavailable, "The directory cannot be used at the moment. Try again in a minute.")
	}
	return nil, nil
}

func (l logins) keep(ctx context.Context, in *newLogin) error {
	directory, err := l.o.Deps.Tenants(ctx)
	if err != nil {
		return err
	}
	return directory.MapSubject(ctx, in.Body.Issuer, in.Body.Subject, in.Body.UserID)
}
