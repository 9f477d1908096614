package serve

import "slices"

// Paths are those at which s answers over HTTP.
func (s *Server) Paths() []string { return slices.Sorted(slices.Values(s.site().Paths())) }
