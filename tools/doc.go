// Package tools lists what a model can call.
//
// Package tool defines what a tool is; packages person, cohort and manage hold one
// family each. A tool is a file of its name: the structs of its arguments and its
// answer, its declaration and its handler. [All] lists the tools, one line each;
// registration, schemas, hints, the table in docs/tools.md and the command line are
// derived from that list. Code that only one tool uses and that would make its file
// long is in files whose names begin with the tool's. Code that all questions about
// groups share is in group.go and in files whose names begin with group_; code that the
// managing tools share is in manage.go. Nothing here knows MCP.
//
// # Vocabulary
//
// Arguments are what a caller sends; they are checked against the schema derived from
// the arguments' struct before a handler sees them. An answer is one flat object: the
// common [tool.Head] followed by the tool's own fields. A [tool.Failure] has a text
// that says what was wrong, what was received and what to do next; it never repeats
// what the upstream service said.
//
// # Groups
//
// A group is the people a question is about: a list of the caller's, or the members of
// an organization. Their nights are read in bulk, many people at a time, and reduced to
// means as they arrive. An answer about a group begins with a [cohort.GroupHead].
// Package disclosure decides what may be told to callers who see only aggregates.
//
// # Units
//
// Names carry units (asleep_minutes, efficiency_percent), or the value has one written
// form: a clock time "23:10", a date "2026-11-22", an instant in RFC 3339 with its
// offset. Percentages range from 0 to 100. A missing value is left out, never 0, and is
// named in Head.Missing where a reader would expect it.
//
// # Dates and zones
//
// A night is dated by the local date of the final awakening of its main sleep, in the
// zone in which it was recorded. Today is the date in the zone of the person's newest
// recording. The timezone argument changes how clock times and as_of are shown, and
// nothing else.
package tools
