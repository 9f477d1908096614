package serve

import (
	"maps"
	"slices"
)

// Paths are those at which s answers.
func (s *Server) Paths() []string { return slices.Sorted(maps.Keys(s.routes(nil))) }
