// Package postgrestest starts PostgreSQL servers for tests.
//
// # Promise
//
// A [Server] listens only on a socket in a folder of its own. It ends with the test's
// process, however that ends. Without PostgreSQL the test is skipped or, if
// ASLEEP_MCP_REQUIRE_ALL is set, fails.
package postgrestest
