package directory

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// october is a release to be made.
func october(organization string) Release {
	return Release{
		Organization: organization, Period: "2026-10",
		Made: noon, From: civil.Date{Year: 2026, Month: time.October, Day: 1}, To: civil.Date{Year: 2026, Month: time.October, Day: 31},
	}
}

// decide puts the people from one on behind figures.
func decide(figures string, from int) func(context.Context, Told, []PersonHash) (Decision, error) {
	return func(_ context.Context, _ Told, people []PersonHash) (Decision, error) {
		chosen := slices.Clone(people[from:])
		slices.SortFunc(chosen, PersonHash.Compare)
		return Decision{Figures: json.RawMessage(figures), People: chosen, Cells: []Cell{{people[:from], []int{}, 0}, {chosen, []int{0}, 1 / float64(len(chosen))}}}, nil
	}
}

func TestReleasesAreKept(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		_, err := s.ReleaseOf(t.Context(), "acme", "2026-10")
		require.ErrorIs(t, err, ErrNotFound)
		made, err := s.AddRelease(t.Context(), october("acme"), userIDs(0, 20), decide(`{"people":15}`, 5))
		require.NoError(t, err)
		assert.Equal(t, noon.UTC().Truncate(time.Microsecond), made.Made)

		s = d.reopen(t, s)
		kept, err := s.ReleaseOf(t.Context(), "acme", "2026-10")
		require.NoError(t, err)
		assert.JSONEq(t, `{"people":15}`, string(kept.Figures))
		kept.Figures, made.Figures = nil, nil
		assert.Equal(t, made, kept)
		again, err := s.AddRelease(t.Context(), october("acme"), nil, func(context.Context, Told, []PersonHash) (Decision, error) {
			t.Error("it is made")
			return Decision{}, nil
		})
		require.NoError(t, err)
		assert.JSONEq(t, `{"people":15}`, string(again.Figures))

		week := october("acme")
		week.Period, week.From, week.To = "2026-W44", week.To.AddDays(-5), week.To.AddDays(1)
		_, err = s.AddRelease(t.Context(), week, userIDs(0, 20), decide("{}", 0))
		require.ErrorIs(t, err, ErrOverlap, "a week of which six nights were told")
		failed := errors.New("not now")
		next := october("acme")
		next.Period, next.From, next.To = "2026-11", next.To.AddDays(1), next.To.AddDays(30)
		_, err = s.AddRelease(t.Context(), next, userIDs(0, 20), func(_ context.Context, told Told, people []PersonHash) (Decision, error) {
			assert.Len(t, told.Cells, 2)
			assert.Equal(t, Cell{people[:5], []int{}, 0}, told.Cells[0])
			assert.ElementsMatch(t, people[5:20], told.Cells[1].People)
			assert.Equal(t, Cell{told.Own, []int{0}, 1.0 / 15}, told.Cells[1])
			assert.Equal(t, [][]PersonHash{told.Own}, told.Series)
			return Decision{}, failed
		})
		require.ErrorIs(t, err, failed)
		_, err = s.AddRelease(t.Context(), next, userIDs(0, 20), decide("{}", 0))
		require.NoError(t, err, "after what failed")
		before, err := s.ReleasesBefore(t.Context(), "acme", next.To.AddDays(1), 5)
		require.NoError(t, err)
		assert.Equal(t, []string{"2026-11", "2026-10"}, []string{before[0].Period, before[1].Period})
		before, err = s.ReleasesBefore(t.Context(), "acme", next.To, 5)
		require.NoError(t, err)
		assert.Len(t, before, 1)
	})
}

// A version that knew no sets may write cells while this one runs.
func TestCellsOfAnEarlierVersion(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		_, err := s.AddRelease(t.Context(), october("acme"), userIDs(0, 20), decide("{}", 5))
		require.NoError(t, err)
		cells := func() (told Told) {
			next := october("acme")
			next.Period, next.From, next.To = "2026-11", next.To.AddDays(1), next.To.AddDays(30)
			failed := errors.New("not now")
			_, err := s.AddRelease(t.Context(), next, userIDs(0, 20), func(_ context.Context, before Told, _ []PersonHash) (Decision, error) {
				told = before
				return Decision{}, failed
			})
			require.ErrorIs(t, err, failed)
			return told
		}
		of := cells().Cells
		people := bytesOf(of[0].People, of[1].People[:5], of[1].People[5:])
		_, err = d.raw(t).ExecContext(t.Context(), `UPDATE release_cells SET cells = $1`, people)
		require.NoError(t, err)
		assert.Equal(t, []Cell{
			{of[0].People, []int{0}, 1.0 / 5}, {of[1].People[:5], []int{1}, 1.0 / 5}, {of[1].People[5:], []int{2}, 1.0 / 10},
		}, cells().Cells, "as if each had been told about alone")
	})
}

