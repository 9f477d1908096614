package tools

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

func analystOf(organizations ...string) access.Principal {
	return access.Analyst(organizations...).Named("analyst")
}

// toldToAnalyst is an answer as its reader sees it.
type toldToAnalyst struct {
	GroupHead
	Cohort
	UserCount *int `json:"user_count"`
	Change    *groupChange
}

// askQuietly asks a question that may be suppressed and holds the answer against the rules.
func askQuietly(t *testing.T, w *world, tool, arguments string) toldToAnalyst {
	t.Helper()
	raw := call(t, w, tool, arguments)
	var got toldToAnalyst
	require.NoError(t, json.Unmarshal(raw, &got))
	asOf, err := time.Parse(time.RFC3339, got.AsOf)
	require.NoError(t, err)
	assert.Zero(t, asOf.Truncate(time.Hour).Compare(asOf), "%s tells when somebody was asked about", got.AsOf)
	text := string(raw)
	for _, word := range []string{"G-", "@", `"users`, "user_id", "user_email", `"people"`} {
		assert.NotContains(t, text, word)
	}
	if got.Suppressed {
		assert.Equal(t, Cohort{}, got.Cohort)
		assert.Nil(t, got.UserCount)
		assert.Nil(t, got.Change)
		assert.Equal(t, 11, got.Minimum)
		assert.Contains(t, []string{tooSmall, tooAlike}, got.Reason)
		assert.Empty(t, got.Missing)
		return got
	}
	checkCounts(t, got)
	return got
}

// checkCounts finds counts of one to ten people, told or had by subtraction.
func checkCounts(t *testing.T, got toldToAnalyst) {
	t.Helper()
	few := func(n int, what string) { assert.False(t, n >= 1 && n <= 10, "%s is %d", what, n) }
	known := map[string]*int{"user_count": got.UserCount, "cohort_size": got.Size, "eligible": got.Eligible}
	for a, m := range known {
		for b, n := range known {
			if m != nil && n != nil {
				few(*m, a)
				few(*m-*n, a+" less "+b)
			}
		}
	}
	for _, reason := range append(got.Excluded, got.Failures...) {
		few(reason.Count, reason.Reason)
	}
	if got.Eligible == nil {
		assert.Nil(t, got.UserCount)
		assert.Nil(t, got.Size)
		assert.Nil(t, got.Excluded)
		assert.Nil(t, got.Failures)
		assert.Nil(t, got.ShortOfSleep)
	}
	if got.Eligible != nil && *got.Eligible < 20 {
		assert.Nil(t, got.Quartiles)
		assert.Nil(t, got.MedianScore)
	}
	if got.ShortOfSleep != nil && got.Size != nil {
		assert.GreaterOrEqual(t, *got.ShortOfSleep*float64(*got.Size)/100, 10.5)
		assert.GreaterOrEqual(t, (100-*got.ShortOfSleep)*float64(*got.Size)/100, 10.5)
	}
	assert.Zero(t, *got.TotalSessions%50)
	assert.InDelta(t, math.Round(*got.AvgScore), *got.AvgScore, 0, "whole points")
}

// former slept ten nights in October and none since.
const former = "G-former"

func formerSleeper() sandbox.Person {
	p := sleepsFor(former, 10, 240, 480)
	p.Recordings = nightly(10, "2026-10-20 22:30", "Europe/Paris", "240w 90l 70d 80r")
	return p
}

