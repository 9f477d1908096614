package releases

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/disclosure"
)

// People of the attacked world, in hours: their usual sleep differs by apart, and a
// week's mean from their usual sleep by weekly.
const (
	usual  = 7.1
	apart  = 0.9
	weekly = 0.45
)

// world is people whose sleep is known, and who are members of organizations from week to
// week.
type world struct {
	random *rand.Rand
	sleep  []float64   // usual, of each person
	weeks  [][]float64 // what each slept, week by week
	told   directory.Told
	series map[string][]directory.PersonHash
	heard  []heard
}

// heard is a mean that the attacker was told. They know who was behind it, and which week
// of each; better attackers there are none.
type heard struct {
	mean   float64
	people float64
	who    []int
	week   []int16 // of each person, from 1 on; 0: not behind it
}

func newWorld(random *rand.Rand, people, weeks int) *world {
	w := &world{random: random, series: map[string][]directory.PersonHash{}}
	for range people {
		w.sleep = append(w.sleep, usual+apart*random.NormFloat64())
	}
	for range weeks {
		slept := make([]float64, people)
		for i := range slept {
			slept[i] = w.sleep[i] + weekly*random.NormFloat64()
		}
		w.weeks = append(w.weeks, slept)
	}
	return w
}

func hashOf(person int) (h directory.PersonHash) {
	binary.BigEndian.PutUint64(h[:], uint64(person)+1)
	return h
}

// release tells the mean of an organization's week. recorded reports whether somebody
// recorded enough; protected is whether the rules hold.
func (w *world) release(organization string, week int, members []int, recorded func(person, week int) bool, protected bool) {
	readings := make([]reading, len(members))
	for i, who := range members {
		readings[i].now = w.person(who, week, recorded)
		if week > 0 && protected {
			readings[i].before = w.person(who, week-1, recorded)
		}
	}
	who, means := counting(readings, 5)
	told := heard{week: make([]int16, len(w.sleep))}
	people := make([]analytics.Person, 0, len(who))
	tell := func(at, week int) {
		people, told.who = append(people, means[at]), append(told.who, members[who[at]])
		told.week[members[who[at]]] = int16(1 + week)
	}
	if protected {
		hashes := make([]directory.PersonHash, len(who))
		for i, at := range who {
			hashes[i] = hashOf(members[at])
		}
		w.told.Own = w.series[organization]
		chosen, cells := disclosure.Choose(w.told, hashes)
		if chosen == nil {
			return
		}
		w.remember(organization, chosen, cells)
		for i, at := range who {
			if _, in := slices.BinarySearchFunc(chosen, hashes[i], directory.PersonHash.Compare); in {
				tell(i, w.weekOf(members[at], week, recorded))
			}
		}
	} else {
		for i := range who {
			tell(i, week)
		}
	}
	if len(people) > 1 {
		told.mean, told.people = figuresOf(people, 0).SleepHours.Mean, float64(len(people))
		w.heard = append(w.heard, told)
	}
}

func (w *world) remember(organization string, chosen []directory.PersonHash, cells []directory.Cell) {
	w.series[organization] = chosen
	w.told.Series = nil
	for _, id := range slices.Sorted(maps.Keys(w.series)) {
		w.told.Series = append(w.told.Series, w.series[id])
	}
	if cells != nil {
		w.told.Cells = cells
	}
}

func (w *world) weekOf(person, week int, recorded func(person, week int) bool) int {
	if recorded(person, week) {
		return week
	}
	return week - 1
}

func (w *world) person(who, week int, recorded func(person, week int) bool) analytics.Person {
	if !recorded(who, week) {
		return analytics.Person{}
	}
	of := func(v float64) analytics.Estimate { return analytics.Estimate{Value: &v, N: 7} }
	slept := w.weeks[week][who] * 3600
	return analytics.Person{Nights: 7, Score: of(80), Efficiency: of(0.9), Asleep: of(slept), Asleep24: of(slept)}
}

