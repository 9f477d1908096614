// Package readable formats an answer for a person at a terminal. It knows no tool: an
// answer is any JSON object, read in its own order.
//
// # Vocabulary
//
// A field is a line, with its value after its label. A list of objects is a table or,
// if a table would be too wide, a block for each object. A code word of an answer, such
// as no_clear_difference, is shown the way people would write it.
//
// # Promise
//
// No line is wider than the terminal. What a person asked for comes first: what the answer says
// about itself, further rows and columns, and texts that are data are shown when all is wanted,
// and it is said that there is more.
//
// Nothing in an answer can control the terminal, and made-up nights are marked as such
// before anything else.
package readable
