package cohort

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

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// analystAnswer is an answer as an analyst sees it.
type analystAnswer struct {
	GroupHead
	Cohort
	UserCount *int `json:"user_count"`
	Change    *groupChange
}

// askQuietly asks a question that may be suppressed and checks the answer against the rules.
func askQuietly(t *testing.T, w *tooltest.World, tool, arguments string) analystAnswer {
	t.Helper()
	raw := tooltest.Call(t, w, tool, arguments)
	var got analystAnswer
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

// checkCounts looks for counts of one to ten people, given or derived by subtraction.
func checkCounts(t *testing.T, got analystAnswer) {
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

// former recorded ten nights in October and none since.
const former = "G-former"

func formerSleeper() sandbox.Person {
	p := tooltest.SleepsFor(former, 10, 240, 480)
	p.Recordings = tooltest.Nightly(10, "2026-10-20 22:30", "Europe/Paris", "240w 90l 70d 80r")
	return p
}

// What an analyst may learn as people join and leave is the same on both databases.
func TestWhatAnAnalystIsTold(t *testing.T) {
	t.Parallel()
	tooltest.BothDatabases(t, func(t *testing.T, empty func(*testing.T) string) {
		for name, test := range map[string]func(*testing.T, *tooltest.Company){
			"hunting for one person":    hunting,
			"who joins or leaves shows": joining,
			"who is removed shows":      leaving,
			"month after month":         monthly,
		} {
			t.Run(name, func(t *testing.T) {
				test(t, tooltest.NewCompany(t, empty(t), append(tooltest.PeopleOf(24), formerSleeper())...))
			})
		}
	})
}

// hunting plays a caller who sees aggregates and wants one person's value: they ask in
// every way that might leave that person out once.
func hunting(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme", append(tooltest.MemberIDs(0, 20), former)...)
	c.Found(t, "nested", tooltest.MemberIDs(0, 19)...)
	c.Found(t, "small", tooltest.MemberIDs(0, 10)...)
	c.Found(t, "eleven", tooltest.MemberIDs(9, 20)...)
	analyst := c.As(tooltest.AnalystOf("acme", "nested", "small", "eleven"))

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
		`{"user_ids":["` + former + `"]}`, `{"organization":"acme","include_members":true}`, `{"user_ids":["` + strings.Join(tooltest.MemberIDs(0, 20), `","`) + `"]}`,
	} {
		f := tooltest.Fails(t, analyst, "cohort_analysis", arguments)
		assert.Equal(t, tool.Forbidden, f.Code)
		assert.Contains(t, f.Text, "told about groups only")
	}
	assert.Equal(t, tool.Forbidden, tooltest.Fails(t, analyst, "average_stats", `{"user_id":"`+former+`"}`).Code)

	again := c.As(access.Analyst("acme").Named("another"))
	assert.False(t, askQuietly(t, again, "cohort_analysis", `{"organization":"acme","days":90}`).Suppressed, "who was told nothing yet")
	c.Open(t) // it is remembered
	assert.True(t, askQuietly(t, again, "cohort_analysis", `{"organization":"acme","days":30}`).Suppressed)
}

// joining asks before and after somebody joins or leaves.
func joining(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme", tooltest.MemberIDs(0, 12)...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	ask := func() string {
		return askQuietly(t, analyst, "organization_statistics", `{"organization":"acme"}`).Reason
	}
	require.Empty(t, ask())
	require.Empty(t, ask(), "the same group again")
	added := tooltest.AnswerOf[struct {
		UserID string `json:"user_id"`
	}](t, c.World, "add_user_to_organization", `{"email":"Anna@Example.org"}`)
	assert.Equal(t, tooAlike, ask(), "one more, though without nights")
	for i := 12; i < 21; i++ {
		c.Join(t, "acme", tooltest.MemberID(i))
		assert.Equal(t, tooAlike, ask())
	}
	c.Join(t, "acme", tooltest.MemberID(21))
	assert.Equal(t, tooAlike, ask(), "eleven more members, but ten with nights")
	c.Join(t, "acme", tooltest.MemberID(22))
	assert.Empty(t, ask(), "eleven with nights")
	c.Sandbox.ClearFaults()
	tooltest.Call(t, c.World, "delete_user", `{"user_id":"`+added.UserID+`","confirm":"`+added.UserID+`"}`)
	assert.Equal(t, tooAlike, ask(), "one less")

	coach := c.As(access.Coach("", nil, "acme").Scoped(access.OrgRead, access.SleepRead))
	assert.Equal(t, tool.Forbidden, tooltest.Fails(t, coach, "cohort_analysis", `{"user_ids":["`+tooltest.MemberID(1)+`"]}`).Code, "a coach without org:members is an analyst")
	assert.False(t, askQuietly(t, coach, "organization_statistics", `{"organization":"acme"}`).Suppressed)
}

