package directory

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAddingCanEndAnywhere ends the program after each step of adding a member and
// checks what the next program finds, and that adding again duplicates nobody.
func TestAddingCanEndAnywhere(t *testing.T) {
	steps := []struct {
		name    string
		do      func(*testing.T, *Store, Reservation)
		pending []State
		members int
		again   error // of the next program's Reserve
	}{
		{"before anything was asked of Asleep", func(*testing.T, *Store, Reservation) {}, []State{Adding}, 0, ErrPending},
		{"released, nothing was made", func(t *testing.T, s *Store, r Reservation) {
			require.NoError(t, s.Release(t.Context(), r))
		}, nil, 0, nil},
		{"confirmed", func(t *testing.T, s *Store, r Reservation) {
			require.NoError(t, s.Confirm(t.Context(), r, "U-1"))
		}, nil, 1, ErrExists},
		{"withdrawn, not yet removed at Asleep", func(t *testing.T, s *Store, r Reservation) {
			require.NoError(t, s.Withdraw(t.Context(), r, "U-1"))
		}, []State{Orphaned}, 0, nil},
		{"withdrawn although Confirm had got through", func(t *testing.T, s *Store, r Reservation) {
			require.NoError(t, s.Confirm(t.Context(), r, "U-1"))
			require.NoError(t, s.Withdraw(t.Context(), r, "U-1"))
		}, []State{Orphaned}, 0, nil},
		{"withdrawn and removed", func(t *testing.T, s *Store, r Reservation) {
			require.NoError(t, s.Withdraw(t.Context(), r, "U-1"))
			require.NoError(t, s.FinishDelete(t.Context(), "U-1"))
		}, nil, 0, nil},
	}
	both(t, func(t *testing.T, d database) {
		for i, step := range steps {
			t.Run(step.name, func(t *testing.T) {
				s := d.open(t)
				organization := Organization{ID: fmt.Sprint(i), Name: step.name}
				require.NoError(t, s.CreateOrganization(t.Context(), organization))
				m := Member{Organization: organization.ID, Email: "anna@example.org"}
				r, err := s.Reserve(t.Context(), m)
				require.NoError(t, err)
				step.do(t, s, r)

				s = d.reopen(t, s)
				assert.Equal(t, step.pending, states(t, s))
				one, err := s.Organization(t.Context(), organization.ID)
				require.NoError(t, err)
				assert.Equal(t, step.members, one.Members)
				m.Email = "ANNA@Example.org"
				r, err = s.Reserve(t.Context(), m)
				require.ErrorIs(t, err, step.again)
				if err == nil {
					require.NoError(t, s.Confirm(t.Context(), r, "U-2"))
				}
				cleanUp(t, d)
			})
		}
	})
}

// cleanUp deletes everything but the organizations.
func cleanUp(t *testing.T, d database) {
	t.Helper()
	raw := d.raw(t)
	for _, table := range []string{"members", "deletions", "subjects"} {
		_, err := raw.ExecContext(t.Context(), "DELETE FROM "+table)
		require.NoError(t, err)
	}
}

func TestReservation(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := withCompany(t, d)
		at(s, noon)
		_, err := s.Reserve(ctx, Member{Organization: "nowhere", Email: anna.Email})
		require.ErrorIs(t, err, ErrNotFound)
		r, err := s.Reserve(ctx, Member{Organization: "acme", Email: anna.Email, UserID: "ignored", Created: time.Unix(0, 0)})
		require.NoError(t, err)
		assert.Equal(t, User, r.Member.Role)
		assert.Empty(t, r.Member.UserID)

		_, err = s.Reserve(ctx, anna)
		var pending *PendingError
		require.ErrorAs(t, err, &pending)
		assert.Equal(t, r.Member.Created, pending.Since)
		assert.Empty(t, emails(t, s), "a reservation is no member")
		all, err := s.Pending(ctx)
		require.NoError(t, err)
		assert.Equal(t, []Pending{{State: Adding, Organization: "acme", Email: anna.Email, Since: r.Member.Created}}, all)
		one, err := s.Organization(ctx, "acme")
		require.NoError(t, err)
		assert.Equal(t, []int{0, 1}, []int{one.Members, one.Pending})

		require.NoError(t, s.Confirm(ctx, r, "U-1"))
		require.NoError(t, s.Confirm(ctx, r, "U-1"), "an answer may be lost, so it is repeated")
		require.ErrorIs(t, s.Confirm(ctx, r, "U-2"), ErrNotFound)
		require.NoError(t, s.Release(ctx, r))
		assert.Equal(t, []string{anna.Email}, emails(t, s), "what is confirmed is not released")
	})
}

