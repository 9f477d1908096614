package sandbox

import (
	"fmt"
	"net/http"
)

// refusal is a documented error answer. Detail is a string, except for 422.
type refusal struct {
	status int
	detail any
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %v", r.status, r.detail) }

// Answers of every route.
var (
	errUnauthorized     = &refusal{http.StatusUnauthorized, "Unauthorized"}
	errPlanExpired      = &refusal{http.StatusForbidden, "Plan is expired"}
	errQuota            = &refusal{http.StatusForbidden, "Quota exceeded"}
	errRateLimit        = &refusal{http.StatusForbidden, "Rate limit exceeded"}
	errRouteNotFound    = &refusal{http.StatusNotFound, "Not Found"}
	errMethodNotAllowed = &refusal{http.StatusMethodNotAllowed, "method not allowed"}
	errInternal         = &refusal{http.StatusInternalServerError, "Internal Server Error"}
)

// Answers of the /ai/v1 family, which calls a malformed id unauthorized.
var (
	errUserID        = &refusal{http.StatusUnauthorized, "user_id is invalid"}
	errUserIDHeader  = &refusal{http.StatusUnauthorized, "x-user-id is invalid"}
	errNoSuchUser    = &refusal{http.StatusNotFound, "user does not exist"}
	errNoSuchSession = &refusal{http.StatusNotFound, "session does not exist"}
)

// Answers of the /data family.
var (
	errDataUserID  = &refusal{http.StatusBadRequest, "The format of x-user-id is invalid"}
	errSessionID   = &refusal{http.StatusBadRequest, "The format of sleep session id is invalid"}
	errTimezone    = &refusal{http.StatusBadRequest, "The invalid timezone is provided"}
	errPeriod      = &refusal{http.StatusBadRequest, "The period should be less than or equal to 100 days"}
	errDataSession = &refusal{http.StatusNotFound, sessionNotFound}
)

func noDataUser(id string) error {
	return &refusal{http.StatusNotFound, "Unable to find the user of id " + id}
}

func invalidQuery(field, message string) error {
	return &refusal{http.StatusUnprocessableEntity, validationDetail("query", field, message)}
}

func invalidBody(field, message string) error {
	return &refusal{http.StatusUnprocessableEntity, validationDetail("body", field, message)}
}

func methodNotAllowed(*http.Request) (answer, error) { return answer{}, errMethodNotAllowed }

func routeNotFound(*http.Request) (answer, error) { return answer{}, errRouteNotFound }