// leaving asks before and after members are removed, who go on recording.
func leaving(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme", tooltest.MemberIDs(0, 23)...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	ask := func() string {
		return askQuietly(t, analyst, "organization_statistics", `{"organization":"acme"}`).Reason
	}
	require.Empty(t, ask())
	for i := range 10 {
		tooltest.Call(t, c.World, "remove_user_from_organization", `{"email":"`+tooltest.MemberID(i)+`@example.org"}`)
		assert.Equal(t, tooAlike, ask(), "%d left", i+1)
	}
	tooltest.Call(t, c.World, "remove_user_from_organization", `{"email":"`+tooltest.MemberID(10)+`@example.org"}`)
	assert.Empty(t, ask(), "eleven left, and twelve are there")
}

// monthly asks once a month, also when somebody joins.
func monthly(t *testing.T, c *tooltest.Company) {
	c.Found(t, "acme", tooltest.MemberIDs(0, 12)...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	ask := func(daysLater, days int) analystAnswer {
		c.Deps.Now = func() time.Time { return tooltest.Morning.AddDate(0, 0, daysLater-30) }
		return askQuietly(t, analyst, "organization_statistics", fmt.Sprintf(`{"organization":"acme","days":%d}`, days))
	}
	require.NotNil(t, ask(0, 14).Change)
	c.Join(t, "acme", tooltest.MemberID(12)) // with nights of months
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

// Failures count people too.
func TestFailuresOfFewAreNotCounted(t *testing.T) {
	t.Parallel()
	people := append(tooltest.PeopleOf(30), tooltest.SleepsFor("G-short-1", 3, 400, 480), tooltest.SleepsFor("G-short-2", 3, 400, 480))
	ids := append(tooltest.MemberIDs(0, 30), "G-short-1", "G-short-2")
	c := tooltest.NewCompany(t, "", people...)
	c.Found(t, "few-lost", append(ids, "G-gone-1", "G-gone-2")...)
	got := askQuietly(t, c.As(tooltest.AnalystOf("few-lost")), "organization_statistics", `{"organization":"few-lost"}`)
	for _, field := range []string{"user_count", "cohort_size", "eligible", "excluded", "failures", "short_of_sleep_percent"} {
		assert.Equal(t, tellsOfFew, got.Missing[field], field)
	}

	c.Found(t, "only-lost", append(tooltest.MemberIDs(0, 30), "G-gone-1", "G-gone-2", "G-gone-3")...)
	got = askQuietly(t, c.As(tooltest.AnalystOf("only-lost").Named("c")), "organization_statistics", `{"organization":"only-lost"}`)
	assert.Nil(t, got.Eligible, "all who could be read, but 33 less 30 are three")

	gone := ids
	for i := range 12 {
		gone = append(gone, fmt.Sprintf("G-gone-%d", i))
	}
	c.Found(t, "many-lost", gone...)
	got = askQuietly(t, c.As(tooltest.AnalystOf("many-lost").Named("b")), "organization_statistics", `{"organization":"many-lost"}`)
	assert.Nil(t, got.Size, "44 less 30 would leave twelve who are gone, and the two")

	open := tooltest.AnswerOf[organizationStatisticsOut](t, c.World, "organization_statistics", `{"organization":"many-lost"}`)
	assert.Equal(t, []tool.Exclusion{{Reason: "not_found", Count: 12}}, open.Failures)
	assert.Equal(t, 30, *open.Eligible)
}

// Only the reason distinguishes a group that is too small from a large one: not the
// requests upstream, and not progress.
func TestSmallGroupsAreNotRead(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", append(tooltest.PeopleOf(24), tooltest.SleepsFor("G-new-1", 20, 400, 480), tooltest.SleepsFor("G-new-2", 20, 400, 480))...)
	c.Found(t, "ten", tooltest.MemberIDs(0, 10)...)
	c.Found(t, "ten-of-twelve", append(tooltest.MemberIDs(0, 10), "G-gone-1", "G-gone-2")...)
	c.Found(t, "ten-before", append(tooltest.MemberIDs(0, 10), "G-new-1", "G-new-2")...)
	c.Found(t, "eleven", tooltest.MemberIDs(0, 11)...)
	analyst := c.As(tooltest.AnalystOf("ten", "eleven"))
	var steps []int
	analyst.Ctx = tool.WithProgress(analyst.Ctx, func(done, total int) {
		assert.Equal(t, 10, total, "tenths")
		steps = append(steps, done)
	})
	for _, tool := range []string{"cohort_analysis", "organization_statistics"} {
		assert.Equal(t, tooSmall, askQuietly(t, analyst, tool, `{"organization":"ten"}`).Reason)
	}
	assert.Zero(t, analyst.Requests())
	assert.Empty(t, steps)
	got := askQuietly(t, analyst, "organization_statistics", `{"organization":"eleven"}`)
	assert.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, steps, "not eleven of them")
	assert.False(t, got.Suppressed)
	assert.Equal(t, 11, *got.Eligible)
	assert.Equal(t, "fewer_than_20_people", got.Missing["quartiles"])
	assert.NotNil(t, got.Change)

	others := c.As(tooltest.AnalystOf("ten-of-twelve", "ten-before").Named("others"))
	assert.Equal(t, tooSmall, askQuietly(t, others, "cohort_analysis", `{"organization":"ten-of-twelve"}`).Reason)
	assert.Equal(t, tooSmall, askQuietly(t, others, "organization_statistics", `{"organization":"ten-before"}`).Missing["change"])
}

// Callers who are in the group know one of its nights: it takes one more.
func TestCallersHideNobody(t *testing.T) {
	t.Parallel()
	ctx := access.With(t.Context(), access.Operator(""))
	g := &group{aggregatesOnly: true}
	for _, id := range tooltest.MemberIDs(0, 11) {
		user, err := access.Resolve(ctx, id)
		require.NoError(t, err)
		g.users = append(g.users, user)
	}
	for own, more := range map[string]int{"": 0, "G-elsewhere": 0, tooltest.MemberIDs(0, 1)[0]: 1} {
		g.own = own
		assert.Equal(t, disclosure.Rule{People: 11 + more, Quartiles: 20 + more}, g.rule(), own)
		assert.Equal(t, more > 0, g.small(), own)
	}
	g.aggregatesOnly = false
	assert.False(t, g.small())
}

// TestOtherNightsHideOnePerson is about what an analyst can conclude from an answer about
// eleven people over some nights and one about twelve over others.
func TestOtherNightsHideOnePerson(t *testing.T) {
	t.Parallel()
	const rest = 11
	tenth := (&group{aggregatesOnly: true}).units().hours.decimals
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
			first, second := tool.Rounded(before/rest, tenth), tool.Rounded((after+their)/(rest+1), tenth)
			missed := (rest+1)*second - rest*first - their
			squares += missed * missed
		}
		assert.InDelta(t, off, math.Sqrt(squares/rounds), 0.06, "%d nights", nights)
	}
}

