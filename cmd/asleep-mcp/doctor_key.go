package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// askService finds out about the key and the user with one request.
func (c config) askService(ctx context.Context, heard heard) (key, user finding) {
	key = finding{"key", problem, "no key is set: set ASLEEP_API_KEY, or try --demo"}
	user = finding{"user", notSet, "set ASLEEP_USER_ID, or name the user in every question"}
	if c.userID != "" {
		user.state, user.text = notChecked, "needs a key"
	}
	if c.key == "" {
		return key, user
	}
	if heard.err != nil {
		key.state, key.text = notChecked, "the service cannot be reached"
		if c.userID != "" {
			user.text = key.text
		}
		return key, user
	}
	client, err := c.client(asleep.WithClock(time.Now))
	if err != nil {
		key.state, key.text = problem, words(err)
		return key, user
	}
	asked := c.userID
	if asked == "" {
		asked = "asleep-mcp-doctor" // nobody: if the service says so, the key is good
	}
	found, err := client.User(ctx, asked)
	key.state, key.text = keyState(err)
	if c.demo {
		key.text = "made-up nights need no key"
	}
	if c.userID != "" && key.state == fine {
		user.state, user.text = userState(found, err)
	}
	return key, user
}

func keyState(err error) (state, text string) {
	code := asleep.CodeOf(err)
	if code == asleep.NotFound && !speaksOfUsers(err) {
		code = asleep.BadResponse
	}
	switch code {
	case "", asleep.NotFound, asleep.BadID:
		if err == nil || code != "" {
			return fine, "the service accepts it"
		}
	case asleep.BadKey:
		return problem, "the service rejects it: copy it from the Asleep dashboard into ASLEEP_API_KEY again"
	case asleep.PlanExpired:
		return problem, "its plan has expired: renew it in the Asleep dashboard"
	case asleep.Quota:
		return problem, "its quota is used up: raise it in the Asleep dashboard or wait until it is renewed"
	case asleep.RateLimited:
		return problem, "too many requests: wait a minute"
	case asleep.Forbidden:
		return problem, "the service does not allow this request: ask Asleep what the key may do"
	case asleep.BadResponse, asleep.Invalid:
		return problem, "the response is not from the Asleep API: check ASLEEP_BASE_URL"
	}
	if fault, ok := errors.AsType[*asleep.Error](err); ok && fault.Status != 0 {
		return problem, fmt.Sprintf("the service failed (status %d): try again in a minute", fault.Status)
	}
	return problem, "no response in time: try again in a minute"
}

// speaksOfUsers distinguishes the service's "user does not exist" from the 404 of any other
// server.
func speaksOfUsers(err error) bool {
	said, ok := errors.AsType[*asleep.Error](err)
	return ok && strings.Contains(strings.ToLower(said.Detail), "user")
}

func userState(found *asleep.User, err error) (state, text string) {
	switch {
	case err != nil:
		return problem, "the service does not know this user: check ASLEEP_USER_ID; Live and Test keys have separate users"
	case found.ToBeDeleted:
		return problem, "the user is marked for deletion"
	case found.LastSession == nil:
		return fine, "known to the service; no recordings yet"
	}
	return fine, "known to the service"
}
