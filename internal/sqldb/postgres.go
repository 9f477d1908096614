package sqldb

import (
	"cmp"
	"context"
	"database/sql"
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

	there, err := migratePostgres(ctx, pool, plan, create)
	if err != nil || !there {
		return nil, errors.Join(err, pool.Close())
	}
	return &pools{read: pool, write: pool}, nil
}

// migratePostgres migrates what a plan is built upon, then the plan. there is false if it
// is not there and is not to be made.
func migratePostgres(ctx context.Context, pool *sql.DB, plan Plan, create bool) (there bool, err error) {
	m, err := postgresMigrator(pool, plan)
	if err != nil {
		return false, err
	}
	if !create {
		if there, err := m.there(ctx); !there || err != nil {
			return false, err
		}
	}
	if plan.Upon != nil {
		if _, err := migratePostgres(ctx, pool, *plan.Upon, true); err != nil {
			return false, err
		}
	}
	return true, m.up(ctx)
}
