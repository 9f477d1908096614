package analytics

// Findings is what the rules say before the most important are picked.
var Findings = findings

// Generator chooses the nights of a side.
type Generator = generator

// Choose is choose.
func (r *generator) Choose(side []uint64, nights, part int) { r.choose(side, nights, part) }
