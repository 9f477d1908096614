package person

import (
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

func TestNightDate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		recording          sandbox.Recording
		night              string
		bedtime, wake      string
		fellAsleep, wokeUp string
		inBed              float64
	}{
		"across midnight": {
			tooltest.Slept("2026-11-18 23:15", "Europe/Paris", tooltest.Usual), "2026-11-19", "23:15", "07:05",
			"2026-11-18T23:35:00+01:00", "2026-11-19T07:05:00+01:00", 480,
		},
		"after midnight": {
			tooltest.Slept("2026-11-19 00:30", "Europe/Paris", tooltest.Usual), "2026-11-19", "00:30", "08:20",
			"2026-11-19T00:50:00+01:00", "2026-11-19T08:20:00+01:00", 480,
		},
		"awake before midnight, out of bed after it": {
			tooltest.Slept("2026-11-18 15:30", "Europe/Paris", "200l 80d 190r 60w"), "2026-11-18", "15:30", "23:20",
			"2026-11-18T15:30:00+01:00", "2026-11-18T23:20:00+01:00", 530,
		},
		"clocks go back in Paris": {
			tooltest.Slept("2026-10-24 23:00", "Europe/Paris", tooltest.Usual), "2026-10-25", "23:00", "05:50",
			"2026-10-24T23:20:00+02:00", "2026-10-25T05:50:00+01:00", 480,
		},
		"clocks go back in New York": {
			tooltest.Slept("2026-10-31 23:00", "America/New_York", tooltest.Usual), "2026-11-01", "23:00", "05:50",
			"2026-10-31T23:20:00-04:00", "2026-11-01T05:50:00-05:00", 480,
		},
		"half an hour forward on Lord Howe": {
			tooltest.Slept("2026-10-03 23:00", "Australia/Lord_Howe", tooltest.Usual), "2026-10-04", "23:00", "07:20",
			"2026-10-03T23:20:00+10:30", "2026-10-04T07:20:00+11:00", 480,
		},
		"a midnight that does not exist in Sao Paulo": {
			tooltest.Slept("2018-11-03 23:00", "America/Sao_Paulo", tooltest.Usual), "2018-11-04", "23:00", "07:50",
			"2018-11-03T23:20:00-03:00", "2018-11-04T07:50:00-02:00", 480,
		},
		"the first zone of the day": {
			tooltest.Slept("2026-11-18 23:15", "Pacific/Kiritimati", tooltest.Usual), "2026-11-19", "23:15", "07:05",
			"2026-11-18T23:35:00+14:00", "2026-11-19T07:05:00+14:00", 480,
		},
		"the last zone of the day": {
			tooltest.Slept("2026-11-18 23:15", "Etc/GMT+12", tooltest.Usual), "2026-11-19", "23:15", "07:05",
			"2026-11-18T23:35:00-12:00", "2026-11-19T07:05:00-12:00", 480,
		},
		"a night of twenty hours": {
			tooltest.Slept("2026-11-18 20:00", "Europe/Paris", "300w 300l 120d 120r 360w"), "2026-11-19", "20:00", "10:00",
			"2026-11-19T01:00:00+01:00", "2026-11-19T10:00:00+01:00", 1200,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(c.recording))
			only := `{"from":"` + c.night + `","days":1}`
			list := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", only)
			require.Len(t, list.Sessions, 1, "found by asking for its date alone")
			row := list.Sessions[0]
			assert.Equal(t, []string{c.night, c.bedtime, c.wake}, []string{row.Night, row.Bedtime, row.WakeTime})
			assert.Equal(t, c.recording.Zone, list.Timezone)
			one := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{"session_id":"`+row.SessionID+`"}`)
			assert.Equal(t, c.night, one.Night)
			assert.Equal(t, []string{c.fellAsleep, c.wokeUp}, []string{one.FellAsleep, one.WokeUp})
			assert.InDelta(t, c.inBed, *one.InBed, 0, "elapsed time")
			assert.Equal(t, 1, tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", only).SessionCount)
			for _, away := range []int{-1, 1} {
				date := tool.ParseDate(c.night).AddDays(away).String()
				other := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{"from":"`+date+`","days":1}`)
				assert.Equal(t, 0, other.Nights.Tracked, "not on %s", date)
			}
		})
	}
}

