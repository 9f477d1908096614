package sandbox

import (
	"math"
	"regexp"
	"time"

	"cloud.google.com/go/civil"
)

// What the vendor's documents leave open, and what this sandbox does about it.
// Everything in this file is a choice; none of it was observed on the live service.

// How long analysis takes after a recording ended. No figure is published.
const analysisTime = 20 * time.Minute

// Below shortestNight a recording is TOO_SHORT_FOR_ANALYSIS. Newer texts of
// the vendor say 5 minutes, older ones 20.
const shortestNight = 5 * time.Minute

// Above longestNight a recording is TOO_LONG_FOR_ANALYSIS (documented), though
// the service is said to end recordings at 24 hours by itself.
const longestNight = 24 * time.Hour

// A larger share of lost epochs than mostDefects is
// TOO_MANY_DEFECTS_IN_SLEEP_STAGES. The vendor names 70 % of uploads as the
// minimum for meaningful results, but not as this flag's limit.
const mostDefects = 0.3

// The text of a 404 for a session on /data is only known from a paraphrase.
const sessionNotFound = "Session not found"

// Which ids count as malformed is not documented. Issued ids look like
// G-20250318162239-AsleepDemoSleeper000; the sandbox only refuses what could not be an
// id under any scheme, so that files may name people freely.
var (
	userIDs    = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
	sessionIDs = regexp.MustCompile(`^\d{14}(_[a-z0-9]+)?$`)
)

func isUserID(id string) bool { return len(id) <= 128 && userIDs.MatchString(id) }

// Whether the 100 days of average-stats count both ends is not documented;
// they do here.
func daysOf(start, end civil.Date) int { return end.DaysSince(start) + 1 }

// Which instant average-stats compares with its dates is not documented; here
// it is the start, as in the list of sessions.
func (s *session) date(zone *time.Location) civil.Date { return civil.DateOf(s.Start.In(zone)) }

// The body of a 422 is not documented. This is the form of the framework whose
// wording the other errors resemble: detail is a list and not a string.
func validationDetail(place, field, message string) any {
	return []map[string]any{{"loc": []string{place, field}, "msg": message, "type": "value_error"}}
}

// Timestamps of GET user carry Z in the vendor's table and no offset at all in its
// example. The sandbox follows the example, and the value is UTC.
const userTimestamp = "2006-01-02T15:04:05"

// neverSlept is the pattern of nulls for a recording without sleep. Only this is
// documented: statistics exist, and members derived from sleep are null. That the latency
// is the whole recording is the rule of the vendor's published calculator.
func neverSlept(f figures, epochs int) figures {
	f.SleepLatency, f.WakeupLatency = seconds(epochs), seconds(0)
	return f
}

// sleepIndex stands in for the vendor's unpublished score. What is known is its range in
// practice, 50..100, that it depends on time asleep, efficiency and awakenings, and that
// 18 minutes asleep at an efficiency of 0.3 give exactly 50.
func sleepIndex(asleep time.Duration, efficiency float64, awake time.Duration) int {
	enough := min(1, asleep.Hours()/7.5)
	calm := max(0, 1-awake.Hours()/2)
	useful := min(1, max(0, (efficiency-0.5)/0.45))
	return 50 + int(math.Round(50*enough*calm*useful))
}

// Averaged counts are fractional in one text of the vendor and whole in its
// Flutter package; whole here.
func meanCount(mean float64) float64 { return math.RoundToEven(mean) }

// With lost epochs (-1) the published calculator refuses to work. Here they are neither
// sleep nor wake: they are part of time_in_sleep_period, so that it exceeds sleep plus
// wake, they end a run of wake, and the ratios add up to less than 1.
func ratiosAddUp(lost int) bool { return lost == 0 }
