// Package tools is what a model can call.
//
// Package tool says what a tool is; packages person, cohort and manage have a family
// each. A tool is one file of its name: the structs of its arguments and its answer, its
// declaration and its handler. [All] lists them, one line each; registration,
// schemas, hints, the table in docs/tools.md and the command line derive from that
// list. What only one tool uses and would make its file long stands in files that
// begin with its name; what all questions about groups use, in group.go and files
// that begin with group_; what several of those that manage use, in manage.go. Nothing
// here knows MCP.
//
// # Vocabulary
//
// Arguments are what a caller sends, checked against the schema reflected from
// the arguments' struct before a handler sees them. An answer is one flat
// object: the common [tool.Head], then the tool's own fields. A [tool.Failure] is a text
// that says what was wrong, what was received and what to do next; it never
// repeats what the service upstream said.
//
// # Groups
//
// A group is the people a question is about, a list of the caller's or the members
// of an organization. Their nights are read in bulk, many people at a time, each
// reduced to their means as they arrive. An answer about a group begins with a
// [cohort.GroupHead]. What callers who see aggregates only are told, package disclosure
// decides.
//
// # Units
//
// Names carry units (asleep_minutes, efficiency_percent) or hold one written
// form: a clock time "23:10", a date "2026-11-22", an instant in RFC 3339 with
// its offset. Percent are 0 to 100. A value that is not there is left out,
// never 0, and named in Head.Missing where a reader would expect it.
//
// # Dates and zones
//
// A night is dated by the local date of the final awakening of its main sleep.
// Local means the timezone argument; without it, the zone in which each session
// was recorded.
package tools
