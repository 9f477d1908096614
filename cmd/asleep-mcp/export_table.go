package main

import (
	"context"
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// exportColumns are those of a table, documented in docs/kept-nights.md.
var exportColumns = []string{
	"user_id", "night", "kind", "session_id", "timezone", "start_utc", "end_utc",
	"bedtime_local", "sleep_onset_local", "wake_time_local",
	"in_bed_minutes", "asleep_minutes", "awake_minutes", "longest_awake_minutes", "sleep_latency_minutes",
	"light_minutes", "deep_minutes", "rem_minutes", "snoring_minutes", "efficiency_percent", "sleep_index", "excluded", "source", "own_score", "tags",
}

const (
	utcTime   = "2006-01-02T15:04:05Z"
	localTime = "2006-01-02T15:04:05"
)

// table writes a row for each night and nap.
func (x *export) table(ctx context.Context, w io.Writer) error {
	out := csv.NewWriter(w)
	columns := exportColumns
	if x.Stages {
		columns = append(slices.Clip(columns), "stages", "snoring")
	}
	if err := out.Write(columns); err != nil {
		return err
	}
	for _, s := range x.window.Sleeps() {
		row := x.row(s)
		if x.Stages {
			stages, snoring, err := x.stages(ctx, s)
			if err != nil {
				return err
			}
			row = append(row, stages, snoring)
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (x *export) row(s nights.Sleep) []string {
	n := s.Night
	kind := "night"
	if s.Nap {
		kind = "nap"
	}
	efficiency := ""
	if ratio, ok := n.Efficiency(); ok {
		efficiency = decimal(100 * ratio)
	}
	awake := ""
	if n.AwakeMeasured() {
		awake = minutes(n.Awake())
	}
	return []string{
		tool.PlainCell(x.user), n.Date.String(), kind, tool.PlainCell(strings.Join(s.IDs, " ")), tool.PlainCell(s.Zone.String()),
		s.Start.UTC().Format(utcTime), s.End.UTC().Format(utcTime),
		local(n.Bedtime(), s.Zone), local(n.Onset(), s.Zone), local(n.Wake(), s.Zone),
		minutes(n.InBed()), minutes(n.Asleep()), awake, optionalMinutes(n.LongestWake()), optionalMinutes(n.Latency()),
		optionalMinutes(n.Light()), optionalMinutes(n.Deep()), optionalMinutes(n.REM()), optionalMinutes(n.Snoring()), efficiency, optionalDecimal(s.SleepIndex), string(n.Excluded), s.Tracker, optionalDecimal(s.OwnScore),
		tool.PlainCell(strings.Join(x.tagsOf(n.Date), "; ")),
	}
}

func local(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(localTime)
}

// decimal writes two decimals at most: half minutes, the length of an epoch, are exact.
func decimal(x float64) string { return strconv.FormatFloat(math.Round(100*x)/100, 'f', -1, 64) }

func optionalDecimal(x *float64) string {
	if x == nil {
		return ""
	}
	return decimal(*x)
}

func minutes(d time.Duration) string { return decimal(d.Minutes()) }

func optionalMinutes(d *time.Duration) string {
	if d == nil {
		return ""
	}
	return minutes(*d)
}

// stages returns the stages and the snoring of a row; "" if they are not kept.
func (x *export) stages(ctx context.Context, s nights.Sleep) (stages, snoring string, err error) {
	var parts []*nights.Detail
	for _, id := range s.IDs {
		d, err := x.detail(ctx, id)
		if err != nil || d == nil {
			return "", "", err
		}
		parts = append(parts, d)
	}
	whole := nights.Join(parts)
	return characters(whole.Codes, 3), characters(whole.SnoringCodes, 1), nil
}

// characters writes codes from 0 to most, others as ".".
func characters(codes []int, most int) string {
	b := make([]byte, len(codes))
	for i, c := range codes {
		b[i] = '.'
		if c >= 0 && c <= most {
			b[i] = byte('0' + c)
		}
	}
	return string(b)
}
