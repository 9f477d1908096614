package directory

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const apart = 11

var today = civil.Date{Year: 2026, Month: time.March, Day: 1}

// telling is about people over so many nights up to today.
func telling(caller string, days int, users []string) Telling {
	return Telling{Caller: caller, From: today.AddDays(1 - days), To: today, Groups: map[string][]string{"people": users}}
}

// later is the same question so many days later.
func (t Telling) later(days int) Telling {
	t.From, t.To = t.From.AddDays(days), t.To.AddDays(days)
	return t
}

func TestAdmit(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		fifty := userIDs(0, 50)
		shuffled := append(slices.Clone(fifty), "U-3", "U-3")
		slices.Reverse(shuffled)
		for _, ask := range []struct {
			why  string
			ask  Telling
			free int // days from today until nothing is in the way; as asked when admitted
		}{
			{"the first", telling("analyst", 30, fifty), -29},
			{"the same again", telling("analyst", 30, fifty), -29},
			{"the same in another order", telling("analyst", 7, shuffled), -6},
			{"one fewer", telling("analyst", 7, userIDs(1, 50)), 1},
			{"ten more", telling("analyst", 366, userIDs(0, 60)), 1},
			{"five others", telling("analyst", 30, userIDs(5, 55)), 1},
			{"eleven others of the fifty", telling("analyst", 30, userIDs(11, 61)), -29},
			{"somebody else asks", telling("second", 30, userIDs(1, 50)), -29},
			{"eleven more", telling("analyst", 30, userIDs(0, 61)), -29},
			{"one fewer than the first, with others in between", telling("analyst", 30, userIDs(1, 50)), 1},
			{"one fewer, when the nights are others", telling("analyst", 30, userIDs(1, 50)).later(30), 1},
			{"the same group, once more", telling("analyst", 30, userIDs(1, 50)).later(31), 2},
			{"the first, whose nights those were not", telling("analyst", 31, fifty).later(30), 32},
			{"nobody", telling("third", 30, nil), -29},
			{"few", telling("third", 30, userIDs(0, 10)), 1},
			{"few, on other nights", telling("third", 30, userIDs(0, 10)).later(90), 91},
		} {
			s = d.reopen(t, s)
			ok, free, err := s.Admit(t.Context(), ask.ask, apart)
			require.NoError(t, err)
			assert.Equal(t, today.AddDays(ask.free), free, ask.why)
			assert.Equal(t, ask.free < 0 || free == ask.ask.From, ok, ask.why)
		}
		_, _, err := s.Admit(t.Context(), telling("", 30, fifty), apart)
		requireInvalid(t, "caller", err)
	})
}

// What is remembered of the same people is not the same for two callers, nor what
// anybody could compute.
func TestAdmitRemembersNobody(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		remembered := [][]byte{hashed(make([]byte, saltSize), userIDs(0, 20))}
		for _, caller := range []string{"first", "second"} {
			_, _, err := s.Admit(t.Context(), telling(caller, 30, userIDs(0, 20)), apart)
			require.NoError(t, err)
			var people []byte
			require.NoError(t, d.raw(t).QueryRowContext(t.Context(), `SELECT people FROM told_groups WHERE caller = $1`, caller).Scan(&people))
			assert.Len(t, people, 20*hashSize)
			for _, before := range remembered {
				assert.NotEqual(t, before, people)
			}
			remembered = append(remembered, people)
		}
	})
}

// TestAdmitEveryDay asks every day about the last thirty, while somebody joins.
func TestAdmitEveryDay(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		var told []int
		for day := range 80 {
			people := userIDs(0, 20)
			if day >= 10 {
				people = userIDs(0, 21)
			}
			ask := telling("analyst", 30, people).later(day)
			ok, free, err := s.Admit(t.Context(), ask, apart)
			require.NoError(t, err)
			if ok {
				told = append(told, day)
				continue
			}
			assert.Equal(t, today.AddDays(10), free, "the day after the last answer")
			shorter := telling("nobody yet", 7, people).later(day)
			shorter.From = free
			ok, _, err = s.Admit(t.Context(), shorter, apart)
			require.NoError(t, err)
			assert.True(t, ok)
		}
		want := slices.Concat(days(0, 10), days(39, 80))
		assert.Equal(t, want, told)
		assert.Equal(t, 2, d.count(t, "told_groups", "analyst"), "one row for a group, however often it is asked about")
	})
}

