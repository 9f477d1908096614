package windows

import (
	"context"
	"sync"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Due returns users who have to be reduced: new nights of them were read, they were never
// reduced by this program's method, or their windows end too early because a day has
// passed. They come in order of their ids, after one and at most limit; none is left when
// there are none.
func (s *Store) Due(ctx context.Context, after string, limit int) (users []string, err error) {
	if there, err := s.archive.There(ctx); !there || err != nil {
		return nil, err
	}
	environment, err := s.archive.Environment(ctx, s.Key)
	if err != nil {
		return nil, err
	}
	last, err := s.days(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.make(ctx); err != nil {
		return nil, err
	}
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) (err error) {
		users, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (id string, err error) { return id, row.Scan(&id) },
			`SELECT DISTINCT p.user_id FROM people p LEFT JOIN reduced r ON r.person = p.person AND r.method = $1
			WHERE p.environment IN ($2, '') AND p.user_id > $3 AND (r.person IS NULL OR r.last_day < $4 OR p.due > r.at
				OR EXISTS (SELECT 1 FROM spans s WHERE s.person = p.person AND s.what = 'nights' AND (r.read_at IS NULL OR s.read_at > r.read_at)))
			ORDER BY p.user_id LIMIT $5`, analytics.Method, environment, after, last[len(last)-1].String(), limit)
		return err
	})
	return users, err
}

// page is how many users are looked for at a time.
const page = 500

// ReduceDue reduces everybody who is due, several at a time. What cannot be reduced is told
// to failed, from several goroutines at once, and left for the next time; done is how many
// were. The error is that of finding out who is due, or the context's.
func (s *Store) ReduceDue(ctx context.Context, atOnce int, failed func(userID string, err error)) (done int, err error) {
	for after := ""; ; {
		users, err := s.Due(ctx, after, page)
		if err != nil || len(users) == 0 {
			return done, err
		}
		done += s.reduceAll(ctx, users, atOnce, failed)
		if err := ctx.Err(); err != nil {
			return done, err
		}
		after = users[len(users)-1]
	}
}

func (s *Store) reduceAll(ctx context.Context, users []string, atOnce int, failed func(string, error)) (done int) {
	var (
		workers sync.WaitGroup
		mu      sync.Mutex
		queue   = make(chan string)
	)
	for range max(1, atOnce) {
		workers.Go(func() {
			for user := range queue {
				if err := s.Reduce(ctx, user); err != nil {
					failed(user, err)
					continue
				}
				mu.Lock()
				done++
				mu.Unlock()
			}
		})
	}
	for _, user := range users {
		if ctx.Err() != nil {
			break
		}
		queue <- user
	}
	close(queue)
	workers.Wait()
	return done
}