// hunting is what somebody does who is told aggregates and wants one person's value:
// they ask in every way that might leave that person out once.
func hunting(t *testing.T, c *company) {
	c.found(t, "acme", append(memberIDs(0, 20), former)...)
	c.found(t, "nested", memberIDs(0, 19)...)
	c.found(t, "small", memberIDs(0, 10)...)
	c.found(t, "eleven", memberIDs(9, 20)...)
	analyst := c.as(analystOf("acme", "nested", "small", "eleven"))

	first := askQuietly(t, analyst, "cohort_analysis", `{"organization":"acme","days":30}`)
	require.False(t, first.Suppressed, "twenty people stand behind it")
	assert.Nil(t, first.Eligible, "one of 21 is left out")
	answered := 1
	for _, days := range []int{7, 14, 30, 90, 180} {
		for _, tool := range []string{"cohort_analysis", "organization_statistics"} {
			got := askQuietly(t, analyst, tool, fmt.Sprintf(`{"organization":"acme","days":%d}`, days))
			inside := days >= 90 // the ten nights of October lie in the period
			assert.Equal(t, inside, got.Suppressed, "%s over %d days", tool, days)
			if got.Suppressed {
				assert.Equal(t, tooAlike, got.Reason)
			} else {
				answered++
			}
		}
	}
	assert.Equal(t, 7, answered)

	assert.Equal(t, tooAlike, askQuietly(t, analyst, "cohort_analysis", `{"organization":"nested"}`).Reason, "all but one of another organization's")
	assert.Equal(t, tooSmall, askQuietly(t, analyst, "cohort_analysis", `{"organization":"small"}`).Reason)
	eleven := askQuietly(t, analyst, "organization_statistics", `{"organization":"eleven"}`)
	assert.Equal(t, tooAlike, eleven.Reason, "nine apart from the others")

	for _, arguments := range []string{
		`{"user_ids":["` + former + `"]}`, `{"organization":"acme","include_members":true}`, `{"user_ids":["` + strings.Join(memberIDs(0, 20), `","`) + `"]}`,
	} {
		f := fails(t, analyst, "cohort_analysis", arguments)
		assert.Equal(t, Forbidden, f.Code)
		assert.Contains(t, f.Text, "told about groups only")
	}
	assert.Equal(t, Forbidden, fails(t, analyst, "average_stats", `{"user_id":"`+former+`"}`).Code)

	again := c.as(access.Analyst("acme").Named("another"))
	assert.False(t, askQuietly(t, again, "cohort_analysis", `{"organization":"acme","days":90}`).Suppressed, "who was told nothing yet")
	c.open(t) // it is remembered
	assert.True(t, askQuietly(t, again, "cohort_analysis", `{"organization":"acme","days":30}`).Suppressed)
}

// joining is asking before and after somebody joins or leaves.
func joining(t *testing.T, c *company) {
	c.found(t, "acme", memberIDs(0, 12)...)
	analyst := c.as(analystOf("acme"))
	ask := func() string {
		return askQuietly(t, analyst, "organization_statistics", `{"organization":"acme"}`).Reason
	}
	require.Empty(t, ask())
	require.Empty(t, ask(), "the same group again")
	added := answerOf[addUserToOrganizationOut](t, c.world, "add_user_to_organization", addAnna)
	assert.Equal(t, tooAlike, ask(), "one more, though without nights")
	for i := 12; i < 21; i++ {
		c.join(t, "acme", memberID(i))
		assert.Equal(t, tooAlike, ask())
	}
	c.join(t, "acme", memberID(21))
	assert.Equal(t, tooAlike, ask(), "eleven more members, but ten with nights")
	c.join(t, "acme", memberID(22))
	assert.Empty(t, ask(), "eleven with nights")
	c.sandbox.ClearFaults()
	call(t, c.world, "delete_user", `{"user_id":"`+added.UserID+`","confirm":"`+added.UserID+`"}`)
	assert.Equal(t, tooAlike, ask(), "one less")

	coach := c.as(access.Coach("", nil, "acme").Scoped(access.OrgRead, access.SleepRead))
	assert.Equal(t, Forbidden, fails(t, coach, "cohort_analysis", `{"user_ids":["`+memberID(1)+`"]}`).Code, "a coach without org:members is an analyst")
	assert.False(t, askQuietly(t, coach, "organization_statistics", `{"organization":"acme"}`).Suppressed)
}

// leaving is asking before and after members are removed, whose nights go on.
func leaving(t *testing.T, c *company) {
	c.found(t, "acme", memberIDs(0, 23)...)
	analyst := c.as(analystOf("acme"))
	ask := func() string {
		return askQuietly(t, analyst, "organization_statistics", `{"organization":"acme"}`).Reason
	}
	require.Empty(t, ask())
	for i := range 10 {
		call(t, c.world, "remove_user_from_organization", `{"email":"`+memberID(i)+`@example.org"}`)
		assert.Equal(t, tooAlike, ask(), "%d left", i+1)
	}
	call(t, c.world, "remove_user_from_organization", `{"email":"`+memberID(10)+`@example.org"}`)
	assert.Empty(t, ask(), "eleven left, and twelve are there")
}

