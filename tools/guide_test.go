package tools

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// said is how the page about numbers, and the guide for conversations where it does,
// state a number; # stands for it, in figures or in words.
type said struct{ page, guide string }

// saidOf has every number of analytics.Thresholds.
var saidOf = map[string]said{
	"nap_hours":                {"in the period or of # hours and more; everything else is a nap", ""},
	"usual_days":               {"most of the sleep of the last # days lies", ""},
	"usual_dates":              {"It takes # dates with three hours of sleep", ""},
	"common_from_hour":         {"it is #:00 to 09:00", ""},
	"common_to_hour":           {"it is 21:00 to 0#:00", ""},
	"short_break_minutes":      {"recordings at most # minutes apart are one sleep", "Recordings at most # minutes apart are one sleep"},
	"long_break_hours":         {"so are those at most # hours apart", ""},
	"evening_from_hour":        {"and wake between #:00 and", ""},
	"evening_to_hour":          {"wake between 20:00 and 0#:00 the date", ""},
	"date_change_hour":         {"the date changes at 0#:00", ""},
	"early_attempt_hours":      {"or ends up to # hours before it", ""},
	"apart_hours":              {"middles # hours apart", ""},
	"longest_in_bed_hours":     {"| `too_long` | over # hours |", ""},
	"lost_percent":             {"| `missing_data` | over # % of it was lost |", ""},
	"stages_differ_by_seconds": {"the time asleep (# s allowed)", ""},
	"unrecorded_percent":       {"a sleep period over # % longer", ""},
	"long_awakening_minutes":   {"awake for longer than # minutes in a row", "awakenings over # minutes"},

	"clock_mean_vector":         {"mean vector is shorter than # |", ""},
	"spread_nights":             {"of the shorter way from their mean; # nights |", "from # nights on. A week's spread"},
	"usual_time_nights":         {"one usual time: at least # nights", ""},
	"usual_time_spread_minutes": {"deviations of onset and awakening of # or less", ""},
	"two_times_part":            {"Each group must have a # of the nights", ""},
	"two_times_apart_minutes":   {"their means must be # minutes apart", ""},
	"two_times_spreads":         {"apart or more and # + 30 ÷ nights", ""},
	"two_times_few":             {"and 4 + # ÷ nights", ""},
	"drift_minutes":             {"a straight line of # minutes to", ""},
	"drift_hours":               {"to # hours a day that moves it", ""},
	"drift_moves_hours":         {"moves it by # hours or more", ""},
	"drift_off_part":            {"leaves # of its variance or less", ""},
	"drift_steady_part":         {"at least # times as steep", ""},
	"weekend_nights":            {"positive is later; # and three nights", ""},
	"other_nights":              {"positive is later; two and # nights", ""},
	"chronotype_free_nights":    {"It needs # of these nights and eight others", ""},
	"chronotype_other_nights":   {"of these nights and # others", ""},
	"sleep_need_nights":         {"It needs # nights with a measured latency", ""},

	"efficiency_weight":        {"`overall_score` = # `efficiency_score`", "Score**: # efficiency + "},
	"consistency_weight":       {" + # `consistency_score`", " efficiency + # consistency + "},
	"duration_weight":          {" + # `duration_score`", " consistency + # duration, "},
	"score_nights":             {"It needs # nights, efficiency and duration", "from # nights on. The weights"},
	"part_nights":              {"100 × asleep ÷ in bed | # nights |", ""},
	"comparable_days":          {"| # days that can be compared with the day before |", "needs # comparable days"},
	"duration_points_at_bound": {"falling to # at the bounds", ""},
	"duration_points_an_hour":  {"then by # an hour", ""},
	"score_ceiling":            {"the score is at most # where", ""},
	"low_consistency":          {"duration score 60 or consistency #,", ""},
	"adult_years":              {"by any of these years may be under # get no score", ""},

	"baseline_days":              {"compares the week with the # days before it", ""},
	"baseline_nights":            {"`baseline_nights` could be used, at least #:", ""},
	"week_nights":                {"`not_enough_nights` below # nights this week", ""},
	"stage_nights":               {"5 points, and # nights on both sides |", ""},
	"false_alarm_percent":        {"of any metric exceeds in # % of the permutations", "# % of answers about unchanged nights"},
	"primary_percent":            {"critical value of their own for # % of these cases", ""},
	"deals":                      {"to both sides at random, # times", ""},
	"detectable_standard_errors": {"plus # standard errors, but", ""},
	"neighbour_days_error":       {"error of regularity is multiplied by at least #", ""},
	"unusual_z":                  {"when |*z*| ≥ # and", ""},
	"unusual_mad_factor":         {"max(# × median absolute deviation", ""},
	"unusual_floor_minutes":      {"median absolute deviation, # minutes", ""},
	"unusual_farther_by":         {"and |*z*| is # times that of the next", ""},
	"unusual_ranked_nights":      {"with fewer than # nights, when", ""},
	"unusual_week_by":            {"*z*\\| is # times that of any night of the 28 days", ""},
	"unusual_floor_points":       {"15 minutes or # points).", ""},
	"most_unusual":               {"At most # are named, never a stage", ""},
	"best_night_points":          {"none within # point of each other", ""},
	"shortfall_days":             {"tracked nights of # days", "over # days, of"},
	"shortfall_nights":           {"Untracked nights are not filled in | # nights |", ""},

	"trend_p_value":      {"`p_value` < #", "requires p < #"},
	"trend_short_days":   {"below 7 nights of # days", ""},
	"trend_short_nights": {"below # nights of 14 days", ""},
	"trend_long_nights":  {"days or # of more", ""},

	"most_insights":              {"At most #, in this order", ""},
	"older_years":                {"people of # and older: the bounds in parentheses", ""},
	"short_sleep_minutes":        {"at least # min below the recommended hours", ""},
	"low_efficiency_percent":     {"under # % at any age", ""},
	"good_efficiency_percent":    {"at 75 to # %", ""},
	"long_latency_minutes":       {"over # min (60)", ""},
	"long_latency_minutes_older": {"over 45 min (#)", ""},
	"long_awake_minutes":         {"or awake over # min and higher than usual", ""},
	"longest_awake_minutes":      {"longest time awake over # min; or", ""},
	"irregular_index":            {"regularity index under #,", ""},
	"irregular_spread_minutes":   {"SD of sleep onset over # min with", ""},
	"far_onset_minutes":          {"with half of the nights # off", ""},
	"weekend_shift_minutes":      {"| # either way, exceeded by at least a standard error", ""},
	"snoring_percent":            {"snoring sound for # % of sleep", ""},
	"snoring_nights":             {"% of sleep on # nights or more", ""},
	"snoring_nights_of":          {"nights or more, of # |", ""},

	"person_nights":           {"among them have # nights or more", "A person with at least # nights counts"},
	"group_score_points":      {"higher or lower from # points, 10 minutes", ""},
	"group_sleep_minutes":     {"2 points, # minutes or", ""},
	"group_efficiency_points": {"minutes or # point of efficiency on", ""},
	"group_standard_errors":   {"of efficiency on, and # standard errors", ""},
}

