package analytics

// A Threshold is a number that results depend on, in the unit that ends its name.
type Threshold struct {
	Name  string
	Value float64
}

// Thresholds lists the numbers that an explanation of results has to state, always in
// the same order. They are the very numbers that this package computes with. The
// relevant differences of single metrics are in [Metrics], and the hours of sleep that
// suit an age in [Recommended].
func Thresholds() []Threshold {
	return []Threshold{
		// Nights.
		{"nap_hours", shortSleep.Hours()}, // a main sleep under this is Short, another may be a nap
		{"usual_days", usualDays},
		{"usual_dates", leastUsual},
		{"common_from_hour", nightFrom / 3600},
		{"common_to_hour", nightTo / 3600},
		{"short_break_minutes", shortBreak.Minutes()},
		{"long_break_hours", longBreak.Hours()},
		{"evening_from_hour", eveningFrom / 3600},
		{"evening_to_hour", eveningTo / 3600},
		{"date_change_hour", dateChange},
		{"early_attempt_hours", earlyAttempt.Hours()},
		{"apart_hours", apart.Hours()},
		{"longest_in_bed_hours", longestInBed.Hours()},
		{"lost_percent", 100 * lostPart},
		{"stages_differ_by_seconds", stageSlack.Seconds()},
		{"unrecorded_percent", 100 * unrecordedPart},
		{"long_awakening_minutes", longAwakening.Minutes()},

		// Means and spreads.
		{"clock_mean_vector", leastResultant},
		{"spread_nights", leastSpread},
		{"usual_time_nights", leastUsualNights},
		{"usual_time_spread_minutes", widestUsual / 60},
		{"two_times_part", twoTimesPart},
		{"two_times_apart_minutes", twoTimesApart / 60},
		{"two_times_spreads", twoTimesSpreads},
		{"two_times_few", twoTimesFew},
		{"drift_minutes", leastDrift / 60},
		{"drift_hours", mostDrift / 3600},
		{"drift_moves_hours", widestUsual / 3600},
		{"drift_off_part", mostOffDrift},
		{"drift_steady_part", steadyDrift},
		{"weekend_nights", leastFree},
		{"other_nights", leastWork},
		{"chronotype_free_nights", leastChronotypeFree},
		{"chronotype_other_nights", leastChronotypeWork},
		{"sleep_need_nights", leastNeed},

		// The score.
		{"efficiency_weight", efficiencyWeight},
		{"consistency_weight", consistencyWeight},
		{"duration_weight", durationWeight},
		{"score_nights", leastOverall},
		{"part_nights", leastScored}, // of the efficiency and of the duration score
		{"comparable_days", comparedDays},
		{"duration_points_at_bound", appropriate},
		{"duration_points_an_hour", pointsPerHour},
		{"adult_years", adultAge},
		{"score_ceiling", ceiling},
		{"low_consistency", lowConsistency},

		// The person's own usual.
		{"baseline_days", BaselineDays},
		{"baseline_nights", LeastBaseline},
		{"week_nights", LeastWeek},
		{"stage_nights", leastStage},
		{"false_alarm_percent", 100 * FalseAlarms},
		{"primary_percent", 100 * primaryPart},
		{"deals", deals},
		{"neighbour_days_error", neighbours},
		{"detectable_standard_errors", power},
		{"unusual_z", unusualZ},
		{"unusual_mad_factor", madToSD},
		{"unusual_floor_minutes", floorMinutes},
		{"unusual_floor_points", floorPercent},
		{"unusual_farther_by", fartherBy},
		{"unusual_ranked_nights", rankedBaseline},
		{"unusual_week_by", fartherInWeek},
		{"most_unusual", mostUnusual},
		{"best_night_points", alike},
		{"shortfall_days", shortfallDays},
		{"shortfall_nights", leastShortfall},

		// Trends.
		{"trend_p_value", familyError},
		{"trend_short_days", shortSpan},
		{"trend_short_nights", leastShortSpan},
		{"trend_long_nights", leastLongSpan},

		// Insights.
		{"most_insights", mostInsights},
		{"older_years", olderAge},
		{"short_sleep_minutes", shortBy},
		{"low_efficiency_percent", lowPercent},
		{"good_efficiency_percent", goodPercent},
		{"long_latency_minutes", longLatency},
		{"long_latency_minutes_older", longLatencyOlder},
		{"long_awake_minutes", longAwake},
		{"longest_awake_minutes", longestAwake},
		{"irregular_index", irregularIndex},
		{"irregular_spread_minutes", irregularSpread},
		{"far_onset_minutes", farOnset},
		{"weekend_shift_minutes", farWeekend},
		{"snoring_percent", snoringShare},
		{"snoring_nights", snoringNights},
		{"snoring_nights_of", nightsPerWeek},

		// Groups.
		{"person_nights", LeastPersonNights},
		{"group_score_points", relevantGroupScore},
		{"group_sleep_minutes", relevantGroupAsleep / 60},
		{"group_efficiency_points", 100 * relevantGroupEfficiency},
		{"group_standard_errors", certain},
	}
}