// monthly is asking once a month, and what becomes of it when somebody joins.
func monthly(t *testing.T, c *company) {
	c.found(t, "acme", memberIDs(0, 12)...)
	analyst := c.as(analystOf("acme"))
	ask := func(daysLater, days int) toldToAnalyst {
		c.deps.Now = func() time.Time { return morning.AddDate(0, 0, daysLater-30) }
		return askQuietly(t, analyst, "organization_statistics", fmt.Sprintf(`{"organization":"acme","days":%d}`, days))
	}
	require.NotNil(t, ask(0, 14).Change)
	c.join(t, "acme", memberID(12)) // with nights of months
	got := ask(6, 14)
	assert.Equal(t, tooAlike, got.Reason)
	assert.True(t, strings.HasSuffix(got.Summary, "Ask about 14 days again from 2026-11-07 on."), got.Summary)
	got = ask(10, 30)
	assert.Equal(t, tooAlike, got.Reason)
	assert.True(t, strings.HasSuffix(got.Summary, `Ask about 30 days again from 2026-11-23 on, or with "days":7 today.`), got.Summary)
	got = ask(10, 7)
	assert.False(t, got.Suppressed, "as it was said")
	assert.Nil(t, got.Change, "the period before holds nights of the first answer")
	assert.Equal(t, tooAlike, got.Missing["change"])
	assert.False(t, ask(30, 30).Suppressed, "as it was said")

	assert.NotNil(t, ask(30, 14).Change, "from the night after the first answer on")
	assert.Equal(t, tooAlike, ask(30, 30).Missing["change"])
}

// Failures count people, too.
func TestFailuresOfFewAreNotCounted(t *testing.T) {
	t.Parallel()
	people := append(crowdOf(30), sleepsFor("G-short-1", 3, 400, 480), sleepsFor("G-short-2", 3, 400, 480))
	ids := append(memberIDs(0, 30), "G-short-1", "G-short-2")
	c := newCompany(t, "", people...)
	c.found(t, "few-lost", append(ids, "G-gone-1", "G-gone-2")...)
	got := askQuietly(t, c.as(analystOf("few-lost")), "organization_statistics", `{"organization":"few-lost"}`)
	for _, field := range []string{"user_count", "cohort_size", "eligible", "excluded", "failures", "short_of_sleep_percent"} {
		assert.Equal(t, tellsOfFew, got.Missing[field], field)
	}

	c.found(t, "only-lost", append(memberIDs(0, 30), "G-gone-1", "G-gone-2", "G-gone-3")...)
	got = askQuietly(t, c.as(analystOf("only-lost").Named("c")), "organization_statistics", `{"organization":"only-lost"}`)
	assert.Nil(t, got.Eligible, "all who could be read, but 33 less 30 are three")

	gone := ids
	for i := range 12 {
		gone = append(gone, fmt.Sprintf("G-gone-%d", i))
	}
	c.found(t, "many-lost", gone...)
	got = askQuietly(t, c.as(analystOf("many-lost").Named("b")), "organization_statistics", `{"organization":"many-lost"}`)
	assert.Nil(t, got.Size, "44 less 30 would leave twelve who are gone, and the two")

	open := answerOf[organizationStatisticsOut](t, c.world, "organization_statistics", `{"organization":"many-lost"}`)
	assert.Equal(t, []Exclusion{{Reason: "not_found", Count: 12}}, open.Failures)
	assert.Equal(t, 30, *open.Eligible)
}

// A group that is too small is told apart from a large one by nothing but the reason:
// not by what is asked upstream, not by progress.
func TestSmallGroupsAreNotRead(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", append(crowdOf(24), sleepsFor("G-new-1", 20, 400, 480), sleepsFor("G-new-2", 20, 400, 480))...)
	c.found(t, "ten", memberIDs(0, 10)...)
	c.found(t, "ten-of-twelve", append(memberIDs(0, 10), "G-gone-1", "G-gone-2")...)
	c.found(t, "ten-before", append(memberIDs(0, 10), "G-new-1", "G-new-2")...)
	c.found(t, "eleven", memberIDs(0, 11)...)
	analyst := c.as(analystOf("ten", "eleven"))
	var steps []int
	analyst.ctx = WithProgress(analyst.ctx, func(done, total int) {
		assert.Equal(t, 10, total, "tenths")
		steps = append(steps, done)
	})
	for _, tool := range []string{"cohort_analysis", "organization_statistics"} {
		assert.Equal(t, tooSmall, askQuietly(t, analyst, tool, `{"organization":"ten"}`).Reason)
	}
	assert.Zero(t, analyst.requests())
	assert.Empty(t, steps)
	got := askQuietly(t, analyst, "organization_statistics", `{"organization":"eleven"}`)
	assert.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, steps, "not eleven of them")
	assert.False(t, got.Suppressed)
	assert.Equal(t, 11, *got.Eligible)
	assert.Equal(t, "fewer_than_20_people", got.Missing["quartiles"])
	assert.NotNil(t, got.Change)

	others := c.as(analystOf("ten-of-twelve", "ten-before").Named("others"))
	assert.Equal(t, tooSmall, askQuietly(t, others, "cohort_analysis", `{"organization":"ten-of-twelve"}`).Reason)
	assert.Equal(t, tooSmall, askQuietly(t, others, "organization_statistics", `{"organization":"ten-before"}`).Missing["change"])
}

