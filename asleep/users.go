package asleep

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/civil"
)

// Metadata describes a sleeper. A nil field is unknown, or is not sent.
type Metadata struct {
	BirthYear  *int     `json:"birth_year,omitempty"`  // 1900 to the current year
	BirthMonth *int     `json:"birth_month,omitempty"` // 1 to 12
	BirthDay   *int     `json:"birth_day,omitempty"`   // 1 to 31, a day of that month
	Gender     *string  `json:"gender,omitempty"`      // one of Genders
	Height     *float64 `json:"height,omitempty"`      // centimetres, 0 to 300, at most one decimal
	Weight     *float64 `json:"weight,omitempty"`      // kilograms, 0 to 1000, at most one decimal
}

// Limits of [Metadata], as documented.
const (
	earliestBirth = 1900
	tallest       = 300  // cm
	heaviest      = 1000 // kg
)

// User is a sleeper known to the service.
type User struct {
	ID          string
	ToBeDeleted bool         // marked for deletion; treat the user as gone
	LastSession *LastSession // nil: no session yet
	Metadata    *Metadata    // nil: the service did not say
}

// LastSession is the newest session of a [User].
type LastSession struct {
	ID            string
	InferenceType string // format of the uploaded audio, such as MELSPECTROGRAM
	Service       string // name given when the session was created
	Start         time.Time
	End           *time.Time // nil while open
	State         State
	Completed     *time.Time // nil unless complete
}

const (
	createUser = "POST /ai/v1/users"
	getUser    = "GET /ai/v1/users/{id}"
	deleteUser = "DELETE /ai/v1/users/{id}"
)

// CreateUser creates a user and returns its id; m may be nil. Every call creates
// another user, so the request is sent once and never retried: after [Unavailable],
// [BadResponse] or the context's error, a user may or may not exist, see [Unchanged].
// Metadata outside the documented limits is [Invalid], and nothing is sent.
func (c *Client) CreateUser(ctx context.Context, m *Metadata) (string, error) {
	k := call{op: createUser}
	if m != nil {
		if err := m.check(c.now().UTC().Year()); err != nil {
			return "", &Error{Op: createUser, Code: Invalid, Err: err}
		}
		k.body = struct {
			Metadata *Metadata `json:"metadata"`
		}{m}
	}
	ctx, cancel := bounded(ctx, k.op)
	defer cancel()
	id, err := once(ctx, c, k, func(w *struct {
		ID short `json:"user_id"`
	},
	) string {
		return string(w.ID)
	})
	if err != nil {
		return "", err
	}
	if CheckUserID(id) != nil {
		return "", unreadable(createUser, http.StatusCreated, "result.user_id is missing, or not that of a user")
	}
	return id, nil
}

// User returns what the service knows about a user. It is not cached.
func (c *Client) User(ctx context.Context, id string) (*User, error) {
	if err := withOp(getUser, CheckUserID(id)); err != nil {
		return nil, err
	}
	u, err := read(ctx, c, call{op: getUser, id: id}, func(w *wireUser) *User { return w.user(c.now().UTC().Year()) })
	if err == nil && u.ID != id {
		return nil, unreadable(getUser, http.StatusOK, "it is about another user")
	}
	return u, err
}

// Born returns the user's date of birth as far as the service knows it, or nil if it
// does not know the year or the user. Only the fields of the date are set. It is cached
// for 6 hours.
func (c *Client) Born(ctx context.Context, id string) (*Metadata, error) {
	p, err := c.profile(ctx, id)
	if err != nil || p.born.BirthYear == nil {
		return nil, err
	}
	return &p.born, nil
}

