package main

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
)

var databaseAway = flag.Duration("database-away", 2*time.Second, "for how long TestDatabaseAwayInTheMiddle stops the database")

// TestDatabaseAwayInTheMiddle stops the database while histories are read, webhooks arrive and
// questions are asked. Meanwhile everybody slept another night: all webhooks about it are refused, and sent
// again until they are taken. In the end every night is kept once, and everybody's windows are right,
// without a restart.
func TestDatabaseAwayInTheMiddle(t *testing.T) {
	t.Parallel()
	const people, nights, webhookKey = 20, 120, "the-key-of-webhooks"
	now, err := time.Parse(time.RFC3339, keptNow)
	require.NoError(t, err)
	server := postgrestest.For(t)
	dsn := server.Empty(t)
	var service atomic.Pointer[sandbox.Server]
	night := func(last bool) {
		all := sleepers(now, people, nights)
		for i := range all {
			if !last {
				all[i].Recordings = all[i].Recordings[1:]
			}
		}
		box := sandbox.New(sandbox.Options{Now: func() time.Time { return now }, People: all})
		t.Cleanup(box.Close)
		service.Store(box)
	}
	night(false)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { service.Load().ServeHTTP(w, r) }))
	t.Cleanup(web.Close)
	store := companyOf(t, dsn, people)
	urls := make([]string, 2)
	logs := make([]*stream, len(urls))
	for i := range urls {
		logs[i], _ = backgroundWith(t, variablesOf{
			"ASLEEP_API_KEY": "key", "ASLEEP_BASE_URL": web.URL, "ASLEEP_MCP_NOW": keptNow, "ASLEEP_MCP_DATABASE_URL": dsn, "ASLEEP_MCP_RATE_LIMIT": "0",
			"ASLEEP_MCP_KEEP_NIGHTS": "true", "ASLEEP_MCP_UPSTREAM_RATE": "25", "ASLEEP_MCP_TOOLSETS": "sleep,cohort,manage", webhookVariable: webhookKey,
		}, "http", "--addr", "127.0.0.1:0", "--log-format", "json")
		urls[i] = waitFor(t, logs[i], `"url":"(http://127\.0\.0\.1:\d+)/mcp"`)
	}
	kept := archive.Lazy(dsn, func() time.Time { return now })
	t.Cleanup(func() { assert.NoError(t, kept.Close()) })
	have := func() (complete, held int) {
		all, err := kept.Everybody(t.Context())
		require.NoError(t, err)
		for _, k := range all {
			if held += k.Nights; k.Complete {
				complete++
			}
		}
		return complete, held
	}
	require.Eventually(t, func() bool { complete, _ := have(); return complete > 2 }, time.Minute, 20*time.Millisecond, "the first histories")

	server.Stop()
	stopped := time.Now()
	night(true)
	var all sync.WaitGroup
	var refused atomic.Int64
	for i := range people {
		all.Go(func() {
			notice := `{"event":"SESSION_COMPLETE","data":{"user_id":"` + sleeperID(i) + `"}}`
			for status := 0; status != http.StatusNoContent; time.Sleep(100 * time.Millisecond) {
				status = notify(t, urls[i%2], webhookKey, notice)
				if status == http.StatusServiceUnavailable {
					refused.Add(1)
				} else if !assert.Equal(t, http.StatusNoContent, status) {
					return
				}
			}
		})
	}
	for time.Since(stopped) < *databaseAway {
		for _, url := range urls {
			group := fetch(t, http.MethodGet, url+"/api/reports/organization_statistics?organization=acme", "", "")
			assert.Equal(t, http.StatusServiceUnavailable, group.status, group.body)
			assert.Contains(t, group.body, "database")
			assert.NotContains(t, group.body, server.Folder())
			one := fetch(t, http.MethodGet, url+"/api/sessions/last?user_id="+sleeperID(0), "", "")
			assert.Contains(t, []int{http.StatusOK, http.StatusServiceUnavailable}, one.status, one.body)
			assert.Equal(t, http.StatusOK, fetch(t, http.MethodGet, url+"/healthz", "", "").status)
		}
		time.Sleep(100 * time.Millisecond)
	}
	require.NoError(t, server.Start())
	all.Wait()
	assert.GreaterOrEqual(t, refused.Load(), int64(people))

	rows := windows.Lazy(dsn, kept, windows.Options{Key: "key", Now: func() time.Time { return now }})
	t.Cleanup(func() { assert.NoError(t, rows.Close()) })
	week := windows.Question{People: store.MemberIDs("acme"), Days: 7, Last: civil.DateOf(now)}
	back, said := time.Now(), ""
	t.Cleanup(func() { t.Log(said) })
	require.Eventually(t, func() bool {
		complete, held := have()
		group, err := rows.Group(t.Context(), week)
		require.NoError(t, err)
		said = fmt.Sprintf("%d of %d histories, %d nights, %d rows, %d sessions", complete, people, held, group.Rows, group.Sessions)
		return complete == people && held == people*nights && group.Rows == people && group.Sessions == 7*people
	}, 100*time.Second, 100*time.Millisecond, "every night")
	t.Logf("away for %s, %d webhooks refused, everything there %s later", *databaseAway, refused.Load(), time.Since(back).Round(time.Second))
	everybody, err := kept.Everybody(t.Context())
	require.NoError(t, err)
	require.Len(t, everybody, people)
	for _, k := range everybody {
		assert.Equal(t, nights, k.Nights, "nothing twice")
	}
	for _, url := range urls {
		group := fetch(t, http.MethodGet, url+"/api/reports/organization_statistics?organization=acme", "", "")
		assert.Equal(t, http.StatusOK, group.status, group.body)
	}
	for _, log := range logs {
		assert.NotContains(t, log.String(), "panic")
		assert.NotContains(t, log.String(), sleeperID(0)[:10], "no ids")
	}
}