// TestQuietDays asks about periods of nearly the same nights.
func TestQuietDays(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(20)...)
	c.Found(t, "acme", tooltest.MemberIDs(0, 20)...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	for _, days := range []int{8, 29, 31, 183} {
		for tool, words := range map[string]string{"cohort_analysis": "7, 14, 30, 90, 180 and 365 for", "organization_statistics": "7, 14, 30, 90 and 180 for"} {
			arguments := fmt.Sprintf(`{"organization":"acme","days":%d}`, days)
			f := tooltest.Fails(t, analyst, tool, arguments)
			assert.Contains(t, f.Text, words)
			assert.Contains(t, f.Text, fmt.Sprintf("received %d", days))
			tooltest.Call(t, c.World, tool, arguments) // for callers who see everybody
		}
	}
	assert.False(t, askQuietly(t, analyst, "cohort_analysis", `{"organization":"acme","days":365}`).Suppressed)
	assert.Contains(t, tooltest.Fails(t, analyst, "organization_statistics", `{"organization":"acme","days":365}`).Text, "from 7 to 183")
}

// TestOneWithOtherNights has colleagues who began three weeks ago and one with nights of
// a year: two longer periods differ only by that one's nights.
func TestOneWithOtherNights(t *testing.T) {
	t.Parallel()
	people := []sandbox.Person{tooltest.SleepsFor("G-old", 300, 300, 480)}
	for i := range 23 {
		people = append(people, tooltest.SleepsFor(tooltest.MemberID(i), 20, 400+2*i, 480))
	}
	c := tooltest.NewCompany(t, "", people...)
	c.Found(t, "acme", append(tooltest.MemberIDs(0, 23), "G-old")...)
	c.Found(t, "young", tooltest.MemberIDs(0, 23)...)
	told := func(w *tooltest.World, organization string, daysLater int) (answered []int) {
		c.Deps.Now = func() time.Time { return tooltest.Morning.AddDate(0, 0, daysLater) }
		for _, days := range disclosure.Periods {
			if got := askQuietly(t, w, "cohort_analysis", fmt.Sprintf(`{"organization":"%s","days":%d}`, organization, days)); !got.Suppressed {
				answered = append(answered, days)
			}
		}
		return answered
	}
	analyst := c.As(tooltest.AnalystOf("acme"))
	assert.Equal(t, []int{7, 14, 30}, told(analyst, "acme", 0), "of 90 days only the one's nights are others")
	assert.Equal(t, []int{7, 14, 30}, told(analyst, "acme", 0), "the same again")
	assert.Equal(t, []int{14, 30}, told(analyst, "acme", 1), "nor on the next day, when the last seven are six")
	assert.Equal(t, disclosure.Periods, told(c.As(tooltest.AnalystOf("young").Named("another")), "young", 0), "the same nights of all of them")
}

