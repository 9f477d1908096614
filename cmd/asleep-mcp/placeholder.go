package main

import "regexp"

// placeholder is what is left in a value, such as ${ASLEEP_API_KEY}, when a client should
// have filled in a variable and has no value for it.
var placeholder = regexp.MustCompile(`^\$(\{[^{}]*\}|[A-Za-z_][A-Za-z0-9_]*)$`)

// filledIn treats placeholders as variables that are not set, so that the tools say how to
// set the key, not that the service refuses "${ASLEEP_API_KEY}".
func filledIn(getenv func(string) string) func(string) string {
	return func(name string) string {
		if value := getenv(name); !placeholder.MatchString(value) {
			return value
		}
		return ""
	}
}
