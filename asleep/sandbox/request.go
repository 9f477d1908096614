package sandbox

import (
	"net/http"
	"strconv"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"cloud.google.com/go/civil"
)

// timestamp is how /data writes an instant, in the zone of the header.
const timestamp = "2006-01-02T15:04:05-07:00"

// zoneOf reads the timezone header. Local would be this machine's zone and is not an IANA
// name.
func zoneOf(r *http.Request) (*time.Location, error) {
	name := r.Header.Get("Timezone")
	if name == "Local" {
		return nil, errTimezone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, errTimezone
	}
	return zone, nil
}

// headerUser finds the user of the x-user-id header as the /data family does.
func (s *Server) headerUser(r *http.Request) (*user, error) {
	id := r.Header.Get("X-User-Id")
	if !isUserID(id) {
		return nil, errDataUserID
	}
	u := s.user(id)
	if u == nil {
		return nil, noDataUser(id)
	}
	return u, nil
}

// dateQuery reads a date; absent is nil.
func dateQuery(r *http.Request, field string) (*civil.Date, error) {
	value := r.URL.Query().Get(field)
	if value == "" {
		return nil, nil
	}
	date, err := civil.ParseDate(value)
	if err != nil {
		return nil, invalidQuery(field, "invalid date format")
	}
	return &date, nil
}

// intQuery reads a number from lowest to highest.
func intQuery(r *http.Request, field string, absent, lowest, highest int) (int, error) {
	value := r.URL.Query().Get(field)
	if value == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(value)
	if err != nil {
		return 0, invalidQuery(field, "value is not a valid integer")
	}
	if n < lowest || n > highest {
		return 0, invalidQuery(field, "ensure this value is from "+strconv.Itoa(lowest)+" to "+strconv.Itoa(highest))
	}
	return n, nil
}

// ok is the envelope of the /data family.
func ok(result any) answer {
	return answer{http.StatusOK, map[string]any{"detail": "OK", "result": result}}
}

// success is the envelope of the /ai/v1 family.
func success(status int, result any) answer {
	return answer{status, map[string]any{"detail": "success", "result": result}}
}

func noContent() answer { return answer{status: http.StatusNoContent} }