// relevantOf has every metric with the smallest difference of it that matters.
var relevantOf = map[string]said{
	analytics.MetricAsleep:     {"`sleep_onset`, `wake_time` | # min |", "(# minutes of sleep or of clock time"},
	analytics.MetricOnset:      {"`sleep_onset`, `wake_time` | # min |", "(# minutes of sleep or of clock time"},
	analytics.MetricWake:       {"`sleep_onset`, `wake_time` | # min |", "(# minutes of sleep or of clock time"},
	analytics.MetricAwake:      {"`awake_minutes`, `snoring_minutes` | # min |", ", # minutes awake,"},
	analytics.MetricSnoring:    {"`awake_minutes`, `snoring_minutes` | # min |", ""},
	analytics.MetricLatency:    {"| `latency_minutes` | # min |", ""},
	analytics.MetricEfficiency: {"| `efficiency_percent` | # points |", " # points of efficiency) and"},
	analytics.MetricRegularity: {"(mean of the days' index) | # points |", ""},
	analytics.MetricDeep:       {"`deep_percent`, `rem_percent` | # points, and", ""},
	analytics.MetricREM:        {"`deep_percent`, `rem_percent` | # points, and", ""},
}

// The guide and the page state every number that results are computed with.
func TestTextsSayTheNumbers(t *testing.T) {
	t.Parallel()
	guide, page := flowing(t, "../prompts/guide.md"), flowing(t, metricsPage)
	check := func(name string, number float64, s said) {
		assert.True(t, says(page, s.page, number), "docs/metrics.md does not say %q with %v (%s)", s.page, number, name)
		assert.True(t, says(guide, s.guide, number), "prompts/guide.md does not say %q with %v (%s)", s.guide, number, name)
	}
	for _, one := range analytics.Thresholds() {
		s, found := saidOf[one.Name]
		assert.True(t, found, "the test does not know how %s is told", one.Name)
		check(one.Name, one.Value, s)
	}
	assert.Len(t, saidOf, len(analytics.Thresholds()), "each number once")
	for _, metric := range analytics.Metrics() {
		s, found := relevantOf[metric.Name]
		assert.True(t, found, "the test does not know how %s is told", metric.Name)
		check(metric.Name, metric.Relevant, s)
	}
	check("people", disclosure.LeastPeople-1, said{"get no figures about fewer than # people", "get no figures about fewer than # people"})
	check("quartiles", disclosure.LeastRanked-1, said{"no quartiles below #", "no quartiles for fewer than #."})
	hours := analytics.AdultRecommendation()
	check("low", hours.Low, said{"sleep of 24 hours is under # hours", "2015; # to 9 hours"})
	check("high", hours.High, said{"", "2015; 7 to # hours"})
}

