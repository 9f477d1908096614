package jobs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// presence is a lock that a replica holds in PostgreSQL for as long as it lives: the server
// frees it when the connection ends, as it does at once when a process is killed. The
// other replicas then take over its jobs, long before the queue itself would find them
// stuck. A replica that only lost its connection may lose its jobs too, which are then done twice.
type presence struct {
	pool *pgxpool.Pool
	id   string        // of the queue's client, which its jobs name
	conn *pgxpool.Conn // holds the lock; nil: none does
}

const (
	presenceLock = 0x70726573
	named        = "asleep-mcp-" // how the ids of those who hold a lock begin; older versions hold none
	lookEvery    = 3 * time.Second
	// settling is how many looks pass before jobs are taken over: when the database was away,
	// nobody holds a lock until they have noticed.
	settling = 2
)

// takeOver makes the jobs of replicas that are gone available again. Those out of attempts are
// left to the queue, which gives them up.
const takeOver = `UPDATE river_job SET state = 'available' WHERE state = 'running' AND attempt < max_attempts
	AND attempted_by[array_upper(attempted_by, 1)] LIKE $2 || '%' AND NOT EXISTS (
		SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
			AND classid = $1::int::oid AND objid = hashtext(attempted_by[array_upper(attempted_by, 1)])::oid)`

// hold takes the lock. It never waits for another session: those of one replica share it.
func (p *presence) hold(ctx context.Context) (err error) {
	if p == nil || p.conn != nil {
		return nil
	}
	if p.conn, err = p.pool.Acquire(ctx); err != nil {
		return err
	}
	if _, err = p.conn.Exec(ctx, `SELECT pg_advisory_lock_shared($1::int, hashtext($2))`, presenceLock, p.id); err != nil {
		p.leave()
	}
	return err
}

// leave gives up the lock.
func (p *presence) leave() {
	if p == nil || p.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = p.conn.Conn().Close(ctx) // which frees the lock, also if it fails
	p.conn.Release()
	p.conn = nil
}

// watch takes over jobs until ctx ends, and takes the lock again when it was lost.
func (p *presence) watch(ctx context.Context) {
	if p == nil {
		<-ctx.Done()
		return
	}
	for looks := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		if p.conn == nil {
			looks = 0
			if p.hold(ctx) != nil {
				continue
			}
		}
		if looks++; looks < settling {
			continue
		}
		if _, err := p.conn.Exec(ctx, takeOver, presenceLock, named); err != nil && ctx.Err() == nil {
			p.leave()
		}
	}
}