// What is stored of the same people differs from database to database, and holds no id.
func TestReleasesNameNobody(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		_, err := s.AddRelease(t.Context(), october("acme"), userIDs(0, 20), decide("{}", 0))
		require.NoError(t, err)
		var people, salt []byte
		require.NoError(t, d.raw(t).QueryRowContext(t.Context(), `SELECT people FROM release_series`).Scan(&people))
		require.NoError(t, d.raw(t).QueryRowContext(t.Context(), `SELECT salt FROM release_cells`).Scan(&salt))
		assert.Len(t, people, 20*hashSize)
		assert.Len(t, salt, saltSize)
		assert.NotEqual(t, make([]byte, saltSize), salt)
		known := hashed(make([]byte, saltSize), userIDs(0, 20))
		for _, h := range hashesOf(people) {
			assert.NotContains(t, known, h)
		}
		for _, id := range userIDs(0, 20) {
			assert.NotContains(t, string(people), id)
		}
	})
}

// Two programs that make the same release make one, and each sees what the other told.
func TestOneReleaseAPeriod(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		stores := []*Store{withCompany(t, d), d.open(t)}
		require.NoError(t, stores[0].CreateOrganization(t.Context(), Organization{ID: "other", Name: "Other"}))
		var all sync.WaitGroup
		var decided atomic.Int64
		for i := range 12 {
			all.Go(func() {
				_, err := stores[i%2].AddRelease(t.Context(), october([]string{"acme", "other"}[i/2%2]), userIDs(0, 20), func(_ context.Context, told Told, people []PersonHash) (Decision, error) {
					assert.Len(t, told.Series, int(decided.Add(1))-1)
					return Decision{Figures: json.RawMessage("{}"), People: people, Cells: []Cell{{People: people}}}, nil
				})
				assert.NoError(t, err)
			})
		}
		all.Wait()
		assert.EqualValues(t, 2, decided.Load())
	})
}

func TestConnectedOrganizations(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		for id, members := range map[string][]string{"a": {"U-1"}, "b": {"U-1", "U-2"}, "c": {"U-2", "U-3"}, "d": {"U-4"}, "e": nil} {
			at(s, noon.AddDate(0, 0, map[string]int{"a": 3, "b": 2, "c": 1, "d": 4, "e": 5}[id]))
			require.NoError(t, s.CreateOrganization(t.Context(), Organization{ID: id, Name: "A"}))
			for _, user := range members {
				add(t, s, Member{Organization: id, Email: user + "@example.org", Role: User}, user)
			}
		}
		for id, want := range map[string][]string{"a": {"c", "b", "a"}, "c": {"c", "b", "a"}, "d": {"d"}, "e": {"e"}} {
			all, err := s.ConnectedOrganizations(t.Context(), id)
			require.NoError(t, err)
			var ids []string
			for _, o := range all {
				ids = append(ids, o.ID)
			}
			assert.Equal(t, want, ids, "the oldest first")
		}
		_, err := s.ConnectedOrganizations(t.Context(), "none")
		require.ErrorIs(t, err, ErrNotFound)
	})
}

func TestSettingsAreUpdated(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := withCompany(t, d)
		monday := civil.Date{Year: 2026, Month: time.December, Day: 7}
		require.NoError(t, s.UpdateSettings(t.Context(), "acme", func(o *Settings) {
			o.Timezone, o.Changes = "Asia/Seoul", []CadenceChange{{monday, Weeks}}
		}))
		o, err := d.reopen(t, s).Organization(t.Context(), "acme")
		require.NoError(t, err)
		assert.Equal(t, Settings{Timezone: "Asia/Seoul", Changes: []CadenceChange{{monday, Weeks}}}, o.Settings)
		assert.Equal(t, Months, o.Settings.CadenceOn(monday.AddDays(-1)))
		assert.Equal(t, Weeks, o.Settings.CadenceOn(monday))
		s = d.open(t)
		requireInvalid(t, "cadence", s.UpdateSettings(t.Context(), "acme", func(o *Settings) { o.Cadence = "days" }))
		require.ErrorIs(t, s.UpdateSettings(t.Context(), "none", func(*Settings) {}), ErrNotFound)
		requireInvalid(t, "organization", s.UpdateSettings(t.Context(), "No", func(*Settings) {}))
		same, err := s.Organization(t.Context(), "acme")
		require.NoError(t, err)
		assert.Equal(t, o.Settings, same.Settings)
	})
}
