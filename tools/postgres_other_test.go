//go:build !unix

package tools

import "testing"

func startPostgres(t *testing.T) func(*testing.T) string {
	t.Helper()
	t.Skip("the tests start PostgreSQL on a socket, which needs Unix")
	return nil
}
