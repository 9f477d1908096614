package cohort

import "github.com/asleep-mcp/asleep-mcp/tools/tool"

// GroupHead is what every answer about a group begins with, and all that is left of a
// suppressed one.
type GroupHead struct {
	Summary    string         `json:"summary"`
	AsOf       string         `json:"as_of" jsonschema_description:"When the oldest was read or a release made."`
	DataSource string         `json:"data_source" jsonschema:"enum=asleep,enum=demo,enum=import,enum=mixed"`
	Sources    map[string]int `json:"sources,omitempty"`
	Period     tool.Period    `json:"period"`
	Release    string         `json:"release,omitempty" jsonschema_description:"Week or month of these figures."`
	Suppressed bool           `json:"suppressed,omitempty"`
	Reason     string         `json:"reason,omitempty" jsonschema:"enum=fewer_than_11_people,enum=differs_by_fewer_than_11_people"`
	Minimum    int            `json:"minimum,omitempty"`
	tool.Caveats
}

// Cohort describes a group by the means of its people.
type Cohort struct {
	Size          *int             `json:"cohort_size,omitempty" jsonschema_description:"People read."`
	Eligible      *int             `json:"eligible,omitempty" jsonschema_description:"With seven nights; averages are theirs."`
	TotalSessions *int             `json:"total_sessions,omitempty" jsonschema_description:"Of all read."`
	AvgScore      *float64         `json:"avg_score,omitempty"`
	MedianScore   *float64         `json:"median_score,omitempty"`
	Quartiles     *quartiles       `json:"quartiles,omitempty" jsonschema_description:"25, 50, 75 percent."`
	AvgEfficiency *float64         `json:"avg_efficiency,omitempty"`
	AvgSleepHours *float64         `json:"avg_sleep_hours,omitempty" jsonschema_description:"Without naps."`
	Spread        *groupSpread     `json:"spread,omitempty" jsonschema_description:"SD between people."`
	ShortOfSleep  *float64         `json:"short_of_sleep_percent,omitempty" jsonschema_description:"Under 7 hours in 24, with naps."`
	ShortStep     *float64         `json:"short_of_sleep_step,omitempty" jsonschema_description:"Rounded to so many percent."`
	Excluded      []tool.Exclusion `json:"excluded,omitzero" jsonschema_description:"Read, not eligible."`
	Failures      []tool.Exclusion `json:"failures,omitzero" jsonschema_description:"Not read."`
	Kept          *keptRows        `json:"kept,omitempty" jsonschema_description:"Age of kept rows."`
}

// keptRows counts people by how old what is kept of them is.
type keptRows struct {
	Fresh     int `json:"fresh"`      // up to the last night of the period, read within 36 hours
	Stale     int `json:"stale"`      // read longer ago, or up to another night; the latter are failures, too
	NeverRead int `json:"never_read"` // or no longer kept; failures says why
}

type quartiles struct {
	Score      []float64 `json:"score"`
	SleepHours []float64 `json:"sleep_hours"`
	Efficiency []float64 `json:"efficiency"`
}

type groupSpread struct {
	Score      float64 `json:"score"`
	SleepHours float64 `json:"sleep_hours"`
	Efficiency float64 `json:"efficiency"`
}
