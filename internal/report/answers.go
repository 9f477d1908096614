package report

import (
	"encoding/json"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
)

// Answers are what the page is made of: what tools answered about one person. The range is
// that of Averages.
type Answers struct {
	Averages json.RawMessage // of average_stats
	Trends   json.RawMessage // of monthly_trends
	Nights   charts.Picture  // of list_sessions
	Months   charts.Picture  // of monthly_trends
}

// answer is what the page reads of an answer.
type answer struct {
	UserID string `json:"user_id"`
	AsOf   string `json:"as_of"`
	Zone   string `json:"timezone"`
	Period struct {
		From string `json:"from"`
		To   string `json:"to"`
		Days int    `json:"days"`
	} `json:"period"`
	Nights struct {
		Tracked  int `json:"tracked"`
		Used     int `json:"used"`
		Excluded []struct {
			Reason string `json:"reason"`
			Count  int    `json:"count"`
		} `json:"excluded"`
	} `json:"nights"`
	DataSource string            `json:"data_source"`
	Sources    map[string]int    `json:"sources"`
	Missing    map[string]string `json:"missing"`
	Fewer      map[string]int    `json:"fewer_nights"`
	Warnings   []struct {
		Text string `json:"text"`
	} `json:"warnings"`

	Averages map[string]any `json:"averages"`
	Stages   map[string]any `json:"sleep_stages"`
	Spread   map[string]any `json:"spread"`
	Weekend  *struct {
		Minutes      float64 `json:"minutes"`
		FreeNights   int     `json:"weekend_nights"`
		FreeHours    float64 `json:"weekend_sleep_hours"`
		WeekdayHours float64 `json:"other_sleep_hours"`
	} `json:"weekend_shift"`
}

func read(raw json.RawMessage) (a answer, err error) {
	if err := json.Unmarshal(raw, &a); err != nil {
		return a, fmt.Errorf("report: %w", err)
	}
	return a, nil
}

// field returns a value of the averages, the stages or the spread; nil: it has none.
func (a answer) field(f figure) any {
	switch f.of {
	case ofStages:
		return a.Stages[f.field]
	case ofSpread:
		return a.Spread[f.field]
	case ofAverages:
	}
	return a.Averages[f.field]
}

// reason says why a figure has no value, as the answer does.
func (a answer) reason(f figure) string {
	for _, name := range []string{f.name(), string(f.of)} {
		if why := a.Missing[name]; why != "" {
			return why
		}
	}
	return a.Missing[string(ofAverages)] // stages and spread go without a reason then
}
