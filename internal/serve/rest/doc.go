// Package rest is the same server for programs that do not speak MCP: every tool
// that reads is a GET request, and a person who signed in can be made a user of
// Asleep.
//
// # Vocabulary
//
// A route is a path that answers as one tool does. Its query has the tool's
// arguments, where dates have the names of Asleep's own API: date_gte and
// date_lte for sessions, start_date and end_date elsewhere. A problem is an
// error as RFC 9457 writes it.
//
// # Promise
//
// A body is the tool's answer, byte for byte. Arguments and access are checked
// by the tool; nothing is decided here about whose nights may be seen. What the
// API offers is described at /openapi.json, for people at /docs, which loads
// nothing from anywhere.
package rest
