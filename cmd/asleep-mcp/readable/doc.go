// Package readable formats an answer for a person at a terminal. It knows no tool: an
// answer is any JSON object, whose fields are shown in their order.
//
// # Vocabulary
//
// A field is a line, with its value after its label. A list of objects is a table or,
// if a table would be too wide, a block for each object. A code word of an answer, such
// as no_clear_difference, is shown as people would write it.
//
// # Promise
//
// No line is wider than the terminal. What a person asked for comes first. What the
// answer says about itself, further rows and columns, and texts that are data are shown
// only if everything is wanted; otherwise a line says that there is more.
//
// Nothing in an answer can control the terminal, and made-up nights are marked as such
// before anything else.
package readable
