package asleep

import (
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUser(t *testing.T) {
	t.Parallel()
	_, c := serve(t, answer(t, 200, "user.json"))
	u, err := c.User(t.Context(), testUser)
	require.NoError(t, err)
	end, completed := instantOf("2023-07-01T06:12:44Z"), instantOf("2023-07-01T06:13:20Z")
	year, month, gender, height := 1990, 2, "female", 171.0
	assert.Equal(t, &User{
		ID: testUser,
		LastSession: &LastSession{
			ID: "20230630224117_x8y7z", InferenceType: "MELSPECTROGRAM", Service: "NOSERVICE", State: Complete,
			Start: instantOf("2023-06-30T22:41:17Z"), End: &end, Completed: &completed,
		},
		Metadata: &Metadata{BirthYear: &year, BirthMonth: &month, Gender: &gender, Height: &height},
	}, u)
	assert.Equal(t, time.UTC, u.LastSession.Start.Location())
}

func TestUserWithoutSessions(t *testing.T) {
	t.Parallel()
	_, c := serve(t, answer(t, 200, "user_without_sessions.json"))
	u, err := c.User(t.Context(), testUser)
	require.NoError(t, err)
	assert.Equal(t, &User{ID: testUser, ToBeDeleted: true}, u)
}

func TestCreateUser(t *testing.T) {
	t.Parallel()
	_, c := serve(t, answer(t, 201, "user_created.json"))
	id, err := c.CreateUser(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, testUser, id)

	_, c = serve(t, raw(201, `{"result":{}}`))
	_, err = c.CreateUser(t.Context(), nil)
	requireCode(t, BadResponse, err)
	assert.ErrorContains(t, err, "result.user_id is missing")
}

func TestMetadataLimits(t *testing.T) {
	t.Parallel()
	p := func(v int) *int { return &v }
	f := func(v float64) *float64 { return &v }
	s := func(v string) *string { return &v }
	for _, tc := range []struct {
		m    Metadata
		says string // "" is fine
	}{
		{Metadata{}, ""},
		{Metadata{BirthYear: p(1900), BirthMonth: p(12), BirthDay: p(31), Gender: s("non_binary"), Height: f(300), Weight: f(1000)}, ""},
		{Metadata{BirthYear: p(2024), Height: f(0), Weight: f(70.1)}, ""},
		{Metadata{BirthYear: p(1899)}, "birth_year"},
		{Metadata{BirthYear: p(2025)}, "birth_year"},
		{Metadata{BirthMonth: p(1), BirthDay: p(1), Height: f(0)}, ""},
		{Metadata{BirthMonth: p(0)}, "birth_month"},
		{Metadata{BirthMonth: p(13)}, "birth_month"},
		{Metadata{BirthDay: p(32)}, "birth_day"},
		{Metadata{BirthMonth: p(4), BirthDay: p(31)}, "birth_day"},
		{Metadata{BirthMonth: p(2), BirthDay: p(29)}, ""},
		{Metadata{BirthYear: p(2000), BirthMonth: p(2), BirthDay: p(29)}, ""},
		{Metadata{BirthYear: p(1999), BirthMonth: p(2), BirthDay: p(29)}, "birth_day"},
		{Metadata{Gender: s("Female")}, "gender"},
		{Metadata{Height: f(300.1)}, "height"},
		{Metadata{Height: f(-0.1)}, "height"},
		{Metadata{Height: f(171.25)}, "height"},
		{Metadata{Weight: f(1000.1)}, "weight"},
		{Metadata{Weight: f(math.NaN())}, "weight"},
		{Metadata{Weight: f(math.Inf(1))}, "weight"},
	} {
		at := clockAt("2024-06-01T00:00:00Z")
		srv, c := serve(t, answer(t, 201, "user_created.json"), WithClock(at.now))
		_, err := c.CreateUser(t.Context(), &tc.m)
		if tc.says == "" {
			require.NoError(t, err)
			continue
		}
		requireCode(t, Invalid, err)
		require.ErrorContains(t, err, tc.says)
		assert.Empty(t, srv.asked())
	}
}

// What is asked of a user again and again is one request; somebody unknown has neither.
func TestProfile(t *testing.T) {
	t.Parallel()
	srv, c := serve(t, answer(t, 200, "user.json"))
	for range 2 {
		newest, err := c.Newest(t.Context(), testUser)
		require.NoError(t, err)
		assert.False(t, newest.IsZero())
		_, err = c.Born(t.Context(), testUser)
		require.NoError(t, err)
	}
	assert.Len(t, srv.asked(), 1)
	_, c = serve(t, raw(http.StatusNotFound, `{"detail":"user does not exist"}`))
	newest, err := c.Newest(t.Context(), testUser)
	require.NoError(t, err)
	assert.Zero(t, newest)
	_, c = serve(t, raw(http.StatusForbidden, `{"detail":"Plan is expired"}`))
	_, err = c.Newest(t.Context(), testUser)
	require.Error(t, err)
}

func TestDeletes(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		want   Code
	}{
		"as documented": {http.StatusNoContent, "", ""},
		"with words":    {http.StatusOK, `{"detail":"success"}`, ""},
		"a login page":  {http.StatusOK, `<html>`, BadResponse},
		"gone":          {http.StatusNotFound, `{"detail":"session does not exist"}`, NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := serve(t, raw(tc.status, tc.body))
			for _, err := range []error{c.DeleteUser(t.Context(), testUser), c.DeleteSession(t.Context(), testUser, testNight)} {
				if tc.want == "" {
					assert.NoError(t, err)
				} else {
					requireCode(t, tc.want, err)
				}
			}
		})
	}
}
