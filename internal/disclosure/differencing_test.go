package disclosure

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// setsOf makes sets of people from the members of each.
func setsOf(of ...[]string) []directory.PeopleSet {
	sets := make([]directory.PeopleSet, len(of))
	for i, users := range of {
		sets[i].People = hashes(users)
	}
	return sets
}

func hashes(users []string) []directory.PersonHash {
	all := make([]directory.PersonHash, len(users))
	for i, id := range users {
		copy(all[i][:], id)
	}
	return all
}

// anyExposes reports whether one of the sets exposes somebody together with those before
// it, when they are asked about one after the other.
func anyExposes(t require.TestingT, sets []directory.PeopleSet, few int) bool {
	for i := range sets {
		found, err := exposes(context.Background(), sets[:i+1], few)
		require.NoError(t, err)
		if found {
			return true
		}
	}
	return false
}

func TestExposes(t *testing.T) {
	t.Parallel()
	some := func(ranges ...int) (users []string) {
		for i := 0; i < len(ranges); i += 2 {
			users = append(users, userIDs(ranges[i], ranges[i+1])...)
		}
		return users
	}
	for _, c := range []struct {
		why  string
		sets []directory.PeopleSet
		want bool
	}{
		{"nothing", nil, false},
		{"nobody", setsOf(nil), false},
		{"ten", setsOf(some(0, 10)), true},
		{"eleven", setsOf(some(0, 11)), false},
		{"ten apart", setsOf(some(0, 30), some(0, 40)), true},
		{"eleven apart", setsOf(some(0, 30), some(0, 41)), false},
		{"six went and six came: their difference only", setsOf(some(0, 30), some(6, 36)), false},
		{"five went and five came", setsOf(some(0, 30), some(5, 35)), true},
		{"two teams with one manager", setsOf(some(0, 20), some(19, 39)), false},
		{"and everybody: the manager", setsOf(some(0, 20), some(19, 39), some(0, 39)), true},
		{"a company of two teams and its head", setsOf(some(0, 20), some(20, 40), some(0, 41)), true},
		{"a company of two teams", setsOf(some(0, 20), some(20, 40), some(0, 40)), false},
		{"a company of two teams and eleven", setsOf(some(0, 20), some(20, 40), some(0, 51)), false},
		{"three teams and a company, ten of whom are in two of them", setsOf(some(0, 30), some(25, 60), some(55, 90), some(0, 90)), true},
		{"the head of one of four", setsOf(some(0, 20), some(20, 40), some(40, 60), some(60, 80), some(0, 81)), true},
		{"half of everybody twice", setsOf(some(0, 40), some(0, 20), some(20, 40), some(0, 19, 39, 40), some(19, 39)), true},
	} {
		assert.Equal(t, c.want, anyExposes(t, c.sets, MinimumPeople), c.why)
		slices.Reverse(c.sets)
		assert.Equal(t, c.want, anyExposes(t, c.sets, MinimumPeople), "%s, the other way round", c.why)
	}
}

// TestExposesProperty tries all combinations with small integer weights. Determinants of
// four sets need no larger ones.
func TestExposesProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const people, few = 24, 4
		// People who draw the same number are in the same sets.
		cells := rapid.SliceOfN(rapid.IntRange(0, 5), people, people).Draw(t, "cells")
		sets := make([][]string, rapid.IntRange(1, 4).Draw(t, "sets"))
		for i := range sets {
			in := rapid.SliceOfN(rapid.Bool(), 6, 6).Draw(t, "in")
			for person, c := range cells {
				if in[c] {
					sets[i] = append(sets[i], strconv.Itoa(person))
				}
			}
		}
		assert.Equal(t, leavesFew(sets, few), anyExposes(t, setsOf(sets...), few), "%v", sets)
	})
}

// TestPartsProperty does the same with parts of sets.
func TestPartsProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const people, few = 24, 4
		cells := rapid.SliceOfN(rapid.IntRange(0, 5), people, people).Draw(t, "cells")
		wholes := make([][]string, rapid.IntRange(1, 4).Draw(t, "sets"))
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
		sets := setsOf(parts...)
		for i := range sets {
			sets[i].Whole = hashes(wholes[i])
		}
		assert.Equal(t, leavesFew(parts, few) || leavesNobody(parts, wholes), anyExposes(t, sets, few), "%v of %v", parts, wholes)
	})
}

func leavesFew(sets [][]string, few int) bool {
	for weights := range allWeights(len(sets)) {
		if left := weigh(sets, weights); left > 0 && left < few {
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

func allWeights(sets int) iter.Seq[[]int] {
	const most = 3
	choices := 1
	for range sets {
		choices *= 2*most + 1
	}
	return func(yield func([]int) bool) {
		for choice := range choices {
			weights := make([]int, sets)
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

// weigh counts the people of whom something is left.
func weigh(sets [][]string, weights []int) int {
	left := map[string]int{}
	for i, users := range sets {
		for _, user := range users {
			left[user] += weights[i]
		}
	}
	maps.DeleteFunc(left, func(_ string, weight int) bool { return weight == 0 })
	return len(left)
}

// TestTangledGroupsAreRefused has sets overlap in more small cells than are searched.
func TestTangledGroupsAreRefused(t *testing.T) {
	t.Parallel()
	var sets []directory.PeopleSet
	for i := range 8 { // a ring of teams, each with one person from the next
		users := append(userIDs(100*i, 100*i+20), userIDs(100*((i+1)%8), 100*((i+1)%8)+1)...)
		sets = append(sets, setsOf(users)...)
	}
	assert.False(t, anyExposes(t, sets, MinimumPeople), "eight small cells")
	for i := range 8 { // and with one from the team after that
		sets = append(sets, setsOf(append(userIDs(100*i+1000, 100*i+1020), userIDs(100*i+1, 100*i+2)...))...)
	}
	assert.True(t, anyExposes(t, sets, MinimumPeople), "sixteen")
}

// TestExposesIsBounded has four hundred teams, with a common head for every two, a
// company of all of them, and a caller who does not wait.
func TestExposesIsBounded(t *testing.T) {
	t.Parallel()
	var sets []directory.PeopleSet
	for i := range 400 {
		sets = append(sets, setsOf(append(userIDs(20*i, 20*i+11), userIDs(20*(i/2)+15, 20*(i/2)+16)...))...)
	}
	assert.False(t, anyExposes(t, sets[:60], MinimumPeople), "two teams and their head, thirty times, have nothing to do with each other")
	all := append(sets, setsOf(userIDs(0, 8000))...)
	found, err := exposes(t.Context(), all, MinimumPeople)
	require.NoError(t, err)
	assert.True(t, found)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = exposes(ctx, sets, MinimumPeople)
	require.ErrorIs(t, err, context.Canceled)
}

// BenchmarkExposes measures one question after many others: teams of a company, with
// eight people who are in two of them.
func BenchmarkExposes(b *testing.B) {
	for _, teams := range []int{100, 400} {
		b.Run(strconv.Itoa(teams), func(b *testing.B) {
			var sets []directory.PeopleSet
			var all []string
			for i := range teams {
				people := userIDs(20*i, 20*i+11)
				all = append(all, people...)
				if i < 16 {
					people = append(people, userIDs(20*(i/2)+15, 20*(i/2)+16)...)
				}
				sets = append(sets, setsOf(people)...)
			}
			sets = append(sets, setsOf(all)...)
			for b.Loop() {
				_, err := exposes(b.Context(), sets, MinimumPeople)
				require.NoError(b, err)
			}
		})
	}
}
