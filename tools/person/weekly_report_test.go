package person

import (
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

func reportOf(t *testing.T, recordings []sandbox.Recording, birthYear int) weeklyReportOut {
	t.Helper()
	w := tooltest.NewWorld(t, evening, tooltest.Person(recordings...)).Born(birthYear)
	return tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
}

// Compared with seven hours, ten nights of six and four of eight are 6 hours short.
func TestShortfallByHand(t *testing.T) {
	t.Parallel()
	nights := append(tooltest.Nightly(4, "2026-11-12 23:00", "Europe/Paris", "480l"), tooltest.Nightly(10, "2026-11-22 23:00", "Europe/Paris", "360l")...)
	assert.Equal(t, &shortfall{Hours: 6, Nights: 14, Target: 7}, reportOf(t, nights, 0).Shortfall)
	assert.Equal(t, &shortfall{Hours: 6, Nights: 14, Target: 7}, reportOf(t, nights, 1950).Shortfall)

	nap := tooltest.Slept("2026-11-20 15:00", "Europe/Paris", "90l")
	assert.Equal(t, &shortfall{Hours: 4.5, Nights: 14, Target: 7}, reportOf(t, append(nights, nap), 0).Shortfall, "naps are sleep")
	assert.Equal(t, &shortfall{Hours: 16, Nights: 13, Target: 7}, reportOf(t, append(tooltest.Nightly(4, "2026-11-12 23:00", "Europe/Paris", "300l")[:3:3], nights[4:]...), 0).Shortfall,
		"what was not recorded does not count: three times 2 hours and ten times 1")
	assert.Equal(t, &shortfall{Hours: 0, Nights: 14, Target: 7}, reportOf(t, tooltest.Nightly(20, "2026-11-22 23:00", "Europe/Paris", "480l"), 0).Shortfall, "never below nothing")

	few := reportOf(t, nights[5:], 0)
	assert.Nil(t, few.Shortfall)
	assert.Equal(t, "few_nights", few.Missing["shortfall"], "nine nights")
	assert.NotNil(t, reportOf(t, nights[4:], 0).Shortfall, "ten")
}

func TestBestAndHardestNight(t *testing.T) {
	t.Parallel()
	nights := tooltest.Nightly(7, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)
	nights[1].Stages = tooltest.StagesText("5w 440l 10w")  // 18 November
	nights[4].Stages = tooltest.StagesText("60w 250l 60w") // 21 November
	got := reportOf(t, nights, 0)
	assert.Equal(t, "2026-11-18", got.BestNight)
	assert.Equal(t, "2026-11-21", got.HardestNight)

	alike := reportOf(t, tooltest.Nightly(7, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual), 0)
	assert.Empty(t, alike.BestNight+alike.HardestNight, "of like nights none is best")
	two := reportOf(t, []sandbox.Recording{nights[3], nights[4]}, 0)
	assert.Empty(t, two.BestNight+two.HardestNight, "nor of two")
}

func TestCoverage(t *testing.T) {
	t.Parallel()
	for nights, percent := range map[int]float64{0: 0, 1: 14, 3: 43, 6: 86, 7: 100, 9: 100} {
		assert.InDelta(t, percent, reportOf(t, tooltest.Nightly(nights, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual), 0).Coverage, 0, "%d nights", nights)
	}
	never := append(tooltest.Nightly(6, "2026-11-21 23:00", "Europe/Paris", tooltest.Usual), tooltest.Slept("2026-11-22 23:00", "Europe/Paris", "400w"))
	assert.InDelta(t, 100, reportOf(t, never, 0).Coverage, 0, "a night without sleep was recorded")
}

// People under 18 get the numbers of their nights and no judgement of them.
func TestMinors(t *testing.T) {
	t.Parallel()
	nights := weekAfter(tooltest.Usual, "60w 200l 200w")
	w := tooltest.NewWorld(t, evening, tooltest.Person(nights...)).Born(2009)
	week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
	assert.Nil(t, week.Overall)
	assert.Nil(t, week.Shortfall)
	assert.Equal(t, []insight{}, week.Insights)
	assert.Empty(t, week.BestNight+week.HardestNight)
	assert.Equal(t, "minor", week.Missing["overall_score"])
	assert.Equal(t, "minor", week.Missing["shortfall"])
	assert.InDelta(t, 200/60.0, *week.Averages.SleepHours, 0.01)

	score := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{"days":7}`)
	assert.Nil(t, score.Overall)
	assert.Nil(t, score.Efficiency)
	assert.Nil(t, score.Consistency)
	assert.Nil(t, score.Duration)
	assert.Nil(t, score.ConsistencyBasis.Usual, "nor what it is usually")
	assert.Empty(t, score.ConsistencyBasis.Verdict)
	for _, part := range []string{"overall_score", "efficiency_score", "consistency_score", "duration_score"} {
		assert.Equal(t, "minor", score.Missing[part])
	}
	months := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{}`)
	assert.Equal(t, "minor", months.Missing["months.overall_score"])
	for _, m := range months.Months {
		assert.Nil(t, m.Overall)
	}
	assert.Nil(t, tooltest.AnswerOf[weeklyReportOut](t, w.Born(2008), "weekly_report", `{}`).Overall, "18 this year, perhaps not yet")
	assert.NotNil(t, tooltest.AnswerOf[weeklyReportOut](t, w.Born(2007), "weekly_report", `{}`).Overall)
}