// Callers who are in the group know one of its nights: it takes one more.
func TestCallersHideNobody(t *testing.T) {
	t.Parallel()
	ctx := access.With(t.Context(), access.Operator(""))
	g := &group{discreet: true}
	for _, id := range memberIDs(0, 11) {
		user, err := access.Resolve(ctx, id)
		require.NoError(t, err)
		g.users = append(g.users, user)
	}
	for own, more := range map[string]int{"": 0, "G-elsewhere": 0, memberIDs(0, 1)[0]: 1} {
		g.own = own
		assert.Equal(t, analytics.GroupRule{People: 11 + more, Quartiles: 20 + more}, g.rule(), own)
		assert.Equal(t, more > 0, g.small(), own)
	}
	g.discreet = false
	assert.False(t, g.small())
}

// TestOtherNightsHideOnePerson is what an analyst makes of one answer about eleven
// people over some nights and one about twelve over others.
func TestOtherNightsHideOnePerson(t *testing.T) {
	t.Parallel()
	const rest = 11
	tenth := (&group{discreet: true}).units().hours.decimals
	random := rand.New(rand.NewPCG(1, 2))
	for nights, off := range map[int]float64{7: 1.8, 30: 1.0} {
		squares := 0.0
		const rounds = 20_000
		for range rounds {
			before, after, their := 0.0, 0.0, 5+4*random.Float64()
			for range rest {
				usual, apart := 5+4*random.Float64(), math.Sqrt(1/float64(nights))
				before += usual + apart*random.NormFloat64()
				after += usual + apart*random.NormFloat64()
			}
			first, second := rounded(before/rest, tenth), rounded((after+their)/(rest+1), tenth)
			missed := (rest+1)*second - rest*first - their
			squares += missed * missed
		}
		assert.InDelta(t, off, math.Sqrt(squares/rounds), 0.06, "%d nights", nights)
	}
}

// TestQuietDays asks about periods of nearly the same nights.
func TestQuietDays(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", crowdOf(20)...)
	c.found(t, "acme", memberIDs(0, 20)...)
	analyst := c.as(analystOf("acme"))
	for _, days := range []int{8, 29, 31, 183} {
		for tool, words := range map[string]string{"cohort_analysis": "7, 14, 30, 90, 180 and 365 for", "organization_statistics": "7, 14, 30, 90 and 180 for"} {
			arguments := fmt.Sprintf(`{"organization":"acme","days":%d}`, days)
			f := fails(t, analyst, tool, arguments)
			assert.Contains(t, f.Text, words)
			assert.Contains(t, f.Text, fmt.Sprintf("received %d", days))
			call(t, c.world, tool, arguments) // of who sees everybody
		}
	}
	assert.False(t, askQuietly(t, analyst, "cohort_analysis", `{"organization":"acme","days":365}`).Suppressed)
	assert.Contains(t, fails(t, analyst, "organization_statistics", `{"organization":"acme","days":365}`).Text, "from 7 to 183")
}