func days(from, to int) (all []int) {
	for day := from; day < to; day++ {
		all = append(all, day)
	}
	return all
}

func (d database) count(t *testing.T, table, caller string) (rows int) {
	t.Helper()
	require.NoError(t, d.raw(t).QueryRowContext(t.Context(), `SELECT COUNT(*) FROM `+table+` WHERE caller = $1`, caller).Scan(&rows))
	return rows
}

// TestAdmitForgetsNothingInTime asks about many groups in between, and after more
// than a year.
func TestAdmitForgetsNothingInTime(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		admit := func(ask Telling) bool {
			ok, _, err := s.Admit(t.Context(), ask, apart)
			require.NoError(t, err)
			return ok
		}
		for i := range 60 {
			require.True(t, admit(telling("analyst", 30, userIDs(100*i, 100*i+50))), i)
		}
		for _, days := range []int{0, 1, 29, 364, 365} {
			assert.False(t, admit(telling("analyst", 366, userIDs(1, 50)).later(days)), days)
		}
		require.True(t, admit(telling("analyst", 7, userIDs(9000, 9050)).later(367)), "two days further on")
		assert.False(t, admit(telling("analyst", 366, userIDs(1, 50)).later(365)), "today is not the same everywhere")
		assert.True(t, admit(telling("analyst", 366, userIDs(1, 50)).later(366)))
		require.True(t, admit(telling("analyst", 7, userIDs(9000, 9050)).later(800)))
		assert.Equal(t, 1, d.count(t, "told_groups", "analyst"), "what no question can meet is gone")
	})
}

// TestAdmitOutOfOrder asks in zones of different dates, and about others last.
func TestAdmitOutOfOrder(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		fifty := userIDs(0, 50)
		admit := func(ask Telling) civil.Date {
			_, free, err := s.Admit(t.Context(), ask, apart)
			require.NoError(t, err)
			return free
		}
		for i := range 5 {
			admit(telling("analyst", 30, userIDs(100*i+100, 100*i+150)).later(10))
		}
		admit(telling("analyst", 30, fifty).later(5))
		admit(telling("analyst", 30, fifty).later(4))
		assert.Equal(t, today.AddDays(6), admit(telling("analyst", 30, userIDs(1, 50)).later(11)))
	})
}

// TestAdmitAllOrNothing refuses one kind, and remembers the other neither.
func TestAdmitAllOrNothing(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		ask := func(people, members []string) bool {
			q := telling("analyst", 30, people)
			q.Groups["members"] = members
			ok, _, err := s.Admit(t.Context(), q, apart)
			require.NoError(t, err)
			return ok
		}
		require.True(t, ask(userIDs(0, 20), userIDs(0, 30)))
		require.False(t, ask(userIDs(0, 40), userIDs(0, 31)), "one member more")
		assert.True(t, ask(userIDs(0, 41), userIDs(0, 41)), "one from what was refused, and nothing was told of that")
		assert.False(t, ask(userIDs(0, 40), userIDs(0, 41)))
	})
}

// TestAdmitAtOnce asks about twenty groups, each one person from the next.
func TestAdmitAtOnce(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		stores := []*Store{d.open(t), d.open(t)}
		var (
			all      sync.WaitGroup
			admitted atomic.Int64
		)
		for i := range 20 {
			all.Go(func() {
				ok, _, err := stores[i%2].Admit(t.Context(), telling("analyst", 30, userIDs(0, 20+i)), apart)
				if assert.NoError(t, err) && ok {
					admitted.Add(1)
				}
			})
		}
		all.Wait()
		kept := d.count(t, "told_groups", "analyst")
		assert.EqualValues(t, kept, admitted.Load())
		assert.LessOrEqual(t, kept, 2, "of twenty that lie within nineteen people, two are eleven apart")
	})
}

// TestAdmitParts has parts of a group of sixty, and of more.
func TestAdmitParts(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		for _, ask := range []struct {
			why         string
			part, whole int
			want        bool
		}{
			{"the first", 30, 60, true},
			{"the same again", 30, 60, true},
			{"none of eleven more", 30, 71, false},
			{"each of eleven more", 41, 71, true},
			{"one more of them, and none of eleven others", 42, 82, false},
			{"others of the same sixty", 52, 60, true},
		} {
			s = d.reopen(t, s)
			q := telling("analyst", 30, userIDs(0, ask.part))
			q.Among = userIDs(0, ask.whole)
			ok, _, err := s.Admit(t.Context(), q, apart)
			require.NoError(t, err)
			assert.Equal(t, ask.want, ok, ask.why)
		}
	})
}

