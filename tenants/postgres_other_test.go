//go:build !unix

package tenants

import "testing"

func emptyPostgres(t *testing.T) database {
	t.Helper()
	t.Skip("a PostgreSQL of our own is started on Unix only")
	return database{}
}

func stopPostgres() {}
