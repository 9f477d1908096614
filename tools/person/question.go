package person

import (
	"context"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// About says whose nights are asked about. Every tool about one person embeds it.
type About struct {
	UserID   string `json:"user_id,omitempty" jsonschema:"minLength=1,maxLength=128" jsonschema_description:"Asleep user id; default: the caller's own."`
	Timezone string `json:"timezone,omitempty" jsonschema:"minLength=1,maxLength=64" jsonschema_description:"IANA zone for dates and clock times; default: where each night was recorded."`
}

// question is a call about one person with everything settled that does not
// depend on the tool: whose nights, in which zone, and what day it is.
type Question struct {
	Deps    *tool.Deps
	User    access.User
	zone    *time.Location // asked for; nil: each session's own
	Local   *time.Location // whose "today" it is, and in which instants are written
	unsure  bool           // local is a guess: nothing said where the person is
	Now     time.Time
	today   civil.Date
	pending []asleep.SessionInfo // of the last two days, newest first; see census
	asked   bool                 // pending was read
}

// recentDays is how far back a session may lie that says where the person is.
const recentDays = 30

// ask settles a question. Mistakes in it are found before anything is fetched.
func ask(ctx context.Context, d *tool.Deps, a About) (*Question, error) {
	user, err := access.Resolve(ctx, a.UserID)
	if err != nil {
		return nil, tool.NameReceived(err, a.UserID)
	}
	zone, err := tool.AskedZone(a.Timezone)
	if err != nil {
		return nil, err
	}
	q := &Question{Deps: d, User: user, zone: zone, Now: d.Now()}
	if err := q.findLocal(ctx); err != nil {
		return nil, err
	}
	q.today = civil.DateOf(q.Now.In(q.Local))
	return q, nil
}

// findLocal decides where the person is now: the argument, else the setting, else
// the zone of their newest session, else UTC.
func (q *Question) findLocal(ctx context.Context) error {
	switch {
	case q.zone != nil:
		q.Local = q.zone
		return nil
	case q.Deps.Zone != nil:
		q.Local = q.Deps.Zone
		return nil
	}
	q.Local, q.unsure = time.UTC, true
	utcToday := civil.DateOf(q.Now.UTC())
	nights, err := q.Deps.Client.Nights(ctx, q.User.ID(), utcToday.AddDays(-recentDays), utcToday.AddDays(1))
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(nights.Slept) {
		if z, ok := asleep.Zone(s.CreatedTimezone); ok {
			q.Local, q.unsure = z, false
			return nil
		}
	}
	return nil
}

// census is the list of sessions of the last two days, newest first, as the
// service knows them: the only place where unfinished, too short and damaged
// ones stand. It is read once a question.
func (q *Question) census(ctx context.Context) ([]asleep.SessionInfo, error) {
	if !q.asked {
		pending, err := listed(q.Deps.Client.RecentSessions(ctx, q.User.ID()))
		if err != nil {
			return nil, err
		}
		q.pending, q.asked = pending, true
	}
	return q.pending, nil
}

// listed is what the list of sessions answered; none where it does not know the user,
// whom the averages may know all the same.
func listed(sessions []asleep.SessionInfo, err error) ([]asleep.SessionInfo, error) {
	if asleep.CodeOf(err) == asleep.NotFound {
		return nil, nil
	}
	return sessions, err
}

// head begins the answer about the nights of p.
func (q *Question) head(p nights.Days, r *record) tool.Head {
	h := tool.Head{Period: tool.PeriodOf(p)}
	h.UserID, h.DataSource = q.User.ID(), q.Deps.DataSource
	h.Timezone, h.AsOf = q.Local.String(), tool.Instant(r.asOf, q.Local)
	h.Nights = countNights(r.Nights)
	if zones := r.zones(); q.zone == nil && len(zones) > 0 {
		h.Timezone, h.AsOf = zones[0], tool.Instant(r.asOf, q.place(zones[0]))
	}
	if q.unsure && len(r.Nights) == 0 {
		h.Warn("zone_unknown", "Nothing says where this person is, so dates are in UTC. Give timezone, or set ASLEEP_TIMEZONE.")
	}
	r.warn(&h)
	return h
}

// age is how old the sleeper is this year at most; nil when nothing says so.
func (q *Question) age(birthYear *int) *int {
	year := q.Deps.BirthYear
	if birthYear != nil {
		year = *birthYear
	}
	if year == 0 {
		return nil
	}
	return new(max(0, q.today.Year-year))
}

// recommended is the duration that is recommended for an age, and what the age
// rests on.
func recommended(age *int) (analytics.Recommendation, string) {
	if age == nil {
		return analytics.AdultRecommendation(), "adult_default"
	}
	return analytics.Recommended(*age), "birth_year"
}
