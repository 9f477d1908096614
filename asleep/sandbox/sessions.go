package sandbox

import (
	"math"
	"net/http"
	"slices"
	"time"
)

// getSession answers GET /data/v3/sessions/{id}.
func (s *Server) getSession(r *http.Request) (answer, error) {
	zone, err := zoneOf(r)
	if err != nil {
		return answer{}, err
	}
	u, err := s.headerUser(r)
	if err != nil {
		return answer{}, err
	}
	id := r.PathValue("id")
	if !sessionIDs.MatchString(id) {
		return answer{}, errSessionID
	}
	i := slices.IndexFunc(u.sessions, func(a *session) bool { return a.ID == id })
	if i < 0 {
		return answer{}, errDataSession
	}
	return ok(report(u.sessions[i], s.options.Now(), zone, s.options.TwoStage)), nil
}

// report returns the result of GET session. Stages and lost data are given once the
// analysis is finished, even if it failed.
func report(a *session, now time.Time, zone *time.Location, twoStage bool) map[string]any {
	var stat, stages, snoring any
	missing := 0.0
	if a.state(now) == Complete {
		stages, missing = plan(a.Stages, twoStage), a.figures().missing
		if a.Snoring != nil {
			snoring = widen(a.Snoring)
		}
	}
	if a.analysed(now) {
		stat = a.stat(zone)
	}
	return map[string]any{
		"timezone":           zone.String(),
		"peculiarities":      a.peculiarities(now),
		"missing_data_ratio": missing,
		"session": map[string]any{
			"id":                  a.ID,
			"state":               a.state(now),
			"start_time":          a.Start.In(zone).Format(timestamp),
			"end_time":            a.endTime(now, zone),
			"unexpected_end_time": instant(a.UnexpectedEnd, zone),
			"created_timezone":    a.Zone,
			"sleep_stages":        stages,
			"breath_stages":       nil,
			"snoring_stages":      snoring,
		},
		"stat": stat,
	}
}

// plan converts the hypnogram to the codes of the plan.
func plan(stages []int8, twoStage bool) []int {
	codes := widen(stages)
	if twoStage {
		for i := range codes {
			codes[i] = min(codes[i], int(light))
		}
	}
	return codes
}

func widen(values []int8) []int {
	wide := make([]int, len(values))
	for i, v := range values {
		wide[i] = int(v)
	}
	return wide
}

// endTime returns nil while the session is open.
func (s *session) endTime(now time.Time, zone *time.Location) any {
	if s.state(now) == Open {
		return nil
	}
	return instant(s.End, zone)
}

func instant(t time.Time, zone *time.Location) any {
	if t.IsZero() {
		return nil
	}
	return t.In(zone).Format(timestamp)
}

// listSessions answers GET /data/v1/sessions.
func (s *Server) listSessions(r *http.Request) (answer, error) {
	zone, err := zoneOf(r)
	if err != nil {
		return answer{}, err
	}
	u, err := s.headerUser(r)
	if err != nil {
		return answer{}, err
	}
	found, err := page(r, u.sessions, zone)
	if err != nil {
		return answer{}, err
	}
	now := s.options.Now()
	rows := make([]map[string]any, len(found))
	for i, a := range found {
		rows[i] = row(a, now, zone)
	}
	return ok(map[string]any{"timezone": zone.String(), "sleep_session_list": rows}), nil
}

// page selects the requested sessions: by start date in the zone of the header, both ends
// inclusive, newest first unless order_by is ASC.
func page(r *http.Request, all []*session, zone *time.Location) ([]*session, error) {
	from, err := dateQuery(r, "date_gte")
	if err != nil {
		return nil, err
	}
	to, err := dateQuery(r, "date_lte")
	if err != nil {
		return nil, err
	}
	offset, err := intQuery(r, "offset", 0, 0, math.MaxInt)
	if err != nil {
		return nil, err
	}
	limit, err := intQuery(r, "limit", 20, 0, 100)
	if err != nil {
		return nil, err
	}
	order := r.URL.Query().Get("order_by")
	if order != "" && order != "ASC" && order != "DESC" {
		return nil, invalidQuery("order_by", "value is not ASC or DESC")
	}
	found := slices.DeleteFunc(slices.Clone(all), func(a *session) bool {
		date := a.date(zone)
		return from != nil && date.Before(*from) || to != nil && date.After(*to)
	})
	if order != "ASC" {
		slices.Reverse(found)
	}
	found = found[min(offset, len(found)):]
	return found[:min(limit, len(found))], nil
}

func row(a *session, now time.Time, zone *time.Location) map[string]any {
	var inBed, lastChunk any
	if a.state(now) != Open {
		inBed = int(a.inBed().Seconds())
	}
	if n := a.chunks(now); n > 0 {
		lastChunk = n - 1
	}
	return map[string]any{
		"session_id":            a.ID,
		"state":                 a.state(now),
		"session_start_time":    a.Start.In(zone).Format(timestamp),
		"session_end_time":      a.endTime(now, zone),
		"created_timezone":      a.Zone,
		"unexpected_end_time":   instant(a.UnexpectedEnd, zone),
		"last_received_seq_num": lastChunk,
		"time_in_bed":           inBed,
	}
}

// deleteSession answers DELETE /ai/v1/sessions/{id}.
func (s *Server) deleteSession(r *http.Request) (answer, error) {
	userID, id := r.Header.Get("X-User-Id"), r.PathValue("id")
	if !isUserID(userID) {
		return answer{}, errUserIDHeader
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.users[userID]
	if u == nil {
		return answer{}, errNoSuchUser
	}
	left := slices.DeleteFunc(slices.Clone(u.sessions), func(a *session) bool { return a.ID == id })
	if len(left) == len(u.sessions) {
		return answer{}, errNoSuchSession
	}
	u.sessions = left
	return noContent(), nil
}
