package tenants

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const apart = 11

func TestAdmit(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		require.NoError(t, s.CreateOrganization(t.Context(), Organization{ID: "other", Name: "Other"}))
		fifty := userIDs(0, 50)
		shuffled := append(slices.Clone(fifty), "U-3", "U-3")
		slices.Reverse(shuffled)
		for _, ask := range []struct {
			why                  string
			caller, organization string
			users                []string
			want                 bool
		}{
			{"the first", "analyst", "acme", fifty, true},
			{"the same again", "analyst", "acme", fifty, true},
			{"the same in another order", "analyst", "acme", shuffled, true},
			{"one fewer", "analyst", "acme", userIDs(1, 50), false},
			{"ten more", "analyst", "acme", userIDs(0, 60), false},
			{"five others", "analyst", "acme", userIDs(5, 55), false},
			{"somebody else asks", "second", "acme", userIDs(1, 50), true},
			{"about somewhere else", "analyst", "other", userIDs(1, 50), true},
			{"eleven more", "analyst", "acme", userIDs(0, 61), true},
			{"one fewer than the first, with another in between", "analyst", "acme", userIDs(1, 50), false},
			{"the first once more", "analyst", "acme", fifty, true},
			{"nobody", "third", "acme", nil, true},
			{"few", "third", "acme", userIDs(0, 10), false},
		} {
			s = d.reopen(t, s)
			got, err := s.Admit(t.Context(), ask.caller, ask.organization, ask.users, apart)
			require.NoError(t, err)
			assert.Equal(t, ask.want, got, ask.why)
		}
		_, err := s.Admit(t.Context(), "analyst", "nowhere", fifty, apart)
		require.ErrorIs(t, err, ErrNotFound)
		_, err = s.Admit(t.Context(), "", "acme", fifty, apart)
		requireInvalid(t, "caller", err)
	})
}

// TestAdmitAtOnce asks about twenty groups, each one person from the next.
func TestAdmitAtOnce(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		stores := []*Store{withCompany(t, d), d.open(t)}
		var (
			all      sync.WaitGroup
			admitted atomic.Int64
		)
		for i := range 20 {
			all.Go(func() {
				ok, err := stores[i%2].Admit(t.Context(), "analyst", "acme", userIDs(0, 20+i), 21)
				if assert.NoError(t, err) && ok {
					admitted.Add(1)
				}
			})
		}
		all.Wait()
		assert.Equal(t, int64(1), admitted.Load())
	})
}

func TestAdmitRemembersAFew(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		admit := func(from, to int) bool {
			at(s, s.now().Add(time.Second))
			ok, err := s.Admit(t.Context(), "analyst", "acme", userIDs(from, to), apart)
			require.NoError(t, err)
			return ok
		}
		for i := range remembered + 1 {
			require.True(t, admit(100*i, 100*i+50), i)
			require.True(t, admit(100, 150) || i == 0) // the second stays among the newest
		}
		assert.False(t, admit(101, 150))
		assert.True(t, admit(1, 50), "the first is forgotten")

		var kept int
		row := d.raw(t).QueryRowContext(t.Context(), `SELECT COUNT(*) FROM answered_groups`)
		require.NoError(t, row.Scan(&kept))
		assert.Equal(t, remembered, kept)
	})
}

// TestGroupsHoldNoIDs looks at what is kept of a group.
func TestGroupsHoldNoIDs(t *testing.T) {
	t.Parallel()
	one := group{salt: []byte("0123456789abcdef")}
	other := group{salt: []byte("fedcba9876543210")}
	users := userIDs(0, 20)
	one.people, other.people = hashed(one.salt, users), hashed(other.salt, users)
	assert.Len(t, one.people, 20*hashSize)
	assert.NotContains(t, string(one.people), "U-")
	assert.NotEqual(t, one.people, other.people, "the salt counts")
	for n := range 20 {
		assert.Equal(t, n, one.differs(users[n:]), fmt.Sprint(n))
		assert.Equal(t, n, group{one.salt, hashed(one.salt, users[n:])}.differs(users), fmt.Sprint(n))
	}
}
