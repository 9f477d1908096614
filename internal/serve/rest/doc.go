// Package rest offers the same answers to programs that do not speak MCP: every tool
// that reads is a GET request. It also lets a person who has signed in become an Asleep
// user.
//
// # Vocabulary
//
// A route is a path that answers as one tool does. Its query parameters are the tool's
// arguments, with dates named as in Asleep's own API: date_gte and date_lte for
// sessions, start_date and end_date elsewhere. A problem is an error in the form of RFC
// 9457.
//
// # Promise
//
// A body is the tool's answer, byte for byte. The tool checks arguments and access;
// nothing here decides whose nights a caller may see. The API is described at
// /openapi.json and, for people, at /docs, a page that loads nothing from elsewhere.
package rest
