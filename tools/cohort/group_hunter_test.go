package cohort

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// hunter is an analyst who asks random questions, day after day, while people join and
// leave, and adds and subtracts the answers.
type hunter struct {
	*tooltest.Company
	random  *rand.Rand
	analyst *tooltest.World
	now     time.Time
	nights  map[string][]civil.Date // of each person
	members map[string][]string     // of each organization
	told    []knownSum
	refused int
}

// knownSum is an average that was given, which with its count is a sum over people, or,
// as another kind, over people's nights of a day on which several questions are asked.
type knownSum struct {
	kind     string
	from, to civil.Date
	people   []string
}

// sleepers returns people who began and stopped recording at different times, and some of
// whom sleep elsewhere now and then.
func sleepers(random *rand.Rand, n int) ([]sandbox.Person, map[string][]civil.Date) {
	people, nights := make([]sandbox.Person, n), map[string][]civil.Date{}
	for i := range people {
		id, length, ended := tooltest.MemberID(i), 130, 0
		switch random.IntN(8) {
		case 0:
			length = 1 + random.IntN(50) // new
		case 1:
			ended = random.IntN(60) // gone
		}
		all := tooltest.Nightly(length, "2026-11-22 22:30", "Europe/Paris", fmt.Sprintf("%dw %dl 70d 80r", 20+i%17, 220+7*(i%23)))
		people[i].ID, people[i].Recordings = id, all[:max(0, length-ended)]
		people[i].Recordings = slices.DeleteFunc(people[i].Recordings, func(sandbox.Recording) bool { return random.IntN(40) == 0 })
		for _, r := range people[i].Recordings {
			nights[id] = append(nights[id], civil.DateOf(r.Start.Add(8*time.Hour)))
		}
	}
	return people, nights
}

// eligible counts somebody's nights as docs/organizations.md describes it.
func (h *hunter) eligible(id string, periods ...nights.Days) bool {
	for _, p := range periods {
		n := 0
		for _, night := range h.nights[id] {
			if !night.Before(p.From) && !night.After(p.To) {
				n++
			}
		}
		if n < 7 {
			return false
		}
	}
	return true
}

// ask asks one question and examines the answer.
func (h *hunter) ask(t *testing.T, organization string) {
	days := disclosure.PeriodsCompared[h.random.IntN(len(disclosure.PeriodsCompared))]
	tool := []string{"cohort_analysis", "organization_statistics"}[h.random.IntN(2)]
	got := askQuietly(t, h.analyst, tool, fmt.Sprintf(`{"organization":"%s","days":%d}`, organization, days))
	now := nights.Days{From: civil.DateOf(h.now).AddDays(1 - days), To: civil.DateOf(h.now)}
	before := nights.Days{From: now.From.AddDays(-days), To: now.From.AddDays(-1)}
	if got.Suppressed {
		h.refused++
		return
	}
	h.hear(t, knownSum{from: now.From, to: now.To, people: h.behind(organization, now)})
	h.hear(t, knownSum{kind: now.To.String(), from: now.From, to: now.To, people: h.theirNights(organization, now)})
	if got.Change != nil {
		h.hear(t, knownSum{from: before.From, to: now.To, people: h.behind(organization, now, before)})
	}
}

func (h *hunter) behind(organization string, periods ...nights.Days) (people []string) {
	for _, id := range h.members[organization] {
		if h.eligible(id, periods...) {
			people = append(people, id)
		}
	}
	return people
}

// theirNights returns the people behind an answer; somebody with other nights counts as
// another person.
func (h *hunter) theirNights(organization string, p nights.Days) (people []string) {
	for _, id := range h.behind(organization, p) {
		for _, night := range h.nights[id] {
			if p.Contains(night) {
				id += " " + night.String()
			}
		}
		people = append(people, id)
	}
	return people
}