// TestGroupsHoldNoIDs looks at what is kept of a group.
func TestGroupsHoldNoIDs(t *testing.T) {
	t.Parallel()
	users := userIDs(0, 20)
	one, other := hashed([]byte("0123456789abcdef"), users), hashed([]byte("fedcba9876543210"), users)
	assert.Len(t, one, 20*hashSize)
	assert.NotContains(t, string(one), "U-")
	assert.NotEqual(t, one, other, "the salt counts")
}

// groupsOf people, given as the members of each.
func groupsOf(of ...[]string) []group {
	groups := make([]group, len(of))
	for i, users := range of {
		groups[i].people = hashed(nil, users)
	}
	return groups
}

// anyIsolates says whether one of the groups isolates beside those before it, as they
// are asked about one after the other.
func anyIsolates(t require.TestingT, groups []group, apart int) bool {
	for i := range groups {
		found, err := isolates(context.Background(), groups[:i+1], apart)
		require.NoError(t, err)
		if found {
			return true
		}
	}
	return false
}

func TestIsolates(t *testing.T) {
	t.Parallel()
	some := func(ranges ...int) (users []string) {
		for i := 0; i < len(ranges); i += 2 {
			users = append(users, userIDs(ranges[i], ranges[i+1])...)
		}
		return users
	}
	for _, c := range []struct {
		why    string
		groups []group
		want   bool
	}{
		{"nothing", nil, false},
		{"nobody", groupsOf(nil), false},
		{"ten", groupsOf(some(0, 10)), true},
		{"eleven", groupsOf(some(0, 11)), false},
		{"ten apart", groupsOf(some(0, 30), some(0, 40)), true},
		{"eleven apart", groupsOf(some(0, 30), some(0, 41)), false},
		{"six went and six came: their difference only", groupsOf(some(0, 30), some(6, 36)), false},
		{"five went and five came", groupsOf(some(0, 30), some(5, 35)), true},
		{"two teams with one manager", groupsOf(some(0, 20), some(19, 39)), false},
		{"and everybody: the manager", groupsOf(some(0, 20), some(19, 39), some(0, 39)), true},
		{"a company of two teams and its head", groupsOf(some(0, 20), some(20, 40), some(0, 41)), true},
		{"a company of two teams", groupsOf(some(0, 20), some(20, 40), some(0, 40)), false},
		{"a company of two teams and eleven", groupsOf(some(0, 20), some(20, 40), some(0, 51)), false},
		{"three teams and a company, ten of whom are in two of them", groupsOf(some(0, 30), some(25, 60), some(55, 90), some(0, 90)), true},
		{"the head of one of four", groupsOf(some(0, 20), some(20, 40), some(40, 60), some(60, 80), some(0, 81)), true},
		{"half of everybody twice", groupsOf(some(0, 40), some(0, 20), some(20, 40), some(0, 19, 39, 40), some(19, 39)), true},
	} {
		assert.Equal(t, c.want, anyIsolates(t, c.groups, apart), c.why)
		slices.Reverse(c.groups)
		assert.Equal(t, c.want, anyIsolates(t, c.groups, apart), "%s, the other way round", c.why)
	}
}

// TestIsolatesProperty tries all combinations with small whole weights. Determinants
// of four groups need no larger ones.
func TestIsolatesProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const people, few = 24, 4
		// Who draws the same number stands in the same groups.
		cells := rapid.SliceOfN(rapid.IntRange(0, 5), people, people).Draw(t, "cells")
		groups := make([][]string, rapid.IntRange(1, 4).Draw(t, "groups"))
		for i := range groups {
			in := rapid.SliceOfN(rapid.Bool(), 6, 6).Draw(t, "in")
			for person, c := range cells {
				if in[c] {
					groups[i] = append(groups[i], strconv.Itoa(person))
				}
			}
		}
		assert.Equal(t, leavesFew(groups, few), anyIsolates(t, groupsOf(groups...), few), "%v", groups)
	})
}