// estimate returns the attacker's estimate of somebody's usual sleep: the best linear one
// for the spread of people and of weeks, which they know.
func (w *world) estimate(person int) float64 {
	n := len(w.heard)
	if n == 0 {
		return usual
	}
	common := mat.NewSymDense(n, nil)
	apartFrom, with := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
	for k, one := range w.heard {
		apartFrom.SetVec(k, one.mean-usual)
		if one.week[person] > 0 {
			with.SetVec(k, apart*apart/one.people)
		}
		for l := k; l < n; l++ {
			other, both, same := w.heard[l], 0, 0
			for _, who := range one.who {
				switch other.week[who] {
				case 0:
					continue
				case one.week[who]:
					same++
				}
				both++
			}
			common.SetSym(k, l, (apart*apart*float64(both)+weekly*weekly*float64(same))/(one.people*other.people))
		}
		common.SetSym(k, k, common.At(k, k)+0.1*0.1/12) // of rounding
	}
	var factor mat.Cholesky
	if !factor.Factorize(common) {
		return usual
	}
	var weights mat.VecDense
	if factor.SolveVecTo(&weights, with) != nil {
		return usual
	}
	return usual + mat.Dot(&weights, apartFrom)
}

// groupMean returns the mean of the first n people.
func (w *world) groupMean(n int) float64 {
	sum := 0.0
	for _, v := range w.sleep[:n] {
		sum += v
	}
	return sum / float64(n)
}

// close reports whether an estimate is within five percent.
func (w *world) close(person int, estimate float64) bool {
	return math.Abs(estimate-w.sleep[person]) <= 0.05*w.sleep[person]
}

