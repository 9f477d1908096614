package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Fault is one way of answering badly. It takes precedence over everything else that a
// route does, including checking the key.
type Fault struct {
	Name       string        // one of [Faults]
	Times      int           // how many requests it affects; 0: all until cleared
	RetryAfter time.Duration // Retry-After, for faults with a status of 403 or above; rounded up to seconds
	Route      string        // a route pattern as in [Server.Requests]; "": every route
}

// Faults lists the names that a [Fault] may have:
//
//	unauthorized      401, as for an unknown key
//	plan_expired      403, Plan is expired
//	quota             403, Quota exceeded
//	rate_limited      403, Rate limit exceeded
//	rate_limited_429  429, with Retry-After
//	not_found         404
//	validation        422, with a list as detail
//	internal          500
//	bad_gateway       502, with an HTML page
//	html              200, with an HTML page
//	cut               the first half of the right answer, then the connection ends
//	huge              200, with 256 MB of JSON in chunks
//	hang              nothing for two minutes, or until the client leaves or the server closes
//	null              200, with the body null
//	result_null       200, with null as result
//	wrong_types       the right answer, with numbers as strings and strings as numbers
//	redirect          302, to another port
func Faults() []string {
	names := make([]string, 0, len(faultAnswers))
	for name := range faultAnswers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// SetFault adds f to the active faults, replacing one with the same name and route. If
// several apply to a request, the one that was set first answers. SetFault returns an
// error for an unknown name or route and for a negative number.
func (s *Server) SetFault(f Fault) error {
	switch {
	case faultAnswers[f.Name] == nil:
		return fmt.Errorf("sandbox: unknown fault %q; known are %s", f.Name, strings.Join(Faults(), ", "))
	case f.Route != "" && !slices.Contains(s.routes, f.Route):
		return fmt.Errorf("sandbox: unknown route %q; known are %s", f.Route, strings.Join(s.routes, ", "))
	case f.Times < 0 || f.RetryAfter < 0:
		return fmt.Errorf("sandbox: fault %s: times and retry-after must not be negative", f.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = slices.DeleteFunc(s.faults, func(old Fault) bool { return old.Name == f.Name && old.Route == f.Route })
	s.faults = append(s.faults, f)
	return nil
}

// ClearFaults ends all faults. Requests that already hang continue to do so.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// takeFault finds the fault for a request of the route and counts it down.
func (s *Server) takeFault(route string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.faults, func(f Fault) bool { return f.Route == "" || f.Route == route })
	if i < 0 {
		return Fault{}, false
	}
	f := s.faults[i]
	switch f.Times {
	case 0:
	case 1:
		s.faults = slices.Delete(s.faults, i, i+1)
	default:
		s.faults[i].Times--
	}
	return f, true
}
