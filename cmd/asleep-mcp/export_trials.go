package main

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// trialColumns are those of a table of trials.
var trialColumns = []string{"night", "change", "measure", "planned", "done", "planned_last"}

// readTrials reads the nights of the trials of the person who is meant, up to last night: who
// knows what the nights to come have could choose what to do on them.
func (x *export) readTrials(ctx context.Context, c config, store *archive.Store, from, to civil.Date) error {
	if err := x.readWritten(ctx, c, store); err != nil {
		return err
	}
	trials, err := store.Trials(ctx, x.user)
	if err != nil {
		return err
	}
	last := civil.DateOf(c.now().UTC())
	if !to.IsZero() && to.Before(last) {
		last = to
	}
	for _, t := range trials {
		for i, with := range t.Plan {
			night := t.First.AddDays(i)
			if night.Before(from) || night.After(last) || night.After(t.Last) {
				continue
			}
			done := slices.Contains(x.tagsOf(night), t.Change)
			x.trials = append(x.trials, []string{
				night.String(), tool.PlainCell(t.Change), t.Measure, strconv.FormatBool(with), strconv.FormatBool(done), t.Planned().String(),
			})
		}
	}
	if len(x.trials) == 0 {
		return errors.New("no trial has a night in this period; the tool sleep_trial of the toolset diary starts one")
	}
	return nil
}

func (x *export) trialTable(w io.Writer) error {
	return csv.NewWriter(w).WriteAll(append([][]string{trialColumns}, x.trials...))
}
