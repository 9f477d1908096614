package main

import "regexp"

// placeholder is what a client's file has where the client should have put a
// variable's value, such as ${ASLEEP_API_KEY}, and did not because it has none.
var placeholder = regexp.MustCompile(`^\$(\{[^{}]*\}|[A-Za-z_][A-Za-z0-9_]*)$`)

// filledIn takes placeholders for variables that are not set, so that the tools
// say how to set the key and not that the service refuses "${ASLEEP_API_KEY}".
func filledIn(getenv func(string) string) func(string) string {
	return func(name string) string {
		if value := getenv(name); !placeholder.MatchString(value) {
			return value
		}
		return ""
	}
}