// Any source of an age makes a minor one.
func TestMinorsByAnySource(t *testing.T) {
	t.Parallel()
	someone := tooltest.Person(weekAfter(tooltest.Usual, tooltest.Usual)...)
	for _, c := range []struct {
		name             string
		service, setting int
		argument         string
		minor            bool
	}{
		{"an adult to all", 1980, 1980, `"birth_year":1980`, false},
		{"nothing known", 0, 0, ``, false},
		{"the service alone", 2012, 0, ``, true},
		{"the service against the argument", 2012, 1980, `"birth_year":1980`, true},
		{"the setting against the argument", 0, 2012, `"birth_year":1980`, true},
		{"the argument against the service", 1980, 0, `"birth_year":2012`, true},
		{"18 at the end of the year", 2008, 0, ``, true},
	} {
		if someone.Metadata = (sandbox.Metadata{}); c.service > 0 {
			someone.Metadata.BirthYear = &c.service
		}
		w := tooltest.NewWorld(t, evening, someone).Born(c.setting)
		got := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{`+c.argument+`}`)
		assert.Equal(t, c.minor, got.Overall == nil, c.name)
		assert.Equal(t, c.minor, got.Missing["overall_score"] == "minor", c.name)
	}
	other := someone
	someone.Metadata, other.ID, other.Metadata = sandbox.Metadata{}, "G-other", sandbox.Metadata{}
	w := tooltest.NewWorld(t, evening, someone, other).Born(2012)
	assert.Nil(t, tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{}`).Overall)
	assert.NotNil(t, tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{"user_id":"G-other"}`).Overall, "the setting is about the caller")
	eve, year, month, day := civil.Date{Year: 2026, Month: 11, Day: 22}, 2008, 11, 23
	assert.Equal(t, 17, tool.Age(eve, year, &month, &day))
	assert.Equal(t, 18, tool.Age(eve.AddDays(1), year, &month, &day))
	assert.Equal(t, 17, tool.Age(eve.AddDays(1), year, nil, nil))
	assert.Equal(t, 0, tool.Age(eve, 2030, nil, nil))
}

// Twenty-one equal nights, then seven whose onset and awakening change by two hours from
// one to the next: twice two hours of 24 differ, so the index is 66.7.
func TestRegularityAgainstTheUsual(t *testing.T) {
	t.Parallel()
	nights := tooltest.Nightly(35, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)
	moved(nights[28:], 2*time.Hour, everyOther)
	w := tooltest.NewWorld(t, evening, tooltest.Person(nights...))
	got := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{"days":7}`)
	assert.Equal(t, "schedule_sri", got.ConsistencyBasis.Basis)
	assert.InDelta(t, 66.7, *got.Consistency, 0)
	require.NotNil(t, got.ConsistencyBasis.Usual)
	assert.InDelta(t, 99, *got.ConsistencyBasis.Usual, 1, "but for the night on which clocks went back")
	assert.Equal(t, "lower", got.ConsistencyBasis.Verdict)

	before := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{"days":7,"ending":"2026-11-16"}`)
	assert.Equal(t, "no_clear_difference", before.ConsistencyBasis.Verdict)
	moved(nights[:28], 2*time.Hour, everyOther)
	moved(nights[28:], -2*time.Hour, everyOther)
	steady := tooltest.AnswerOf[sleepScoreOut](t, tooltest.NewWorld(t, evening, tooltest.Person(nights...)), "sleep_score", `{"days":7}`)
	assert.Equal(t, "higher", steady.ConsistencyBasis.Verdict)

	without := tooltest.AnswerOf[sleepScoreOut](t, tooltest.NewWorld(t, evening, tooltest.Person(nights[25:]...)), "sleep_score", `{"days":7}`)
	assert.Nil(t, without.ConsistencyBasis.Usual, "three nights before are not usual")
	assert.Empty(t, without.ConsistencyBasis.Verdict)
}

func TestWeekendShift(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by   time.Duration
		want float64
	}{"later": {100 * time.Minute, 100}, "earlier": {-40 * time.Minute, -40}, "the same": {0, 0}} {
		recordings := moved(tooltest.Nightly(14, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual), c.by, beforeFreeDays)
		got := tooltest.AnswerOf[averageStatsOut](t, tooltest.NewWorld(t, evening, tooltest.Person(recordings...)), "average_stats", `{"days":14}`)
		require.NotNil(t, got.Weekend, name)
		assert.InDelta(t, c.want, got.Weekend.Minutes, 0, name)
		assert.Equal(t, []int{4, 10}, []int{got.Weekend.FreeNights, got.Weekend.WorkNights}, name)
	}
	working := tooltest.Nightly(4, "2026-11-19 23:00", "Europe/Paris", tooltest.Usual) // Tuesday to Friday
	got := tooltest.AnswerOf[averageStatsOut](t, tooltest.NewWorld(t, evening, tooltest.Person(working...)), "average_stats", `{"days":7}`)
	assert.Nil(t, got.Weekend)
	assert.Equal(t, "few_nights", got.Missing["weekend_shift"])
	none := tooltest.AnswerOf[averageStatsOut](t, tooltest.NewWorld(t, evening, tooltest.Person()), "average_stats", `{"days":7}`)
	assert.Equal(t, "no_data", none.Missing["weekend_shift"])
}

// What any organization was told about a member counts as much, and ends with the membership.
func TestMinorsByMembership(t *testing.T) {
	t.Parallel()
	someone := tooltest.Person(weekAfter(tooltest.Usual, tooltest.Usual)...)
	someone.Metadata.BirthYear = new(1980)
	company := tooltest.NewCompany(t, "", someone)
	w := company.As(access.Operator(tooltest.Me))
	scored := func() bool {
		week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
		score := tooltest.AnswerOf[sleepScoreOut](t, w, "sleep_score", `{"birth_year":1980}`)
		months := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{}`).Months
		assert.Equal(t, score.Overall == nil, week.Overall == nil)
		assert.Equal(t, score.Overall == nil, months[0].Overall == nil)
		assert.Equal(t, score.Overall == nil, score.Missing["overall_score"] == "minor")
		return score.Overall != nil
	}
	joins := func(organization string, birthYear int) directory.Member {
		require.NoError(t, company.Store.CreateOrganization(t.Context(), directory.Organization{ID: organization, Name: organization}))
		m := directory.Member{Organization: organization, Email: "me@example.org", Metadata: directory.Metadata{BirthYear: birthYear}}
		r, err := company.Store.Reserve(t.Context(), m)
		require.NoError(t, err)
		assert.True(t, scored(), "a reservation is nobody's yet")
		require.NoError(t, company.Store.Confirm(t.Context(), r, tooltest.Me))
		m.UserID = tooltest.Me
		return m
	}
	joins("unknown", 0)
	joins("adults", 2007)
	assert.True(t, scored())
	member := joins("school", 2008) // 18 this year, perhaps not yet
	assert.False(t, scored())
	require.NoError(t, company.Store.RemoveMember(t.Context(), member))
	assert.True(t, scored())
	require.NoError(t, company.Store.Close())
	assert.True(t, scored(), "without the database, the others decide")
}

// Nights that are unusual only in what the week as a whole is different in are listed, and
// not named again.
func TestUnusualNightsAreNotNamedTwice(t *testing.T) {
	t.Parallel()
	nights := append(tooltest.Nightly(28, "2026-11-15 23:00", "Europe/Paris", tooltest.Usual), tooltest.Nightly(7, "2026-11-23 06:00", "Europe/Paris", tooltest.Usual)...)
	moved := reportOf(t, nights, 0)
	assert.Contains(t, moved.Summary, "Sleep onset 7 h 00 min later and final awakening 7 h 02 min later than in the four weeks before.")
	assert.NotContains(t, moved.Summary, "Unusual")
	assert.Len(t, moved.Unusual, 14)

	nights[30].Stages = tooltest.StagesText("20w 110l 40d 20w 60r 10w")
	short := reportOf(t, nights, 0)
	assert.Contains(t, short.Summary, "Unusual compared with the four weeks before: 2026-11-19 (")
	assert.NotContains(t, short.Summary, "2026-11-20")
}