func TestConfirmRefusesAnothersUser(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := withCompany(t, d)
		add(t, s, anna, "U-1")
		r, err := s.Reserve(ctx, Member{Organization: "acme", Email: "ben@example.org"})
		require.NoError(t, err)
		require.ErrorIs(t, s.Confirm(ctx, r, "U-1"), ErrExists)
		require.ErrorIs(t, s.Withdraw(ctx, r, "U-1"), ErrExists)
		assert.Equal(t, []State{Adding}, states(t, s), "neither changed anything")
		assert.Equal(t, []string{anna.Email}, emails(t, s))
		require.NoError(t, s.Confirm(ctx, r, "U-2"))
	})
}

// TestSameMemberAtOnce has twenty programs add the same person at once.
func TestSameMemberAtOnce(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		var (
			all    sync.WaitGroup
			mu     sync.Mutex
			counts = map[error]int{}
			stores = []*Store{s, d.open(t)}
		)
		for i := range 20 {
			all.Go(func() {
				s := stores[i%len(stores)]
				r, err := s.Reserve(t.Context(), anna)
				if err == nil {
					err = s.Confirm(t.Context(), r, userIDs(i, i+1)[0])
				}
				mu.Lock()
				defer mu.Unlock()
				switch {
				case errors.Is(err, ErrPending):
					counts[ErrPending]++
				default:
					counts[err]++
				}
			})
		}
		all.Wait()
		assert.Equal(t, 1, counts[nil], "%v", counts)
		assert.Equal(t, 19, counts[ErrPending]+counts[ErrExists], "%v", counts)
		assert.Len(t, emails(t, s), 1)
		assert.Empty(t, states(t, s))
	})
}

func TestTakeOver(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		ctx := t.Context()
		s := withCompany(t, d)
		at(s, noon)
		wanted := anna
		wanted.Role, wanted.Metadata = Coach, Metadata{BirthYear: 1990}
		wanted.Email = strings.Replace(anna.Email, "example", "EXAMPLE", 1)
		first, err := s.Reserve(ctx, wanted)
		require.NoError(t, err)
		assert.Equal(t, anna.Email, first.Member.Email, "as it is kept")
		at(s, noon.Add(StaleAfter-time.Microsecond))
		_, err = s.TakeOver(ctx, "acme", anna.Email)
		require.ErrorIs(t, err, ErrPending)
		_, err = s.TakeOver(ctx, "acme", "ben@example.org")
		require.ErrorIs(t, err, ErrNotFound)

		at(s, noon.Add(StaleAfter))
		second, err := s.TakeOver(ctx, "acme", "Anna@example.org")
		require.NoError(t, err)
		wanted.Email, wanted.Created = anna.Email, noon.Add(StaleAfter).UTC().Truncate(time.Microsecond)
		assert.Equal(t, wanted, second.Member)
		_, err = s.TakeOver(ctx, "acme", anna.Email)
		require.ErrorIs(t, err, ErrPending, "one operator at a time")
		require.NoError(t, s.Release(ctx, second))
		second, err = s.TakeOver(ctx, "acme", anna.Email)
		require.NoError(t, err, "it is as old as before")

		require.ErrorIs(t, s.Confirm(ctx, first, "U-1"), ErrNotFound, "the first attempt came too late")
		require.NoError(t, s.Release(ctx, first))
		require.NoError(t, s.Withdraw(ctx, first, "U-1"), "but what it made is not lost")
		assert.ElementsMatch(t, []State{Adding, Orphaned}, states(t, s))

		require.NoError(t, s.Confirm(ctx, second, "U-2"))
		got := members(t, s)[0]
		assert.Equal(t, []any{Coach, "U-2", 1990}, []any{got.Role, got.UserID, got.Metadata.BirthYear})
		at(s, noon.Add(24*time.Hour))
		_, err = s.TakeOver(ctx, "acme", anna.Email)
		require.ErrorIs(t, err, ErrExists)
	})
}
