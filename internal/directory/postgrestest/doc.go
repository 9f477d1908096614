// Package postgrestest starts PostgreSQL servers for tests.
//
// # Promise
//
// A [Server] listens on a socket in a folder of its own and nowhere else. It ends with
// the test's process, however that ends. Without PostgreSQL the test is skipped; with
// ASLEEP_MCP_REQUIRE_ALL set it fails.
package postgrestest