// TestOneWithOtherNights has colleagues who began three weeks ago and one who has
// nights of a year: between two longer periods only that one's nights differ.
func TestOneWithOtherNights(t *testing.T) {
	t.Parallel()
	people := []sandbox.Person{sleepsFor("G-old", 300, 300, 480)}
	for i := range 23 {
		people = append(people, sleepsFor(memberID(i), 20, 400+2*i, 480))
	}
	c := newCompany(t, "", people...)
	c.found(t, "acme", append(memberIDs(0, 23), "G-old")...)
	c.found(t, "young", memberIDs(0, 23)...)
	told := func(w *world, organization string, daysLater int) (answered []int) {
		c.deps.Now = func() time.Time { return morning.AddDate(0, 0, daysLater) }
		for _, days := range discreetDays {
			if got := askQuietly(t, w, "cohort_analysis", fmt.Sprintf(`{"organization":"%s","days":%d}`, organization, days)); !got.Suppressed {
				answered = append(answered, days)
			}
		}
		return answered
	}
	analyst := c.as(analystOf("acme"))
	assert.Equal(t, []int{7, 14, 30}, told(analyst, "acme", 0), "of 90 days only the one's nights are others")
	assert.Equal(t, []int{7, 14, 30}, told(analyst, "acme", 0), "the same again")
	assert.Equal(t, []int{14, 30}, told(analyst, "acme", 1), "nor on the next day, when the last seven are six")
	assert.Equal(t, discreetDays, told(c.as(analystOf("young").Named("another")), "young", 0), "the same nights of all of them")
}

// TestShareOfSomebodyCrossing has one whose mean is under seven hours in one period
// and not in the other.
func TestShareOfSomebodyCrossing(t *testing.T) {
	t.Parallel()
	var people []sandbox.Person
	for i := range 12 {
		people = append(people, sleepsFor(memberID(i), 110, 400, 500), sleepsFor(memberID(12+i), 110, 440, 500))
	}
	crosses := sandbox.Person{ID: "G-crosses", Recordings: nightly(80, "2026-10-23 22:30", "Europe/Paris", "20w 390l 30w")}
	crosses.Recordings = append(crosses.Recordings, nightly(30, "2026-11-22 22:30", "Europe/Paris", "20w 430l 30w")...)
	people = append(people, crosses)
	c := newCompany(t, "", people...)
	c.found(t, "acme", append(memberIDs(0, 24), "G-crosses")...)
	analyst := c.as(analystOf("acme"))
	ask := func(days int) toldToAnalyst {
		return askQuietly(t, analyst, "cohort_analysis", fmt.Sprintf(`{"organization":"acme","days":%d}`, days))
	}
	require.NotNil(t, ask(30).ShortOfSleep)
	require.NotNil(t, ask(30).ShortOfSleep, "the same again")
	got := ask(90)
	assert.False(t, got.Suppressed)
	assert.Nil(t, got.ShortOfSleep)
	assert.Equal(t, tooAlike, got.Missing["short_of_sleep_percent"])
	assert.NotNil(t, ask(14).ShortOfSleep)
}

// TestAskerIsNotCounted has a coach who sees their own nights and may be told of
// groups only, and an analyst who is a member.
func TestAskerIsNotCounted(t *testing.T) {
	t.Parallel()
	c := newCompany(t, "", crowdOf(34)...)
	c.found(t, "eleven", memberIDs(0, 11)...)
	c.found(t, "twelve", memberIDs(0, 12)...)
	c.found(t, "eleven-of-twelve", append(memberIDs(0, 11), "G-gone")...)
	c.found(t, "twenty", memberIDs(12, 32)...)
	ask := func(own, organization string) toldToAnalyst {
		p := access.Coach(own, nil, "eleven", "eleven-of-twelve", "twelve", "twenty").Named(own+organization).Scoped(access.OrgRead, access.SleepRead)
		return askQuietly(t, c.as(p), "cohort_analysis", `{"organization":"`+organization+`"}`)
	}
	assert.Equal(t, tooSmall, ask(memberID(0), "eleven").Reason)
	assert.Contains(t, ask(memberID(0), "eleven-of-twelve").Summary, "fewer than 11 people besides you stand behind them")
	got := ask(memberID(0), "twelve")
	assert.False(t, got.Suppressed)
	assert.Equal(t, 12, *got.Eligible)
	assert.False(t, ask(memberID(33), "eleven").Suppressed, "who is not among them")
	assert.Nil(t, ask(memberID(12), "twenty").Quartiles)
	assert.NotNil(t, ask(memberID(0), "twenty").Quartiles)

	analyst := func(name string) *world { return c.as(analystOf("eleven").Being(name).Named(name)) }
	assert.Equal(t, tooSmall, askQuietly(t, analyst(memberID(0)), "cohort_analysis", `{"organization":"eleven"}`).Reason, "an analyst has an app, too")
	assert.False(t, askQuietly(t, analyst(memberID(33)), "cohort_analysis", `{"organization":"eleven"}`).Suppressed)
}