// TestPartsProperty does the same with parts of groups.
func TestPartsProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const people, few = 24, 4
		cells := rapid.SliceOfN(rapid.IntRange(0, 5), people, people).Draw(t, "cells")
		wholes := make([][]string, rapid.IntRange(1, 4).Draw(t, "groups"))
		parts := make([][]string, len(wholes))
		for i := range wholes {
			in := rapid.SliceOfN(rapid.IntRange(0, 2), 6, 6).Draw(t, "in")
			for person, c := range cells {
				if in[c] > 0 {
					wholes[i] = append(wholes[i], strconv.Itoa(person))
				}
				if in[c] > 1 {
					parts[i] = append(parts[i], strconv.Itoa(person))
				}
			}
		}
		groups := groupsOf(parts...)
		for i := range groups {
			groups[i].among = hashed(nil, wholes[i])
		}
		assert.Equal(t, leavesFew(parts, few) || leavesNobody(parts, wholes), anyIsolates(t, groups, few), "%v of %v", parts, wholes)
	})
}

func leavesFew(groups [][]string, few int) bool {
	for weights := range allWeights(len(groups)) {
		if left := weigh(groups, weights); left > 0 && left < few {
			return true
		}
	}
	return false
}

func leavesNobody(parts, wholes [][]string) bool {
	for weights := range allWeights(len(parts)) {
		if weigh(parts, weights) == 0 && weigh(wholes, weights) > 0 {
			return true
		}
	}
	return false
}

func allWeights(groups int) iter.Seq[[]int] {
	const most = 3
	choices := 1
	for range groups {
		choices *= 2*most + 1
	}
	return func(yield func([]int) bool) {
		for choice := range choices {
			weights := make([]int, groups)
			for i := range weights {
				weights[i] = choice%(2*most+1) - most
				choice /= 2*most + 1
			}
			if !yield(weights) {
				return
			}
		}
	}
}

// weigh says of how many people something is left.
func weigh(groups [][]string, weights []int) int {
	left := map[string]int{}
	for i, users := range groups {
		for _, user := range users {
			left[user] += weights[i]
		}
	}
	maps.DeleteFunc(left, func(_ string, weight int) bool { return weight == 0 })
	return len(left)
}

// TestTangledGroupsAreRefused overlaps in more small cells than are looked through.
func TestTangledGroupsAreRefused(t *testing.T) {
	t.Parallel()
	var groups []group
	for i := range 8 { // a ring of teams, each with one person of the next
		users := append(userIDs(100*i, 100*i+20), userIDs(100*((i+1)%8), 100*((i+1)%8)+1)...)
		groups = append(groups, groupsOf(users)...)
	}
	assert.False(t, anyIsolates(t, groups, apart), "eight small cells")
	for i := range 8 { // and with one of the one after it
		groups = append(groups, groupsOf(append(userIDs(100*i+1000, 100*i+1020), userIDs(100*i+1, 100*i+2)...))...)
	}
	assert.True(t, anyIsolates(t, groups, apart), "sixteen")
}

// TestIsolatesIsBounded has four hundred teams with a common head for every two, one
// company of all, and somebody who does not wait.
func TestIsolatesIsBounded(t *testing.T) {
	t.Parallel()
	var groups []group
	for i := range 400 {
		groups = append(groups, groupsOf(append(userIDs(20*i, 20*i+11), userIDs(20*(i/2)+15, 20*(i/2)+16)...))...)
	}
	assert.False(t, anyIsolates(t, groups[:60], apart), "two teams and their head, thirty times, have nothing to do with each other")
	all := append(groups, groupsOf(userIDs(0, 8000))...)
	found, err := isolates(t.Context(), all, apart)
	require.NoError(t, err)
	assert.True(t, found)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = isolates(ctx, groups, apart)
	require.ErrorIs(t, err, context.Canceled)
}

// BenchmarkIsolates is one question after so many others: teams of a company, with
// eight people who are in two of them.
func BenchmarkIsolates(b *testing.B) {
	for _, teams := range []int{100, 400} {
		b.Run(strconv.Itoa(teams), func(b *testing.B) {
			var groups []group
			var all []string
			for i := range teams {
				people := userIDs(20*i, 20*i+11)
				all = append(all, people...)
				if i < 16 {
					people = append(people, userIDs(20*(i/2)+15, 20*(i/2)+16)...)
				}
				groups = append(groups, groupsOf(people)...)
			}
			groups = append(groups, groupsOf(all)...)
			for b.Loop() {
				_, err := isolates(b.Context(), groups, apart)
				require.NoError(b, err)
			}
		})
	}
}
