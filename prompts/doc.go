// Package prompts has what a person or a host can ask for by name: prompts, each
// a text that tells a model which tools to call and how to write about the
// answers, and resources, which are things to read. Nothing here knows MCP, and
// nothing here reads a night.
//
// # Vocabulary
//
// A [Prompt] has arguments, which a host asks the person for, and a text, which
// is one embedded file. A call in a text is the name of a tool and its
// arguments as JSON, ready to be sent. A [Resource] is either an embedded text
// or the answer of a tool that is called without arguments.
//
// # Promise
//
// A text depends only on the arguments, not on who asks: it holds no health
// value, and the tools it names refuse callers who may not see a person. All
// texts share one set of rules about wording (rules.md): estimates and not
// findings, the person's own usual nights first, no disorder named or excluded,
// no value where none was measured.
//
// What is put into a text has passed the check of its [Kind], so that an
// argument cannot add a sentence to it. A refused argument is a [*Mistake] that
// says what was wrong, what was received and what would be right.
package prompts
