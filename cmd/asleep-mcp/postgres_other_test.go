//go:build !unix

package main

import "testing"

func postgres(t *testing.T) string {
	t.Helper()
	t.Skip("a PostgreSQL of our own is started on Unix only")
	return ""
}
