package main

// The states of a finding.
const (
	fine       = "fine"
	notFine    = "not fine"
	notSet     = "not set"
	notChecked = "not checked" // because of another finding
)

// finding is what the doctor says about one thing, in words that hold no key, id
// or health value.
type finding struct {
	about string
	state string
	text  string
}
