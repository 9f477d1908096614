package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/asleep-mcp/asleep-mcp/internal/jobs"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// examineJobs says how the jobs are getting on that keep nights up to date.
func (c config) examineJobs(ctx context.Context) finding {
	if !c.keep || c.demo || c.key == "" {
		return finding{"jobs", notSet, "nights are read when somebody asks about them"}
	}
	directory := c.newDirectory()
	defer func() { _ = directory.close() }()
	j, stop := c.jobsAlone(directory, slog.New(slog.DiscardHandler))
	defer stop()
	if j == nil {
		return finding{"jobs", notChecked, "there is no folder for nights"}
	}
	ctx, cancel := context.WithTimeout(ctx, databaseWithin)
	defer cancel()
	s, err := j.State(ctx)
	if err != nil {
		return finding{"jobs", problem, "the database cannot be queried about them (" + err.Error() + ")"}
	}
	if s.Halted != "" {
		return finding{"jobs", problem, fmt.Sprintf("they have stopped because the service refused everybody (%s), and continue by themselves when it no longer does", s.Halted)}
	}
	return finding{"jobs", fine, progressText(s)}
}

// progressText says how far histories are, and what is left to do.
func progressText(s jobs.State) string {
	text := fmt.Sprintf("%d of %d histories complete", s.People.Complete, s.People.All)
	if n := s.People.Failing; n > 0 {
		text += fmt.Sprintf(", %d failing", n)
	}
	if n := s.People.Gone; n > 0 {
		text += fmt.Sprintf(", %d unknown to the service", n)
	}
	if n := s.People.Unreadable; n > 0 {
		text += "; the numbers of " + tool.Count(n, "night") + " cannot be read"
	}
	text += "; " + tool.Count(s.Waiting+s.Later+s.Running, "job") + " to do"
	return text + fmt.Sprintf(", %s today", tool.Count(s.Used, "request"))
}
