//go:build !unix

package main

import "testing"

func postgres(t *testing.T) string {
	t.Helper()
	dsn, _, _ := stoppablePostgres(t)
	return dsn
}

func stoppablePostgres(t *testing.T) (dsn string, stop, start func()) {
	t.Helper()
	t.Skip("a PostgreSQL of our own is started on Unix only")
	return "", nil, nil
}
