package watch

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/asleep-mcp/asleep-mcp/internal/jobs"
)

// stateTime is how long it may take to find out how jobs are getting on.
const stateTime = 5 * time.Second

// Jobs shows how jobs are getting on, as state says when somebody looks.
func (w *Watch) Jobs(state func(context.Context) (jobs.State, error)) {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("asleep_mcp_"+name, help, labels, nil)
	}
	w.registry.MustRegister(&jobsCollector{
		state:      state,
		known:      describe("jobs_known", "1 if the database could be asked about jobs, otherwise 0 and the other numbers about jobs are missing."),
		jobs:       describe("jobs", "Jobs of all replicas; failed ones were given up in the last week, done ones finished in the last hour.", "state"),
		oldest:     describe("jobs_oldest_seconds", "For how long the oldest waiting job could have begun."),
		halted:     describe("jobs_halted", "1 if nothing is asked because Asleep refuses everybody, with the code of the error.", "code"),
		used:       describe("budget_used_requests", "Requests to Asleep on this UTC day, all replicas together."),
		left:       describe("budget_left_requests", "Requests that are left of this UTC day, where they are limited."),
		slow:       describe("budget_slowdown", "How many times slower than allowed jobs ask, because Asleep asked to slow down."),
		people:     describe("people", "People whose nights are kept up to date, by how much of their history was read.", "history"),
		unreadable: describe("unreadable_nights", "Kept nights whose numbers cannot be read."),
	})
}

type jobsCollector struct {
	state                                                             func(context.Context) (jobs.State, error)
	known, jobs, oldest, halted, used, left, slow, people, unreadable *prometheus.Desc
}

// Describe implements [prometheus.Collector].
func (c *jobsCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.known, c.jobs, c.oldest, c.halted, c.used, c.left, c.slow, c.people, c.unreadable} {
		to <- d
	}
}

// Collect implements [prometheus.Collector].
func (c *jobsCollector) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), stateTime)
	defer cancel()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	s, err := c.state(ctx)
	if err != nil {
		gauge(c.known, 0)
		return
	}
	gauge(c.known, 1)
	for state, n := range map[string]int{"waiting": s.Waiting, "later": s.Later, "running": s.Running, "failed": s.Failed, "done": s.Done} {
		gauge(c.jobs, float64(n), state)
	}
	gauge(c.oldest, s.Oldest.Seconds())
	if s.Halted != "" {
		gauge(c.halted, 1, string(s.Halted))
	}
	gauge(c.used, float64(s.Used))
	if s.Left >= 0 {
		gauge(c.left, float64(s.Left))
	}
	gauge(c.slow, s.Slow)
	for history, n := range map[string]int{"complete": s.People.Complete, "waiting": s.People.Waiting, "failing": s.People.Failing, "unknown": s.People.Gone} {
		gauge(c.people, float64(n), history)
	}
	gauge(c.unreadable, float64(s.People.Unreadable))
}
