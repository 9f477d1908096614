package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"
)

// Metadata describes a user. Every field is optional.
type Metadata struct {
	BirthYear  *int     `json:"birth_year,omitempty"`
	BirthMonth *int     `json:"birth_month,omitempty"`
	BirthDay   *int     `json:"birth_day,omitempty"`
	Gender     *string  `json:"gender,omitempty"` // male, female, non_binary, other, prefer_not_to_say
	Height     *float64 `json:"height,omitempty"` // cm, at most one decimal
	Weight     *float64 `json:"weight,omitempty"` // kg, at most one decimal
}

// user is a person in the server's memory. The list of sessions is replaced,
// never changed, so that a reader may keep it.
type user struct {
	id          string
	metadata    Metadata
	toBeDeleted bool
	sessions    []*session // by start
}

func newUser(p Person, twoStage bool) *user {
	u := &user{id: p.ID, metadata: p.Metadata, toBeDeleted: p.ToBeDeleted}
	for _, r := range p.Recordings {
		u.sessions = append(u.sessions, newSession(p.ID, r, twoStage))
	}
	slices.SortStableFunc(u.sessions, func(a, b *session) int { return a.Start.Compare(b.Start) })
	return u
}

// user returns a copy of the user as of now, nil if there is none. Sessions
// of the future are left out.
func (s *Server) user(id string) *user {
	s.mu.RLock()
	defer s.mu.RUnlock()
	u := s.users[id]
	if u == nil {
		return nil
	}
	seen := *u
	now := s.options.Now()
	n, _ := slices.BinarySearchFunc(u.sessions, now.Add(1), func(a *session, t time.Time) int { return a.Start.Compare(t) })
	seen.sessions = u.sessions[:n:n]
	return &seen
}

// createUser answers POST /ai/v1/users.
func (s *Server) createUser(r *http.Request) (answer, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, 1<<16))
	if err != nil {
		return answer{}, invalidBody("metadata", "body is too large or was cut")
	}
	var in struct {
		Metadata Metadata `json:"metadata"`
	}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &in); err != nil {
			return answer{}, invalidJSON(err)
		}
	}
	now := s.options.Now()
	if err := in.Metadata.check(now); err != nil {
		return answer{}, err
	}
	u := &user{id: newUserID(now), metadata: in.Metadata}
	s.mu.Lock()
	s.users[u.id] = u
	s.mu.Unlock()
	return success(http.StatusCreated, map[string]any{"user_id": u.id}), nil
}

func invalidJSON(err error) error {
	if wrong, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		return invalidBody(wrong.Field, "wrong type: "+wrong.Value)
	}
	return invalidBody("", "body is not valid JSON")
}

// newUserID makes an id of the documented form: G-, the time of creation and
// twenty letters or digits.
func newUserID(now time.Time) string {
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	tail := make([]byte, 20)
	for i := range tail {
		tail[i] = alphabet[rand.IntN(len(alphabet))]
	}
	return "G-" + now.UTC().Format("20060102150405") + "-" + string(tail)
}

// check applies the documented limits.
func (m Metadata) check(now time.Time) error {
	genders := []string{"male", "female", "non_binary", "other", "prefer_not_to_say"}
	switch {
	case outside(m.BirthYear, 1900, now.Year()):
		return invalidBody("birth_year", "must be from 1900 to this year")
	case outside(m.BirthMonth, 1, 12):
		return invalidBody("birth_month", "must be from 1 to 12")
	case outside(m.BirthDay, 1, m.lastBirthDay()):
		return invalidBody("birth_day", "does not exist")
	case m.Gender != nil && !slices.Contains(genders, *m.Gender):
		return invalidBody("gender", "is not one of the known values")
	case imprecise(m.Height, 300):
		return invalidBody("height", "must be from 0 to 300 with at most one decimal")
	case imprecise(m.Weight, 1000):
		return invalidBody("weight", "must be from 0 to 1000 with at most one decimal")
	}
	return nil
}

// lastBirthDay returns the last day of the birth month. An unknown month or year counts as
// the longest.
func (m Metadata) lastBirthDay() int {
	year, month := 2000, time.January
	if m.BirthYear != nil {
		year = *m.BirthYear
	}
	if m.BirthMonth != nil {
		month = time.Month(*m.BirthMonth)
	}
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func outside(value *int, lowest, highest int) bool {
	return value != nil && (*value < lowest || *value > highest)
}

func imprecise(value *float64, highest float64) bool {
	if value == nil {
		return false
	}
	tenths := *value * 10
	return *value < 0 || *value > highest || math.Abs(tenths-math.Round(tenths)) > 1e-6
}

// pathUser finds the user of the path as the /ai/v1 family does.
func (s *Server) pathUser(r *http.Request) (*user, error) {
	id := r.PathValue("id")
	if !isUserID(id) {
		return nil, errUserID
	}
	u := s.user(id)
	if u == nil {
		return nil, errNoSuchUser
	}
	return u, nil
}

// getUser answers GET /ai/v1/users/{id}.
func (s *Server) getUser(r *http.Request) (answer, error) {
	u, err := s.pathUser(r)
	if err != nil {
		return answer{}, err
	}
	result := map[string]any{"user_id": u.id, "to_be_deleted": u.toBeDeleted, "last_session_info": nil}
	if u.metadata != (Metadata{}) {
		result["metadata"] = u.metadata
	}
	if n := len(u.sessions); n > 0 {
		result["last_session_info"] = lastSession(u.sessions[n-1], s.options.Now())
	}
	return success(http.StatusOK, result), nil
}

func lastSession(last *session, now time.Time) map[string]any {
	state := last.state(now)
	info := map[string]any{
		"session_id":     last.ID,
		"inference_type": "MELSPECTROGRAM",
		"service":        "NOSERVICE",
		"start_time":     last.Start.UTC().Format(userTimestamp),
		"end_time":       nil,
		"state":          state,
		"complete_time":  nil,
	}
	if state != Open {
		info["end_time"] = last.End.UTC().Format(userTimestamp)
	}
	if state == Complete {
		info["complete_time"] = last.Completed.UTC().Format(userTimestamp)
	}
	return info
}

// deleteUser answers DELETE /ai/v1/users/{id}.
func (s *Server) deleteUser(r *http.Request) (answer, error) {
	u, err := s.pathUser(r)
	if err != nil {
		return answer{}, err
	}
	s.mu.Lock()
	delete(s.users, u.id)
	s.mu.Unlock()
	return noContent(), nil
}
