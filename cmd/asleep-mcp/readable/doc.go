// Package readable shows an answer to a person at a terminal. It knows no tool: an
// answer is any object of JSON, read in its own order, and every field is shown.
//
// # Vocabulary
//
// A field is a line, its value behind its label. A list of objects is a table, or,
// where a table would be too wide, a block for each. Words that answers are written
// in, such as within_usual_range, are shown the way people write them.
//
// # Promise
//
// Nothing in an answer steers the terminal, and made-up nights are said to be so
// before anything else.
package readable
