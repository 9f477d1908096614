package asleep

import (
	"context"
	"errors"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"time"

	"cloud.google.com/go/civil"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// State is how far a session has come. Values unknown to this package are passed on as
// they are.
type State string

// The documented states.
const (
	Open     State = "OPEN"     // being recorded
	Closed   State = "CLOSED"   // ended, being analysed
	Complete State = "COMPLETE" // analysed
)

// Recording is what is known of a session before it is analysed.
type Recording struct {
	ID              string
	State           State
	Start           time.Time
	End             *time.Time // nil while open
	UnexpectedEnd   *time.Time // set if the session did not end properly
	CreatedTimezone string     // IANA zone of the device, "" if unknown
	Origin          *Origin    // nil: recorded with the service
}

// Ended returns when the recording ended, as far as that is known, otherwise Start.
func (r Recording) Ended() time.Time {
	switch {
	case r.End != nil:
		return *r.End
	case r.UnexpectedEnd != nil:
		return *r.UnexpectedEnd
	}
	return r.Start
}

// SessionInfo is a session as lists have it, without metrics.
type SessionInfo struct {
	Recording
	LastReceivedSeq *int     // number of the last 30-second chunk of audio received, from 0; nil: unknown
	TimeInBed       *float64 // seconds; nil: unknown
}

// ListOptions selects sessions by the date of their start. The zero value selects all
// of them, newest first.
type ListOptions struct {
	From, To  civil.Date // first and last date, both included; zero: no limit
	Timezone  string     // IANA zone of the dates; "" is UTC
	Ascending bool       // oldest first, otherwise newest first
	Offset    int        // how many to skip
	Limit     int        // how many per page, 1 to 100; 0 is 100
}

const (
	listSessions = "GET /data/v1/sessions"

	maxPage = 100
	utc     = "UTC"
)

// ListSessions returns one page of a user's sessions, perhaps empty. It is not cached.
// Options outside their limits are [Invalid], and nothing is sent.
func (c *Client) ListSessions(ctx context.Context, userID string, o ListOptions) ([]SessionInfo, error) {
	if err := withOp(listSessions, CheckUserID(userID)); err != nil {
		return nil, err
	}
	query, err := o.query()
	if err != nil {
		return nil, err
	}
	return read(ctx, c, call{op: listSessions, user: userID, zone: o.zone(), query: query}, (*wireList).infos)
}

// Sessions returns an iterator over every session that o selects, each id once. It
// reads one page after another as needed. An error ends the iteration, as the last
// pair. Iterating again starts from the beginning. While sessions are being added, all
// of them are certain to be seen only with o.Ascending or with an o.To in the past.
func (c *Client) Sessions(ctx context.Context, userID string, o ListOptions) iter.Seq2[SessionInfo, error] {
	return func(yield func(SessionInfo, error) bool) {
		page := o
		seen := map[string]bool{}
		for {
			sessions, err := c.ListSessions(ctx, userID, page)
			if err != nil {
				yield(SessionInfo{}, err)
				return
			}
			before := len(seen)
			for _, s := range sessions {
				if seen[s.ID] {
					continue
				}
				seen[s.ID] = true
				if !yield(s, nil) {
					return
				}
			}
			switch {
			case len(sessions) < page.limit():
				return
			case len(seen) == before:
				yield(SessionInfo{}, unreadable(listSessions, 200, "the pages repeat themselves"))
				return
			}
			page.Offset += len(sessions)
		}
	}
}

// RecentSessions returns the sessions that started since the day before yesterday
// (UTC), newest first, at most 100. They include those that [Client.Nights] leaves out:
// unfinished, too short and damaged ones. They are cached for a minute.
func (c *Client) RecentSessions(ctx context.Context, userID string) ([]SessionInfo, error) {
	if err := withOp(listSessions, CheckUserID(userID)); err != nil {
		return nil, err
	}
	sessions, err := cached(ctx, c, listSessions, cacheKey{user: userID, kind: recentKind},
		func(ctx context.Context) (*[]SessionInfo, error) {
			today := civil.DateOf(c.now().UTC())
			sessions, err := c.ListSessions(ctx, userID, ListOptions{From: today.AddDays(-2)})
			return &sessions, err
		},
		func(s *[]SessionInfo) (life time.Duration, weight int) { return shortLife, len(*s) })
	if err != nil {
		return nil, err
	}
	return slices.Clone(*sessions), nil
}

func (o ListOptions) limit() int {
	if o.Limit == 0 {
		return maxPage
	}
	return o.Limit
}

func (o ListOptions) zone() string {
	if o.Timezone == "" {
		return utc
	}
	return o.Timezone
}

func (o ListOptions) query() (url.Values, error) {
	q := url.Values{"offset": {strconv.Itoa(o.Offset)}, "limit": {strconv.Itoa(o.limit())}, "order_by": {"DESC"}}
	if o.Ascending {
		q.Set("order_by", "ASC")
	}
	if !o.From.IsZero() {
		q.Set("date_gte", o.From.String())
	}
	if !o.To.IsZero() {
		q.Set("date_lte", o.To.String())
	}
	switch {
	case o.Limit < 0 || o.Limit > maxPage:
		return nil, refused(listSessions, "the limit must be from 1 to %d", maxPage)
	case o.Offset < 0:
		return nil, refused(listSessions, "the offset must not be negative")
	case !o.From.IsZero() && !o.From.IsValid(), !o.To.IsZero() && !o.To.IsValid():
		return nil, refused(listSessions, "a date does not exist")
	case !o.From.IsZero() && !o.To.IsZero() && o.From.After(o.To):
		return nil, refused(listSessions, "the first day is after the last")
	}
	return q, checkZone(listSessions, o.zone())
}

type wireList struct {
	Sessions list[wireInfo] `json:"sleep_session_list"`
}

type wireInfo struct {
	wireIdentity
	State           word     `json:"state"`
	UnexpectedEnd   *instant `json:"unexpected_end_time"`
	CreatedTimezone zoneName `json:"created_timezone"`
	LastReceivedSeq *whole   `json:"last_received_seq_num"`
	TimeInBed       *float64 `json:"time_in_bed"`
}

func (w *wireList) check() error {
	if w.Sessions == nil {
		return errors.New("sleep_session_list is missing")
	}
	return nil
}

// mend reads the sessions of a body one by one, where they could not be read together.
func (w *wireList) mend(body []byte) bool {
	var envelope struct {
		Result struct {
			Sessions list[jsontext.Value] `json:"sleep_session_list"`
		} `json:"result"`
	}
	if json.Unmarshal(body, &envelope, lenient) != nil || envelope.Result.Sessions == nil {
		return false
	}
	var ok bool
	w.Sessions, ok = oneByOne(envelope.Result.Sessions, func(i *wireInfo) *wireIdentity { return &i.wireIdentity })
	return ok
}

func (w *wireList) infos() []SessionInfo {
	infos := make([]SessionInfo, len(w.Sessions))
	for i := range w.Sessions {
		infos[i] = w.Sessions[i].info()
	}
	return infos
}

func (w *wireInfo) info() SessionInfo {
	return SessionInfo{
		Recording: Recording{
			ID: w.id(), State: State(w.State), Start: w.start(), End: w.end(),
			UnexpectedEnd: (*time.Time)(w.UnexpectedEnd), CreatedTimezone: string(w.CreatedTimezone),
		},
		LastReceivedSeq: (*int)(w.LastReceivedSeq), TimeInBed: w.TimeInBed,
	}
}
