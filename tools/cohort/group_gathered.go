package cohort

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// gathered is what is known of everybody in a group.
type gathered struct {
	period   nights.Days
	before   *nights.Days // the period it is compared with; nil: none
	people   int          // everybody
	read     int          // those whose nights are known
	cohort   analytics.Cohort
	change   *analytics.CohortChange // nil: nobody is eligible in both periods, or there is none before
	sessions int
	sources  []nights.SourceNights // of the nights that were read
	excluded []tool.Exclusion      // known, not eligible
	failures []tool.Exclusion      // not known
	oldest   time.Time             // when the oldest of it was read
	outdated bool                  // the period is an older one than was asked about
	offline  bool                  // newer nights could not be asked for
	unread   bool                  // imported nights could not be read
	kept     *keptRows             // nil: they were asked for
	readings []reading             // of everybody, or of the first who may be shown
}

// sum makes figures of what was read of each.
func (g *group) sum(period nights.Days, before *nights.Days, readings []reading) *gathered {
	now := people(readings, func(r reading) analytics.Person { return r.now })
	got := &gathered{
		period: period, before: before, people: len(g.users), read: len(now), readings: readings, oldest: g.now,
		cohort:   analytics.CohortOf(now, analytics.AdultRecommendation()),
		excluded: tool.CountReasons(readings, exclusion),
		failures: tool.CountReasons(readings, func(r reading) analytics.Reason { return r.reason }),
	}
	if c := analytics.CohortChangeOf(people(readings, func(r reading) analytics.Person { return r.before }), now); c.People > 0 {
		got.change = &c
	}
	for _, r := range readings {
		got.sessions += r.sessions
		got.sources = nights.AddSources(got.sources, r.sources)
		got.offline = got.offline || r.offline
		got.unread = got.unread || r.unread
		if !r.asOf.IsZero() && r.asOf.Before(got.oldest) {
			got.oldest = r.asOf
		}
	}
	return got
}