// The zone that clock times are shown in moves no date: which nights there are depends on
// where they were recorded.
func TestTimezoneArgumentMovesNoDate(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-18 23:15", "Europe/Paris", tooltest.Usual))) // awake at 06:05 UTC
	for zone, start := range map[string]string{
		"Europe/Paris": "2026-11-18T23:15:00+01:00", "America/Los_Angeles": "2026-11-18T14:15:00-08:00",
		"Pacific/Kiritimati": "2026-11-19T12:15:00+14:00", "Etc/GMT+12": "2026-11-18T10:15:00-12:00",
	} {
		in := `{"timezone":"` + zone + `"}`
		got := tooltest.AnswerOf[getSessionOut](t, w, "get_session", in)
		assert.Equal(t, "2026-11-19", got.Night, zone)
		assert.Equal(t, 4, *got.AgeDays, zone)
		assert.Equal(t, zone, got.Timezone)
		assert.Equal(t, start, got.Start)
		assert.Contains(t, got.Summary, "Night of 2026-11-19 (Wednesday to Thursday)", "like its date")
		assert.Equal(t, zone != "Europe/Paris", strings.Contains(got.Summary, " (clock of "+zone+")"), got.Summary)
		week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", in)
		assert.Equal(t, "2026-11-23", week.Period.To, zone)
		assert.Equal(t, start[11:16], week.Days[4].Bedtime)
		assert.Equal(t, start[11:16], week.Averages.Bedtime)
		assert.Equal(t, zone != "Europe/Paris", strings.Contains(week.Summary, " on average (clock of "+zone+")."), week.Summary)
	}
}

func TestToday(t *testing.T) {
	t.Parallel()
	now := tooltest.InstantOf("2026-11-23T10:30:00Z") // the 24th in Kiritimati, the 22nd at UTC-12
	seoul := tooltest.Slept("2026-11-20 23:00", "Asia/Seoul", tooltest.Usual)
	paris := tooltest.Slept("2026-11-19 23:00", "Europe/Paris", tooltest.Usual)
	nowhere := tooltest.Slept("2026-11-20 23:00", "UTC", tooltest.Usual)
	nowhere.Zone = "Moon/Tranquility"
	for name, c := range map[string]struct {
		zone       *time.Location
		arguments  string
		recordings []sandbox.Recording
		now        time.Time
		today      string
		unsure     bool
	}{
		"no matter what is shown": {tooltest.MustLoad("Asia/Seoul"), `{"timezone":"Pacific/Kiritimati"}`, nil, now, "2026-11-23", false},
		"by setting":              {tooltest.MustLoad("Pacific/Kiritimati"), `{}`, nil, now, "2026-11-24", false},
		"not by setting":          {tooltest.MustLoad("Pacific/Kiritimati"), `{}`, []sandbox.Recording{paris}, now, "2026-11-23", false},
		"by newest session":       {nil, `{}`, []sandbox.Recording{seoul, paris}, now.Add(5 * time.Hour), "2026-11-24", false},
		"by UTC, nothing known":   {nil, `{}`, nil, now.Add(13 * time.Hour), "2026-11-23", true},
		"by UTC, an unknown zone": {nil, `{}`, []sandbox.Recording{nowhere}, now.Add(13 * time.Hour), "2026-11-23", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tooltest.NewWorld(t, c.now, tooltest.Person(c.recordings...))
			w.Deps.Zone = c.zone
			got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", c.arguments)
			assert.Equal(t, c.today, got.Period.To)
			assert.Equal(t, 30, got.Period.Days)
			assert.Equal(t, c.unsure, tooltest.HasWarning(got.Head, "zone_unknown"), got.Warnings)
			if c.unsure {
				assert.Equal(t, "UTC", got.Timezone)
			}
			week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", c.arguments)
			assert.Equal(t, c.today, week.Period.To)
		})
	}
}

