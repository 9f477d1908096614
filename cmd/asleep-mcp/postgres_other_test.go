//go:build !unix

package main

import "testing"

// cluster is a PostgreSQL server of one test, where one can be started.
type cluster struct{ stop func() }

func postgres(t *testing.T) string {
	t.Helper()
	return newCluster(t).dsn()
}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	t.Skip("a PostgreSQL of our own is started on Unix only")
	return nil
}

func (c *cluster) start(*testing.T) {}

func (c *cluster) dsn() string { return "" }
