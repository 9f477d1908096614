// Command evaluation checks whether a model with asleep-mcp's tools answers questions
// about sleep correctly.
//
//	go run ./internal/evaluation questions > questions.jsonl
//	go run ./internal/evaluation grade < answers.jsonl
//
// The questions are about the made-up sleeper of asleep-mcp --demo at a fixed time, so
// the clock of the server that the model asks must be set to that time:
//
//	asleep-mcp stdio --demo --now 2026-11-23T09:12:00+01:00
//
// The demo stores nothing, so questions about tags and trials need the sandbox and a
// server in front of it that may store nights:
//
//	asleep-mcp sandbox --now 2026-11-23T09:12:00+01:00
//
// # Lines
//
// A question is a line of JSON with id, kind and question. An answer is a line with id,
// answer (the text that a person would read) and, if known, calls: a list of tool and
// arguments. A grade is a line with id, kind, passed, missed (what the text lacks or
// should not say) and tools (whether the calls were among those expected; absent if no
// calls were given). The last line has the totals.
//
// # Vocabulary
//
// A value is something true about the sleeper, computed here from the recordings that
// the sandbox plays and from what is planted in them, never from what the server says.
// A fact is what an answer must contain: a value, or words. A route is the calls that
// lead to an answer. Questions are of three kinds: easy; ambiguous (a person would ask
// back, and a good answer says how it understood the question); and trap (the obvious
// reading of the data is wrong).
//
// # Units
//
// Durations are minutes, percentages range from 0 to 100, and clock times are minutes
// after midnight.
//
// # Promise
//
// Texts are read generously: "7 h 23 min", "7.4 hours" and "443 minutes" are the same,
// and so are "2026-11-22" and "November 22nd". The tests of this package make the calls
// of every route through the real server and compare the answers with the same values,
// strictly.
package main