// The texts and the warning about too few nights agree on how many nights a mean needs.
func TestTextsSayHowManyNightsAMeanNeeds(t *testing.T) {
	t.Parallel()
	guide, page := flowing(t, "../prompts/guide.md"), flowing(t, metricsPage)
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(2, "2026-11-21 23:15", "Europe/Berlin", tooltest.Usual)...))
	for _, c := range []struct {
		tool, arguments, warned string // what the warning says the number in
		said
	}{
		{"average_stats", `{"days":7}`, `fewer than (\d+)`, said{"with the warning `few_nights` below # nights of a week", "A week's mean needs # nights"}},
		{"average_stats", `{"days":30}`, `fewer than (\d+)`, said{"nights of a week and # of longer periods", "a month's #;"}},
		{"monthly_trends", `{}`, `Fewer than (\d+) nights`, said{"and 14 before, # and 10 for months", "compared if each has # nights"}},
	} {
		answer := tooltest.AnswerOf[struct{ Warnings []tool.Warning }](t, w, c.tool, c.arguments)
		number := -1.0
		for _, warning := range answer.Warnings {
			if found := regexp.MustCompile(c.warned).FindStringSubmatch(warning.Text); warning.Code == "few_nights" && found != nil {
				number, _ = strconv.ParseFloat(found[1], 64)
			}
		}
		assert.True(t, says(page, c.page, number), "docs/metrics.md does not say %q with %v", c.page, number)
		assert.True(t, says(guide, c.guide, number), "prompts/guide.md does not say %q with %v", c.guide, number)
	}
}

// flowing is a text without its line breaks.
func flowing(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return strings.Join(strings.Fields(string(text)), " ")
}

// inWords are numbers that the texts may write out.
var inWords = map[float64][]string{
	1: {"a"}, 2: {"two", "twice"}, 3: {"three"}, 4: {"four"}, 5: {"five", "fifth"}, 7: {"seven"}, 8: {"eight"}, 10: {"ten"}, 16: {"sixteen"},
	60: {"an hour"}, 120: {"two hours"}, // of minutes
}

// says looks for a phrase with its number.
func says(text, phrase string, number float64) bool {
	for _, written := range append(inWords[number], strconv.FormatFloat(number, 'g', 6, 64)) {
		if strings.Contains(text, strings.Replace(phrase, "#", written, 1)) {
			return true
		}
	}
	return false
}