// Somebody who has not recorded for a long time is where the newest recording was made.
func TestTodayOfALongSilence(t *testing.T) {
	t.Parallel()
	now := tooltest.InstantOf("2026-11-23T20:30:00Z")
	for zone, c := range map[string]struct{ newest, today, asOf string }{
		"Asia/Seoul":          {"2026-06-20", "2026-11-24", "2026-11-24T05:30:00+09:00"},
		"Asia/Kathmandu":      {"2026-03-01", "2026-11-24", "2026-11-24T02:15:00+05:45"},
		"America/Los_Angeles": {"2025-06-20", "2026-11-23", "2026-11-23T12:30:00-08:00"},
		"Pacific/Midway":      {"2021-06-20", "2026-11-23", "2026-11-23T09:30:00-11:00"},
	} {
		w := tooltest.NewWorld(t, now, tooltest.Person(tooltest.Nightly(3, c.newest+" 23:00", zone, tooltest.Usual)...))
		w.Deps.Zone = tooltest.MustLoad("Europe/Paris")
		week := tooltest.AnswerOf[weeklyReportOut](t, w, "weekly_report", `{}`)
		assert.Equal(t, []string{zone, c.today, c.asOf}, []string{week.Timezone, week.Period.To, week.AsOf})
		night := tooltest.AnswerOf[getSessionOut](t, w, "get_session", `{}`)
		assert.Equal(t, tool.ParseDate(c.newest).AddDays(1).String(), night.Night)
		assert.Equal(t, c.asOf, night.AsOf)
		assert.LessOrEqual(t, w.Sandbox.Requests()["GET /ai/v1/users/{id}"], 1, "asked once at most")
	}
}

// Clock times are those of the place where a night was recorded.
func TestSettingDoesNotMoveClockTimes(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Slept("2026-11-21 23:15", "Europe/Paris", tooltest.Usual)))
	w.Deps.Zone = tooltest.MustLoad("Asia/Seoul")
	got := tooltest.AnswerOf[averageStatsOut](t, w, "average_stats", `{}`)
	assert.Equal(t, "23:15", got.Averages.Bedtime)
	assert.Equal(t, "Europe/Paris", got.Timezone)
	assert.Equal(t, "2026-11-23T09:12:00+01:00", got.AsOf)
}

func TestMonthsUpTo(t *testing.T) {
	t.Parallel()
	for today, want := range map[string][]string{
		"2026-03-31": {"2026-03-01 2026-03-31", "2026-02-01 2026-02-28", "2026-01-01 2026-01-31"},
		"2028-03-30": {"2028-03-01 2028-03-31", "2028-02-01 2028-02-29", "2028-01-01 2028-01-31"},
		"2028-02-29": {"2028-02-01 2028-02-29", "2028-01-01 2028-01-31", "2027-12-01 2027-12-31"},
		"2027-01-01": {"2027-01-01 2027-01-31", "2026-12-01 2026-12-31", "2026-11-01 2026-11-30"},
		"2026-12-31": {"2026-12-01 2026-12-31", "2026-11-01 2026-11-30", "2026-10-01 2026-10-31"},
	} {
		var got []string
		for _, m := range monthsUpTo(*tool.ParseDate(today), 3) {
			got = append(got, m.From.String()+" "+m.To.String())
		}
		assert.Equal(t, want, got, today)
	}
	assert.Len(t, monthsUpTo(civil.Date{Year: 2026, Month: time.July, Day: 15}, 60), 60)
}