// Newest returns when the newest session of a user began; zero if there is none. It is
// cached with [Client.Born], so a session of the last hours may not be known to it.
func (c *Client) Newest(ctx context.Context, id string) (time.Time, error) {
	p, err := c.profile(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	return p.newest, nil
}

// profile is the part of a [User] that is cached; empty for somebody the service does not know.
type profile struct {
	born   Metadata
	newest time.Time
}

func (c *Client) profile(ctx context.Context, id string) (*profile, error) {
	if err := withOp(getUser, CheckUserID(id)); err != nil {
		return nil, err
	}
	return cached(ctx, c, getUser, cacheKey{user: id, kind: profileKind}, func(ctx context.Context) (*profile, error) {
		p := &profile{}
		user, err := c.User(ctx, id)
		switch {
		case CodeOf(err) == NotFound:
			return p, nil
		case err != nil:
			return nil, err
		}
		if m := user.Metadata; m != nil {
			p.born = Metadata{BirthYear: m.BirthYear, BirthMonth: m.BirthMonth, BirthDay: m.BirthDay}
		}
		if last := user.LastSession; last != nil {
			p.newest = last.Start
		}
		return p, nil
	}, func(*profile) (life time.Duration, weight int) { return longLife, 1 })
}

// DeleteUser permanently removes a user with every session, and forgets what is cached
// about them. The request is sent once and never retried; [Unchanged] tells what a
// failure means.
func (c *Client) DeleteUser(ctx context.Context, id string) error {
	if err := withOp(deleteUser, CheckUserID(id)); err != nil {
		return err
	}
	// Also after a failure: it is then unknown what the service still has.
	defer c.Forget(id)
	return remove(ctx, c, call{op: deleteUser, id: id})
}

// check compares m with the documented limits; its errors name fields and
// limits, not values.
func (m *Metadata) check(thisYear int) error {
	outside := func(p *int, low, high int) bool { return p != nil && (*p < low || *p > high) }
	switch {
	case outside(m.BirthYear, earliestBirth, thisYear):
		return errors.New("birth_year must be from 1900 to the current year")
	case outside(m.BirthMonth, 1, 12):
		return errors.New("birth_month must be from 1 to 12")
	case outside(m.BirthDay, 1, 31) || !m.dayExists():
		return errors.New("birth_day must be a day of its month")
	case m.Gender != nil && !slices.Contains(Genders, *m.Gender):
		return errors.New("gender must be one of " + strings.Join(Genders, ", "))
	case m.Height != nil && !measure(*m.Height, tallest):
		return errors.New("height must be from 0 to 300 cm with at most one decimal")
	case m.Weight != nil && !measure(*m.Weight, heaviest):
		return errors.New("weight must be from 0 to 1000 kg with at most one decimal")
	}
	return nil
}

// Genders are the values that the service accepts for [Metadata].
var Genders = []string{"male", "female", "non_binary", "other", "prefer_not_to_say"}

// dayExists reports whether the month has the day, as far as both are known. Without a
// year, 29 February is accepted.
func (m *Metadata) dayExists() bool {
	if m.BirthMonth == nil || m.BirthDay == nil {
		return true
	}
	d := civil.Date{Year: 2000, Month: time.Month(*m.BirthMonth), Day: *m.BirthDay}
	if m.BirthYear != nil {
		d.Year = *m.BirthYear
	}
	return d.IsValid()
}

// measure reports whether v lies from 0 to limit with at most one decimal. NaN
// does not.
func measure(v, limit float64) bool {
	return v >= 0 && v <= limit && math.Abs(v*10-math.Round(v*10)) < 1e-9
}

type wireUser struct {
	ID          short `json:"user_id"`
	ToBeDeleted bool  `json:"to_be_deleted"`
	LastSession *struct {
		wireIdentity
		InferenceType short `json:"inference_type"`
		Service       short `json:"service"`
		State         word  `json:"state"`
	} `json:"last_session_info"`
	Metadata *struct {
		BirthYear  *whole   `json:"birth_year"`
		BirthMonth *whole   `json:"birth_month"`
		BirthDay   *whole   `json:"birth_day"`
		Gender     *word    `json:"gender"`
		Height     *float64 `json:"height"`
		Weight     *float64 `json:"weight"`
	} `json:"metadata"`
}

func (w *wireUser) check() error {
	if w.ID == "" {
		return errors.New("user_id is missing")
	}
	if w.LastSession == nil {
		return nil
	}
	return w.LastSession.check("last_session_info")
}

// user is what was read, without numbers that cannot be.
func (w *wireUser) user(thisYear int) *User {
	u := &User{ID: string(w.ID), ToBeDeleted: w.ToBeDeleted}
	if s := w.LastSession; s != nil {
		u.LastSession = &LastSession{
			ID: s.id(), InferenceType: string(s.InferenceType), Service: string(s.Service), State: State(s.State),
			Start: s.start(), End: s.end(), Completed: s.completed(),
		}
		if checkTimes(s.id(), s.start(), s.end()) != nil { // the id says when it began, too
			u.LastSession.Start, u.LastSession.End = startIn(s.id()), nil
		}
	}
	if m := w.Metadata; m != nil {
		u.Metadata = &Metadata{
			BirthYear: (*int)(within(m.BirthYear, earliestBirth, whole(thisYear))), BirthMonth: (*int)(within(m.BirthMonth, 1, 12)), BirthDay: (*int)(within(m.BirthDay, 1, 31)),
			Gender: (*string)(m.Gender), Height: within(m.Height, 0, tallest), Weight: within(m.Weight, 0, heaviest),
		}
		if !u.Metadata.dayExists() {
			u.Metadata.BirthDay = nil
		}
		if m.Gender != nil && !slices.Contains(Genders, string(*m.Gender)) {
			u.Metadata.Gender = nil
		}
	}
	return u
}
