package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// logins lets an operator say which Asleep user a login stands for, and take that
// back: a member's user was there before the member first signed in.
type logins struct{ o Options }

type newLogin struct {
	question
	Body struct {
		Issuer  string `json:"issuer" minLength:"1" maxLength:"512" doc:"The provider's URL, as its tokens name it."`
		Subject string `json:"subject" minLength:"1" maxLength:"512" doc:"The subject of the person's tokens."`
		UserID  string `json:"user_id" minLength:"1" maxLength:"128" doc:"The Asleep user the login stands for."`
	}
}

// oldLogin is in the query: proxies may drop the body of a DELETE.
type oldLogin struct {
	question
	Issuer  string `query:"issuer" required:"true" minLength:"1" maxLength:"512" doc:"The provider's URL, as its tokens name it."`
	Subject string `query:"subject" required:"true" minLength:"1" maxLength:"512" doc:"The subject of the person's tokens."`
}

func (l logins) register(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "map_login", Method: http.MethodPost, Path: "/api/logins", Tags: []string{"users"},
		Summary: "Say who a login is",
		Description: "Makes a login of the OpenID provider stand for an Asleep user, for operators. It may be repeated; " +
			"a login that stands for another user is left as it is: take that back first.",
		MaxBodyBytes: 16 << 10, DefaultStatus: http.StatusNoContent, Errors: []int{400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503},
	}, l.put)
	huma.Register(api, huma.Operation{
		OperationID: "unmap_login", Method: http.MethodDelete, Path: "/api/logins", Tags: []string{"users"},
		Summary: "Take back who a login is",
		Description: "Makes a login stand for nobody, for operators. It may be repeated. The Asleep user and their nights stay; " +
			"whoever signs in with it sees nobody until it is mapped again.",
		DefaultStatus: http.StatusNoContent, Errors: []int{401, 403, 422, 429, 500, 503},
	}, l.drop)
}

func (l logins) put(ctx context.Context, in *newLogin) (*struct{}, error) {
	directory, err := l.open(ctx, in.request)
	if err != nil {
		return nil, err
	}
	err = l.check(ctx, in)
	if err == nil {
		err = directory.MapSubject(ctx, in.Body.Issuer, in.Body.Subject, in.Body.UserID)
	}
	said := "made"
	if err != nil {
		said = "failed"
	}
	l.o.Audit(ctx, "POST /api/logins", said)
	return nil, l.failed(ctx, err)
}

func (l logins) drop(ctx context.Context, in *oldLogin) (*struct{}, error) {
	directory, err := l.open(ctx, in.request)
	if err != nil {
		return nil, err
	}
	was, err := directory.UnmapSubject(ctx, in.Issuer, in.Subject)
	said := "there was none"
	switch {
	case err != nil:
		said = "failed"
	case was:
		said = "removed"
	}
	l.o.Audit(ctx, "DELETE /api/logins", said)
	return nil, l.failed(ctx, err)
}

// open is the directory, for operators.
func (l logins) open(ctx context.Context, r *http.Request) (*directory.Store, error) {
	if err := needScope(r, l.o, access.Admin); err != nil {
		return nil, err
	}
	switch {
	case !access.From(ctx).May(access.Admin):
		return nil, huma.NewError(http.StatusForbidden, "This is for operators.")
	case l.o.Deps == nil || l.o.Deps.Directory == nil:
		return nil, huma.NewError(http.StatusServiceUnavailable, "The server has no directory.")
	}
	directory, err := l.o.Deps.Directory(ctx)
	if err != nil {
		return nil, l.failed(ctx, err)
	}
	return directory, nil
}

// lookUpTime bounds asking Asleep about one user.
const lookUpTime = 25 * time.Second

// check finds what would let somebody in as nobody, or nobody in at all: a user who
// is not at Asleep, or an issuer whose tokens do not count here.
func (l logins) check(ctx context.Context, in *newLogin) error {
	if l.o.Gate != nil && l.o.Gate.Issuer() != "" && in.Body.Issuer != l.o.Gate.Issuer() {
		return huma.NewError(http.StatusUnprocessableEntity,
			fmt.Sprintf("The tokens of this issuer do not count here. Give the one this server is set to: %q.", l.o.Gate.Issuer()))
	}
	if l.o.Deps.Client == nil {
		return huma.NewError(http.StatusServiceUnavailable, "The server has no key of Asleep, so it cannot see whether there is such a user.")
	}
	asking, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	user, err := l.o.Deps.Client.User(asking, in.Body.UserID)
	switch code := asleep.CodeOf(err); {
	case err == nil && user.ToBeDeleted:
		return huma.NewError(http.StatusConflict, "The user is marked for deletion at Asleep. Give another user_id.")
	case err == nil:
		return nil
	case code == asleep.BadID:
		return huma.NewError(http.StatusUnprocessableEntity, `user_id must be 1 to 128 letters, digits, "-" or "_".`)
	case code == asleep.NotFound:
		return huma.NewError(http.StatusNotFound, "Asleep knows no user with this user_id. Check it; a Live key does not reach Test users, nor the reverse.")
	}
	l.o.Log.WarnContext(ctx, "a login was not mapped", slog.String("cause", err.Error()))
	if mayPass(err) {
		return huma.NewError(http.StatusServiceUnavailable, "Asleep does not say at the moment whether there is such a user. Try again in a minute.")
	}
	return huma.NewError(http.StatusBadGateway, "Asleep refuses to tell this server about its users.")
}

// failed is the problem for the caller; why is for the log.
func (l logins) failed(ctx context.Context, err error) error {
	var (
		told    huma.StatusError
		invalid *directory.Invalid
	)
	switch {
	case err == nil || errors.As(err, &told):
		return err
	case errors.As(err, &invalid):
		return huma.NewError(http.StatusUnprocessableEntity, invalid.Error())
	case errors.Is(err, directory.ErrExists):
		return huma.NewError(http.StatusConflict, "The login stands for another user. To change that, send DELETE /api/logins with its issuer and subject, then this again.")
	}
	l.o.Log.WarnContext(ctx, "a login was not changed", slog.String("cause", err.Error()))
	return huma.NewError(http.StatusServiceUnavailable, "The directory cannot be used at the moment. Try again in a minute.")
}