func TestMonthsOnTheLastDay(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.InstantOf("2026-10-31T12:00:00+01:00"), tooltest.Person(tooltest.Nightly(45, "2026-10-30 23:00", "Europe/Paris", tooltest.Usual)...))
	got := tooltest.AnswerOf[monthlyTrendsOut](t, w, "monthly_trends", `{"months":2}`)
	assert.Equal(t, tool.Period{From: "2026-09-01", To: "2026-10-31", Days: 61}, got.Period)
	assert.Equal(t, []int{31, 14}, []int{got.Months[0].Nights, got.Months[1].Nights})
	assert.False(t, got.Months[0].Partial)
	assert.False(t, tooltest.HasWarning(got.Head, "partial_month"))
	assert.False(t, tooltest.HasWarning(got.Head, "few_nights"))
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(tooltest.Nightly(3, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual)...))
	for _, c := range []struct {
		tool, arguments string
		want            tool.Period
	}{
		{"average_stats", `{}`, tool.Period{From: "2026-10-25", To: "2026-11-23", Days: 30}},
		{"list_sessions", `{"days":1}`, tool.Period{From: "2026-11-23", To: "2026-11-23", Days: 1}},
		{"average_stats", `{"from":"2026-11-20"}`, tool.Period{From: "2026-11-20", To: "2026-11-23", Days: 4}},
		{"average_stats", `{"to":"2026-11-20"}`, tool.Period{From: "2026-10-22", To: "2026-11-20", Days: 30}},
		{"average_stats", `{"to":"2026-11-20","days":7}`, tool.Period{From: "2026-11-14", To: "2026-11-20", Days: 7}},
		{"average_stats", `{"from":"2026-11-14","days":7}`, tool.Period{From: "2026-11-14", To: "2026-11-20", Days: 7}},
		{"average_stats", `{"from":"2026-11-14","to":"2026-11-20"}`, tool.Period{From: "2026-11-14", To: "2026-11-20", Days: 7}},
		{"average_stats", `{"from":"2026-11-14","to":"2026-11-20","days":7}`, tool.Period{From: "2026-11-14", To: "2026-11-20", Days: 7}},
		{"average_stats", `{"from":"2026-11-23","to":"2026-12-31"}`, tool.Period{From: "2026-11-23", To: "2026-11-23", Days: 1}},
		{"list_sessions", `{"from":"2026-11-20","days":100}`, tool.Period{From: "2026-11-20", To: "2026-11-23", Days: 4}},
		{"average_stats", `{"days":3660}`, tool.Period{From: "2016-11-16", To: "2026-11-23", Days: 3660}},
		{"weekly_report", `{}`, tool.Period{From: "2026-11-17", To: "2026-11-23", Days: 7}},
		{"weekly_report", `{"week_ending":"2026-11-15"}`, tool.Period{From: "2026-11-09", To: "2026-11-15", Days: 7}},
		{"weekly_report", `{"week_ending":"2026-11-25"}`, tool.Period{From: "2026-11-19", To: "2026-11-23", Days: 5}},
		{"sleep_score", `{}`, tool.Period{From: "2026-10-25", To: "2026-11-23", Days: 30}},
		{"sleep_score", `{"days":7,"ending":"2026-11-22"}`, tool.Period{From: "2026-11-16", To: "2026-11-22", Days: 7}},
		{"sleep_score", `{"days":7,"ending":"2026-11-24"}`, tool.Period{From: "2026-11-18", To: "2026-11-23", Days: 6}},
		{"monthly_trends", `{"months":1}`, tool.Period{From: "2026-11-01", To: "2026-11-23", Days: 23}},
		{"monthly_trends", `{}`, tool.Period{From: "2026-06-01", To: "2026-11-23", Days: 176}},
		{"get_session", `{}`, tool.Period{From: "2026-11-23", To: "2026-11-23", Days: 1}},
	} {
		assert.Equal(t, c.want, tooltest.AnswerOf[struct{ tool.Head }](t, w, c.tool, c.arguments).Period, "%s %s", c.tool, c.arguments)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	recordings := append(tooltest.Nightly(12, "2026-11-22 23:00", "Europe/Paris", tooltest.Usual), tooltest.Slept("2026-11-15 14:00", "Europe/Paris", "5w 40l 5w"))
	w := tooltest.NewWorld(t, tooltest.Morning, tooltest.Person(recordings...))
	for _, order := range []string{"desc", "asc"} {
		whole := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"days":20,"order":"`+order+`"}`)
		require.Len(t, whole.Sessions, 13)
		assert.False(t, whole.More)
		assert.Empty(t, whole.NextCursor)
		assert.Equal(t, order, whole.Order)

		var pages []sessionRow
		arguments := `{"days":20,"limit":4,"order":"` + order + `"}`
		for range 4 {
			page := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", arguments)
			pages = append(pages, page.Sessions...)
			assert.Equal(t, whole.Period, page.Period)
			assert.Equal(t, len(pages) < 13, page.More)
			arguments = `{"limit":4,"cursor":"` + page.NextCursor + `"}`
		}
		assert.Equal(t, whole.Sessions, pages, "each session once, in order")
		newestFirst := pages[0].Night > pages[12].Night
		assert.Equal(t, order == "desc", newestFirst)
	}
	first := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"days":20,"limit":4}`)
	assert.Equal(t, "13 recordings from 2026-11-04 to 2026-11-23, 1 nap among them; 4 of them in this answer.", first.Summary)
	all := tooltest.AnswerOf[listSessionsOut](t, w, "list_sessions", `{"days":20,"limit":13}`)
	assert.False(t, all.More, "as many as fit")
}
