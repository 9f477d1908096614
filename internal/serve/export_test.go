package serve

import (
	"maps"
	"slices"
	"time"
)

// Hurry gives calls less time, before the first of them.
func (s *Server) Hurry(most time.Duration) *Server {
	s.timeout = most
	return s
}

// Paths are those at which s answers.
func (s *Server) Paths() []string { return slices.Sorted(maps.Keys(s.routes(nil))) }
