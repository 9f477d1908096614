package main

import (
	"context"
	"log/slog"
	"runtime"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// windows returns the rows of the people of an archive. Groups are asked about in the zones
// of the organizations, or in that of the settings.
func (c config) windows(dsn string, store *archive.Store, members *lazyDirectory) *windows.Store {
	return windows.Lazy(dsn, store, windows.Options{
		Key: c.key, Home: c.zone, Prefer: c.sources, Now: c.now,
		Zones: func(ctx context.Context) ([]*time.Location, error) {
			directory, err := members.open(ctx)
			if err != nil {
				return nil, err
			}
			all, err := directory.Organizations(ctx)
			var zones []*time.Location
			for _, o := range all {
				if zone, ok := tool.ZoneNamed(o.Settings.Timezone); ok {
					zones = append(zones, zone)
				}
			}
			return zones, err
		},
	})
}

// reduceDue reduces everybody who is due. Whoever cannot be reduced is tried again the next
// time.
func reduceDue(ctx context.Context, rows *windows.Store, log *slog.Logger) error {
	_, err := rows.ReduceDue(ctx, runtime.GOMAXPROCS(0), func(_ string, err error) {
		if ctx.Err() == nil {
			log.Warn("somebody's nights could not be reduced", slog.String("cause", err.Error()))
		}
	})
	return err
}