// hear tries all small combinations of the sums about some of the same nights.
func (h *hunter) hear(t *testing.T, sum knownSum) {
	h.told = append(h.told, sum)
	sets := [][]string{sum.people}
	for _, s := range slices.Backward(h.told) {
		known := slices.ContainsFunc(sets, func(people []string) bool { return slices.Equal(people, s.people) })
		if len(sets) < 6 && !known && s.kind == sum.kind && !s.from.After(sum.to) && !s.to.Before(sum.from) {
			sets = append(sets, s.people)
		}
	}
	weights := make([]int, len(sets))
	for nextWeights(weights, 2) {
		if weights[0] == 0 {
			continue // known before
		}
		left := map[string]int{}
		for i, people := range sets {
			for _, id := range people {
				left[id] += weights[i]
			}
		}
		few := 0
		for _, weight := range left {
			if weight != 0 {
				few++
			}
		}
		require.False(t, few >= 1 && few <= 10, "%v of %d answers leave %d people", weights, len(h.told), few)
	}
}

// nextWeights steps through weights from -most to most, until the rest would be the
// negatives of earlier ones.
func nextWeights(weights []int, most int) bool {
	for i := range weights {
		if weights[i]++; weights[i] <= most {
			return true
		}
		weights[i] = -most
	}
	return false
}

// live lets days pass, and people join and leave.
func (h *hunter) live(t *testing.T, organization string) {
	members := h.members[organization]
	switch h.random.IntN(6) {
	case 0:
		h.now = h.now.AddDate(0, 0, 1+h.random.IntN(12))
	case 1:
		if id := tooltest.MemberID(h.random.IntN(len(h.nights))); !slices.Contains(members, id) {
			h.Join(t, organization, id)
			h.members[organization] = append(members, id)
		}
	case 2:
		id := members[h.random.IntN(len(members))]
		_, err := h.Raw(t).ExecContext(t.Context(), `DELETE FROM members WHERE organization = $1 AND user_id = $2`, organization, id)
		require.NoError(t, err)
		h.members[organization] = slices.DeleteFunc(members, func(other string) bool { return other == id })
	}
	slices.Sort(h.members[organization])
}

// TestHunterFindsNobody has organizations that share people: two teams with one
// manager, a company of both and a head, and a club of some of each.
func TestHunterFindsNobody(t *testing.T) {
	t.Parallel()
	told, refused := 0, 0
	for seed := range uint64(2) {
		h := &hunter{random: rand.New(rand.NewPCG(seed, 7)), now: tooltest.Morning.AddDate(0, 0, -50), members: map[string][]string{
			"one": tooltest.MemberIDs(0, 24), "two": tooltest.MemberIDs(23, 47), "all": tooltest.MemberIDs(0, 48), "club": tooltest.MemberIDs(12, 36), "other": tooltest.MemberIDs(48, 62),
		}}
		var people []sandbox.Person
		people, h.nights = sleepers(h.random, 70)
		h.Company = tooltest.NewCompany(t, "", people...)
		h.Deps.Now = func() time.Time { return h.now }
		h.Deps.Zone = tooltest.MustLoad("Europe/Paris")
		organizations := []string{"all", "club", "one", "other", "two"}
		for _, id := range organizations {
			h.Found(t, id, h.members[id]...)
		}
		h.analyst = h.As(tooltest.AnalystOf(organizations...))
		for h.now.Before(tooltest.Morning.AddDate(0, 0, -1)) {
			h.live(t, organizations[h.random.IntN(len(organizations))])
			h.ask(t, organizations[h.random.IntN(len(organizations))])
		}
		for _, id := range organizations {
			got := tooltest.AnswerOf[cohortAnalysisOut](t, h.World, "cohort_analysis", `{"organization":"`+id+`"}`)
			today := civil.DateOf(h.now)
			assert.Equal(t, len(h.behind(id, nights.Days{From: today.AddDays(-29), To: today})), *got.Eligible, "what the hunter thinks is so")
		}
		told, refused = told+len(h.told), refused+h.refused
	}
	t.Logf("%d told, %d refused", told, refused)
	assert.Greater(t, told, 15)
	assert.Greater(t, refused, 20)
}
