package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// logins lets an operator map a login to an Asleep user and remove that mapping. It is
// needed when a member's user existed before the member first signed in.
type logins struct{ o Options }

// login is the fields that identify a login. To remove a mapping they are sent in the
// query, because proxies may drop the body of a DELETE.
var login = []field{
	{name: "issuer", kind: "string", required: true, least: 1, most: 512, doc: "The provider's URL, as in the iss claim of its tokens."},
	{name: "subject", kind: "string", required: true, least: 1, most: 512, doc: "The sub claim of the person's tokens."},
}

// newLogin is the body.
var newLogin = field{kind: "object", required: true, fields: append(slices.Clone(login),
	field{name: "user_id", kind: "string", required: true, least: 1, most: 128, doc: "The Asleep user that the login stands for."})}

// newLoginBody is what its members are read into.
type newLoginBody struct {
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
	UserID  string `json:"user_id"`
}

func (l logins) operations() []*operation {
	nothing := map[int]map[string]any{http.StatusNoContent: {"description": "No Content"}}
	var parameters []map[string]any
	for _, f := range login {
		parameters = append(parameters, map[string]any{"name": f.name, "in": "query", "description": f.doc, "required": true, "schema": f.schema()})
	}
	return []*operation{
		{
			id: "map_login", method: http.MethodPost, path: "/api/logins", tag: "users",
			summary: "Map a login to an Asleep user",
			description: "Makes a login of the OpenID provider stand for an Asleep user, for operators. It may be repeated. " +
				"A login that stands for another user is not changed: remove that mapping first.",
			body: &newLogin, bodyName: "NewLoginBody", responses: nothing, problems: []int{400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503},
			answer: l.put,
		},
		{
			id: "unmap_login", method: http.MethodDelete, path: "/api/logins", tag: "users",
			summary: "Remove the mapping of a login",
			description: "Makes a login stand for nobody, for operators. It may be repeated. The Asleep user and their nights stay. " +
				"A person who signs in with this login sees no nights until it is mapped again.",
			parameters: parameters, responses: nothing, problems: []int{401, 403, 422, 429, 500, 503},
			answer: l.drop,
		},
	}
}

func (l logins) put(r *http.Request, body []byte) (response, error) {
	ctx := r.Context()
	directory, err := l.open(ctx, r)
	if err != nil {
		return response{}, err
	}
	var in newLoginBody
	if err := json.Unmarshal(body, &in); err != nil {
		return response{}, err
	}
	err = l.check(ctx, in)
	if err == nil {
		err = directory.MapSubject(ctx, in.Issuer, in.Subject, in.UserID)
	}
	said := "made"
	if err != nil {
		said = "failed"
	}
	l.o.Audit(ctx, "POST /api/logins", said)
	return response{status: http.StatusNoContent}, l.failed(ctx, err)
}

func (l logins) drop(r *http.Request, _ []byte) (response, error) {
	ctx, query := r.Context(), r.URL.Query()
	var mistakes []detail
	for _, f := range login {
		_, wrong := f.read("query."+f.name, query.Get(f.name))
		mistakes = append(mistakes, wrong...)
	}
	if mistakes != nil {
		return response{}, invalid(mistakes)
	}
	directory, err := l.open(ctx, r)
	if err != nil {
		return response{}, err
	}
	was, err := directory.UnmapSubject(ctx, query.Get("issuer"), query.Get("subject"))
	said := "there was none"
	switch {
	case err != nil:
		said = "failed"
	case was:
		said = "removed"
	}
	l.o.Audit(ctx, "DELETE /api/logins", said)
	return response{status: http.StatusNoContent}, l.failed(ctx, err)
}

// open is the directory, for operators.
func (l logins) open(ctx context.Context, r *http.Request) (*directory.Store, error) {
	if err := needScope(r, l.o, access.Admin); err != nil {
		return nil, err
	}
	switch {
	case !access.From(ctx).May(access.Admin):
		return nil, newProblem(http.StatusForbidden, "Only operators can do this.")
	case l.o.Deps == nil || l.o.Deps.Directory == nil:
		return nil, newProblem(http.StatusServiceUnavailable, "The server has no directory.")
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
func (l logins) check(ctx context.Context, in newLoginBody) error {
	if l.o.Gate != nil && l.o.Gate.Issuer() != "" && in.Issuer != l.o.Gate.Issuer() {
		return newProblem(http.StatusUnprocessableEntity,
			fmt.Sprintf("This server does not accept tokens from this issuer. Give the one it is set to: %q.", l.o.Gate.Issuer()))
	}
	if l.o.Deps.Client == nil {
		return newProblem(http.StatusServiceUnavailable, "The server has no Asleep API key, so it cannot check whether the user exists.")
	}
	asking, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	user, err := l.o.Deps.Client.User(asking, in.UserID)
	switch code := asleep.CodeOf(err); {
	case err == nil && user.ToBeDeleted:
		return newProblem(http.StatusConflict, "The user is marked for deletion at Asleep. Give another user_id.")
	case err == nil:
		return nil
	case code == asleep.BadID:
		return newProblem(http.StatusUnprocessableEntity, `user_id must be 1 to 128 letters, digits, "-" or "_".`)
	case code == asleep.NotFound:
		return newProblem(http.StatusNotFound, "Asleep has no user with this user_id. Check it; a Live key does not reach Test users, nor a Test key Live users.")
	}
	l.o.Log.WarnContext(ctx, "a login was not mapped", slog.String("cause", err.Error()))
	if mayPass(err) {
		return newProblem(http.StatusServiceUnavailable, "Asleep cannot say at the moment whether the user exists. Try again in a minute.")
	}
	return newProblem(http.StatusBadGateway, "Asleep refuses this server's requests about users. Check its API key.")
}

// failed is the problem for the caller; why is for the log.
func (l logins) failed(ctx context.Context, err error) error {
	var (
		told    *problem
		refused *directory.Invalid
	)
	switch {
	case err == nil || errors.As(err, &told):
		return err
	case errors.As(err, &refused):
		return newProblem(http.StatusUnprocessableEntity, refused.Error())
	case errors.Is(err, directory.ErrExists):
		return newProblem(http.StatusConflict, "The login stands for another user. To change that, send DELETE /api/logins with its issuer and subject, and then this request again.")
	}
	l.o.Log.WarnContext(ctx, "a login was not changed", slog.String("cause", err.Error()))
	return newProblem(http.StatusServiceUnavailable, "The directory cannot be used at the moment. Try again in a minute.")
}