// TestShareOfSomebodyCrossing has somebody whose mean is under seven hours in one period
// and not in the other.
func TestShareOfSomebodyCrossing(t *testing.T) {
	t.Parallel()
	var people []sandbox.Person
	for i := range 12 {
		people = append(people, tooltest.SleepsFor(tooltest.MemberID(i), 110, 400, 500), tooltest.SleepsFor(tooltest.MemberID(12+i), 110, 440, 500))
	}
	crosses := sandbox.Person{ID: "G-crosses", Recordings: tooltest.Nightly(80, "2026-10-23 22:30", "Europe/Paris", "20w 390l 30w")}
	crosses.Recordings = append(crosses.Recordings, tooltest.Nightly(30, "2026-11-22 22:30", "Europe/Paris", "20w 430l 30w")...)
	people = append(people, crosses)
	c := tooltest.NewCompany(t, "", people...)
	c.Found(t, "acme", append(tooltest.MemberIDs(0, 24), "G-crosses")...)
	analyst := c.As(tooltest.AnalystOf("acme"))
	ask := func(days int) analystAnswer {
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

// TestAskerIsNotCounted has a coach who sees their own nights and otherwise only
// aggregates, and an analyst who is a member.
func TestAskerIsNotCounted(t *testing.T) {
	t.Parallel()
	c := tooltest.NewCompany(t, "", tooltest.PeopleOf(34)...)
	c.Found(t, "eleven", tooltest.MemberIDs(0, 11)...)
	c.Found(t, "twelve", tooltest.MemberIDs(0, 12)...)
	c.Found(t, "eleven-of-twelve", append(tooltest.MemberIDs(0, 11), "G-gone")...)
	c.Found(t, "twenty", tooltest.MemberIDs(12, 32)...)
	ask := func(own, organization string) analystAnswer {
		p := access.Coach(own, nil, "eleven", "eleven-of-twelve", "twelve", "twenty").Named(own+organization).Scoped(access.OrgRead, access.SleepRead)
		return askQuietly(t, c.As(p), "cohort_analysis", `{"organization":"`+organization+`"}`)
	}
	assert.Equal(t, tooSmall, ask(tooltest.MemberID(0), "eleven").Reason)
	assert.Contains(t, ask(tooltest.MemberID(0), "eleven-of-twelve").Summary, "fewer than 11 people besides you stand behind them")
	got := ask(tooltest.MemberID(0), "twelve")
	assert.False(t, got.Suppressed)
	assert.Equal(t, 12, *got.Eligible)
	assert.False(t, ask(tooltest.MemberID(33), "eleven").Suppressed, "who is not among them")
	assert.Nil(t, ask(tooltest.MemberID(12), "twenty").Quartiles)
	assert.NotNil(t, ask(tooltest.MemberID(0), "twenty").Quartiles)

	analyst := func(name string) *tooltest.World {
		return c.As(tooltest.AnalystOf("eleven").WithSelf(name).Named(name))
	}
	assert.Equal(t, tooSmall, askQuietly(t, analyst(tooltest.MemberID(0)), "cohort_analysis", `{"organization":"eleven"}`).Reason, "an analyst has an app, too")
	assert.False(t, askQuietly(t, analyst(tooltest.MemberID(33)), "cohort_analysis", `{"organization":"eleven"}`).Suppressed)
}
