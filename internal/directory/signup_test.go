package directory

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const login, subject = "https://id.example.org", "anna"

func TestSignUp(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		require.NoError(t, s.Ping(t.Context()))
		first, err := s.BeginSignUp(t.Context(), login, subject, "")
		require.NoError(t, err)
		assert.False(t, first.Abandoned)
		_, err = s.BeginSignUp(t.Context(), login, subject, "")
		var pending *PendingError
		require.ErrorAs(t, err, &pending)
		assert.WithinDuration(t, time.Now(), pending.Since, time.Minute)
		_, err = s.BeginSignUp(t.Context(), login, "bo", "")
		require.NoError(t, err, "another login")

		require.NoError(t, s.CancelSignUp(t.Context(), first))
		require.NoError(t, s.CancelSignUp(t.Context(), first), "may be repeated")
		require.ErrorIs(t, s.FinishSignUp(t.Context(), first, "U-0"), ErrNotFound)
		second, err := s.BeginSignUp(t.Context(), login, subject, "")
		require.NoError(t, err)
		require.NoError(t, s.FinishSignUp(t.Context(), second, "U-1"))
		require.NoError(t, s.FinishSignUp(t.Context(), second, "U-1"), "may be repeated")
		require.ErrorIs(t, s.FinishSignUp(t.Context(), second, "U-2"), ErrExists)
		user, err := s.UserOf(t.Context(), login, subject)
		require.NoError(t, err)
		assert.Equal(t, "U-1", user)
		_, err = s.BeginSignUp(t.Context(), login, subject, "")
		require.ErrorIs(t, err, ErrExists)
		_, err = s.BeginSignUp(t.Context(), login, subject, "")
		require.ErrorIs(t, err, ErrExists, "nothing was taken by the one before")
		_, err = s.BeginSignUp(t.Context(), login, "a\nb", "")
		var invalid *Invalid
		require.ErrorAs(t, err, &invalid)
		assert.Equal(t, "subject", invalid.Field)
	})
}

func TestAbandonedSignUpIsTakenOver(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		at(s, noon)
		lost, err := s.BeginSignUp(t.Context(), login, subject, "")
		require.NoError(t, err)
		at(s, noon.Add(StaleAfter-time.Second))
		_, err = s.BeginSignUp(t.Context(), login, subject, "")
		require.ErrorIs(t, err, ErrPending)
		at(s, noon.Add(StaleAfter))
		next, err := s.BeginSignUp(t.Context(), login, subject, "")
		require.NoError(t, err)
		assert.True(t, next.Abandoned)
		require.ErrorIs(t, s.FinishSignUp(t.Context(), lost, "U-1"), ErrNotFound)
		require.NoError(t, s.CancelSignUp(t.Context(), lost), "leaves the other alone")
		require.NoError(t, s.FinishSignUp(t.Context(), next, "U-2"))
		require.ErrorIs(t, s.FinishSignUp(t.Context(), lost, "U-1"), ErrExists)
	})
}

func TestOneSignUpAtATime(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		var begun atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				u, err := s.BeginSignUp(t.Context(), login, subject, "")
				if err == nil {
					begun.Add(1)
					err = s.FinishSignUp(t.Context(), u, "U-1")
				}
				if err != nil {
					assert.True(t, isOwn(err), "%v", err)
				}
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, begun.Load())
	})
}
