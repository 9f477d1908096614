package sqldb

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// The pool of connections to a server.
const (
	maxConnections  = 8
	idleConnections = 2
	connectWait     = 5 * time.Second
)

// openPostgres connects to a server and migrates. If the database is not there and is not
// to be made, the result is nil.
func openPostgres(ctx context.Context, dsn string, plan Plan, create bool) (*pools, error) {
	settings, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, &Invalid{"database", "is no readable postgres:// URL"} // the parser's own words repeat it
	}
	settings.ConnectTimeout = cmp.Or(settings.ConnectTimeout, connectWait)
	// A connection is tried before each use, so that after a restart of the server the
	// next caller does not get an error.
	pool := stdlib.OpenDB(*settings, stdlib.OptionShouldPing(
		func(context.Context, stdlib.ShouldPingParams) bool { return true }))
	pool.SetMaxOpenConns(maxConnections)
	pool.SetMaxIdleConns(idleConnections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(30 * time.Minute)

	m, err := postgresMigrator(pool, plan)
	if err == nil && !create {
		if there, failed := m.there(ctx); !there {
			return nil, errors.Join(failed, pool.Close())
		}
	}
	if err == nil {
		err = m.up(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return &pools{read: pool, write: pool}, nil
}
