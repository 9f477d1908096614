package archive

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// The years for which every month has a partition of its own; the migration makes those
// before and after.
const (
	firstYear = 2000
	lastYear  = 2099
)

// months are the partitions of PostgreSQL that are known to be there.
type months struct {
	mu    sync.Mutex
	known map[string]bool
}

// ready makes the partitions that rows of these instants need. It has to come before the
// transaction that writes them: it locks the tables' definition.
func (s *Store) ready(ctx context.Context, starts []time.Time) error {
	if !s.db.Server() {
		return nil
	}
	for _, start := range starts {
		start = start.UTC()
		if start.Year() < firstYear || start.Year() > lastYear {
			continue
		}
		month := time.Date(start.Year(), start.Month(), 1, 0, 0, 0, 0, time.UTC)
		if err := s.month(ctx, month); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) month(ctx context.Context, month time.Time) error {
	name := month.Format("_2006_01")
	s.months.mu.Lock()
	defer s.months.mu.Unlock()
	if s.months.known[name] {
		return nil
	}
	const bound = "2006-01-02 15:04:05+00"
	err := s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, Plan().Lock+1); err != nil {
			return err
		}
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, "recordings"+name).Scan(&there); err != nil || there {
			return err
		}
		for _, table := range []string{"nights", "recordings"} {
			// Attaching a table locks the others out for less than making it a partition would.
			for _, statement := range []string{
				"CREATE TABLE %[1]s%[2]s (LIKE %[1]s INCLUDING ALL)",
				"ALTER TABLE %[1]s ATTACH PARTITION %[1]s%[2]s FOR VALUES FROM ('%[3]s') TO ('%[4]s')",
			} {
				if _, err := sqldb.Change(ctx, tx, fmt.Sprintf(statement, table, name, month.Format(bound), month.AddDate(0, 1, 0).Format(bound))); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err == nil {
		if s.months.known == nil {
			s.months.known = map[string]bool{}
		}
		s.months.known[name] = true
	}
	return err
}
