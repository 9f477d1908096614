package main

import (
	"context"
	"encoding/json"
	"fmt"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/report"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/wire"
)

// reportTools are the tools whose answers a report shows.
var reportTools = []string{"average_stats", "list_sessions", "monthly_trends"}

// reported asks the tools about some days, by default the last full month, and returns the
// report and its days. Days to come are left out.
func reported(ctx context.Context, s *serve.Server, asked *nights.Days, name string) (*report.Report, nights.Days, error) {
	var days nights.Days
	today, err := todayOf(ctx, s)
	if err != nil {
		return nil, days, err
	}
	if asked == nil {
		asked = new(monthOf(monthOf(today).From.AddDays(-1)))
	}
	days = asked.UpTo(today)
	if days.Len() < 1 {
		return nil, days, usageError{fmt.Errorf("%s to %s lies in the future: today is %s for this sleeper", asked.From, asked.To, today)}
	}
	averages, err := answeredBy(ctx, s, "average_stats", map[string]any{"from": days.From.String(), "to": days.To.String()})
	if err != nil {
		return nil, days, err
	}
	list, err := answeredBy(ctx, s, "list_sessions", map[string]any{"from": days.From.String(), "to": days.To.String(), "limit": 100})
	if err != nil {
		return nil, days, err
	}
	months, err := answeredBy(ctx, s, "monthly_trends", map[string]any{"ending": days.To.String()})
	if err != nil {
		return nil, days, err
	}
	from := report.Answers{Averages: averages.Answer, Trends: months.Answer}
	if from.Nights, err = charts.Decode(list.Picture); err != nil {
		return nil, days, err
	}
	if from.Months, err = charts.Decode(months.Picture); err != nil {
		return nil, days, err
	}
	r, err := report.New(name, from)
	return r, days, err
}

// todayOf returns the date that it is for the sleeper, where they are.
func todayOf(ctx context.Context, s *serve.Server) (civil.Date, error) {
	called, err := answeredBy(ctx, s, "list_sessions", map[string]any{"days": 1})
	if err != nil {
		return civil.Date{}, err
	}
	var answer struct {
		Period struct {
			To civil.Date `json:"to"`
		} `json:"period"`
	}
	err = json.Unmarshal(called.Answer, &answer)
	return answer.Period.To, err
}

// answeredBy calls a tool that must answer.
func answeredBy(ctx context.Context, s *serve.Server, name string, arguments map[string]any) (wire.Called, error) {
	encoded, err := json.Marshal(arguments)
	if err != nil {
		return wire.Called{}, err
	}
	called, err := s.Show(ctx, name, encoded)
	if err == nil && called.Failure != "" {
		err = toolError{called.Failure}
	}
	return called, err
}