func numbers(from, to int) (all []int) {
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

func always(int, int) bool { return true }

// attack is a way to single somebody out, who has the number 0, in a group of n people over
// weeks weeks.
type attack struct {
	name   string
	people func(n, weeks int) int
	play   func(w *world, n, weeks int, protected bool)
}

func twice(n, _ int) int { return 2 * n }

var attacks = []attack{
	{"somebody joins", twice, func(w *world, n, weeks int, protected bool) {
		for week := range weeks {
			w.release("all", week, numbers(max(0, 1-2*week/weeks), n), always, protected)
		}
	}},
	{"somebody leaves", twice, func(w *world, n, weeks int, protected bool) {
		for week := range weeks {
			w.release("all", week, numbers(min(1, 2*week/weeks), n), always, protected)
		}
	}},
	{"all but one elsewhere", twice, func(w *world, n, weeks int, protected bool) {
		for week := range weeks {
			w.release("all", week, numbers(0, n), always, protected)
			w.release("but one", week, numbers(1, n), always, protected)
		}
	}},
	{"every sixth week not recorded", twice, func(w *world, n, weeks int, protected bool) {
		missed := make([]int, n)
		for i := range missed {
			missed[i] = w.random.IntN(6)
		}
		for week := range weeks {
			w.release("all", week, numbers(0, n), func(who, week int) bool { return week%6 != missed[who] }, protected)
		}
	}},
	{"teams, a company, coming and going", twice, func(w *world, n, weeks int, protected bool) {
		in := make([]bool, 2*n)
		for i := range in {
			in[i] = i < n
		}
		for week := range weeks {
			for range 1 + n/50 {
				i := w.random.IntN(2 * n)
				in[i] = !in[i]
			}
			in[0] = week%8 < 6
			var all, team []int
			for i, member := range in {
				if member {
					all = append(all, i)
					if i%3 != 1 {
						team = append(team, i)
					}
				}
			}
			recorded := func(who, week int) bool { return (who*7+week*5)%31 != 0 }
			w.release("all", week, all, recorded, protected)
			w.release("team", week, team, recorded, protected)
		}
	}},
	{"one manager in every team", func(n, _ int) int { return 1 + n*teams }, func(w *world, n, weeks int, protected bool) {
		for week := range weeks {
			for team := range teams {
				w.release(fmt.Sprint(team), week, besides(n, team), always, protected)
			}
		}
	}},
	{"an administrator exchanges all but one", func(n, weeks int) int { return 1 + n*weeks }, func(w *world, n, weeks int, protected bool) {
		for week := range weeks {
			w.release("all", week, besides(n, week), always, protected)
		}
	}},
}

// teams is how many there are beside each other.
const teams = 10

// besides returns the victim and the n others of a block.
func besides(n, block int) []int { return append([]int{0}, numbers(1+n*block, 1+n*(block+1))...) }

// tally counts how often an attack came within five percent.
type tally struct{ guessed, without, with, releases, rounds int }

func (a attack) try(n, weeks, rounds int) (c tally) {
	for seed := range rounds {
		for _, protected := range []bool{false, true} {
			w := newWorld(rand.New(rand.NewPCG(uint64(seed), uint64(100*n+weeks))), a.people(n, weeks), weeks)
			a.play(w, n, weeks, protected)
			hit := w.close(0, w.estimate(0))
			switch {
			case !protected && hit:
				c.without++
			case protected && hit:
				c.with++
			}
			if protected {
				c.releases += len(w.heard)
				if w.close(0, w.groupMean(n)) {
					c.guessed++
				}
			}
		}
	}
	c.rounds = rounds
	return c
}

func percentOf(n, of int) float64 { return 100 * float64(n) / float64(of) }

// TestPatience tries half a year of releases on known truth: nobody is found more often
// than by guessing the group's mean, and without the rules they are. BenchmarkPatience has more
// sizes.
func TestPatience(t *testing.T) {
	t.Parallel()
	const rounds = 200
	for _, a := range attacks {
		c := a.try(24, 26, rounds)
		t.Logf("%s: %.0f %% by guessing, %.0f %% without the rules, %.0f %% by releases (%d)", a.name, percentOf(c.guessed, rounds), percentOf(c.without, rounds), percentOf(c.with, rounds), c.releases)
		// Attacks and guesses share their worlds, so that their difference varies by about two points.
		assert.Less(t, percentOf(c.with, rounds), percentOf(c.guessed, rounds)+5, a.name)
		assert.Greater(t, c.without, c.guessed, "%s finds nobody without the rules, and so tests none", a.name)
		require.NotZero(t, c.releases, a.name)
	}
}

// BenchmarkPatience reports how often each attack comes within five percent of somebody's
// usual sleep, in percent: by guessing the group's mean, without the rules, and by releases; and in
// how many weeks there is a release.
func BenchmarkPatience(b *testing.B) {
	for _, a := range attacks {
		for _, n := range []int{12, 24, 50} {
			for _, weeks := range []int{8, 26, 52} {
				b.Run(fmt.Sprintf("%s/people=%d/weeks=%d", a.name, n, weeks), func(b *testing.B) {
					const rounds = 1000
					for b.Loop() {
						c := a.try(n, weeks, rounds)
						b.ReportMetric(percentOf(c.guessed, rounds), "guessing")
						b.ReportMetric(percentOf(c.without, rounds), "without")
						b.ReportMetric(percentOf(c.with, rounds), "releases")
						b.ReportMetric(percentOf(c.releases, rounds*weeks), "told")
					}
				})
			}
		}
	}
}

// BenchmarkTurnover reports in how many months of one year and of four there are figures, and how
// many of the members stand behind these, in percent, where a fifth of the members leave
// in a year and as many come, and one in twenty records too little in a month.
func BenchmarkTurnover(b *testing.B) {
	for _, n := range []int{24, 50, 100, 300, 1000, 10000} {
		for _, months := range []int{12, 48} {
			b.Run(fmt.Sprintf("people=%d/months=%d", n, months), func(b *testing.B) { turnover(b, n, months) })
		}
	}
}

func turnover(b *testing.B, n, months int) {
	for b.Loop() {
		told, behind, worlds := 0, 0, max(1, 3000/n)
		for seed := range worlds {
			random := rand.New(rand.NewPCG(uint64(seed), uint64(n)))
			w, members, next := newWorld(random, 2*n, months), numbers(0, n), n
			seldom := func(who, month int) bool { return rand.New(rand.NewPCG(uint64(who), uint64(month))).IntN(20) > 0 }
			for month := range months {
				for i := range members {
					if random.Float64() < 0.2/12 && next < 2*n {
						members[i], next = next, next+1
					}
				}
				w.release("all", month, members, seldom, true)
			}
			told += len(w.heard)
			for _, one := range w.heard {
				behind += int(one.people)
			}
		}
		b.ReportMetric(percentOf(told, worlds*months), "told")
		b.ReportMetric(percentOf(behind, max(1, told)*n), "behind")
	}
}
