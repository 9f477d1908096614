// Package prompts holds what a person or a host can ask for by name: prompts, which are
// texts that tell a model which tools to call and how to write about the answers, and
// resources, which are things to read. Nothing here knows MCP, and nothing here reads a
// night.
//
// # Vocabulary
//
// A [Prompt] has arguments, which a host asks the person for, and a text, which is one
// embedded file. A call in a text is the name of a tool with its arguments as JSON,
// ready to be sent. A [Resource] is either an embedded text or the answer of a tool
// that is called without arguments.
//
// # Promise
//
// A text depends only on the arguments, not on who asks: it contains no health values,
// and the tools that it names refuse callers who may not see a person. All texts share
// one set of rules about wording (rules.md): estimates rather than findings, the
// person's own usual nights first, no disorder named or ruled out, no value where none
// was measured.
//
// What is inserted into a text has passed the check of its [Kind], so an argument
// cannot add a sentence. A refused argument is a [*Mistake], which says what was wrong,
// what was received and what would be right.
package prompts
