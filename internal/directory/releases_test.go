package directory

import (
	"context"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// release is one about people over a month.
func release(caller string, users []string) Release {
	today := civil.Date{Year: 2026, Month: time.March, Day: 1}
	return Release{Caller: caller, From: today.AddDays(-29), To: today, Sets: map[string][]string{"people": users}}
}

func allowed(context.Context, PeopleSet, []PeopleSet) (bool, error) { return true, nil }

// What is recorded about the same people differs from caller to caller, and nobody can
// compute it.
func TestReleasesNameNobody(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		known := PeopleSet{People: hashed(make([]byte, saltSize), userIDs(0, 20))}
		recorded := [][]byte{known.bytes()}
		for _, caller := range []string{"first", "second"} {
			ok, err := s.RecordRelease(t.Context(), release(caller, userIDs(0, 20)), allowed)
			require.NoError(t, err)
			require.True(t, ok)
			var people []byte
			require.NoError(t, d.raw(t).QueryRowContext(t.Context(), `SELECT people FROM told_groups WHERE caller = $1`, caller).Scan(&people))
			assert.Len(t, people, 20*hashSize)
			for _, id := range userIDs(0, 20) {
				assert.NotContains(t, string(people), id)
			}
			for _, before := range recorded {
				assert.NotEqual(t, before, people)
			}
			recorded = append(recorded, people)
		}
	})
}

// An audit sees the sets it is asked about in the form in which it will see them later.
func TestReleasesComeBack(t *testing.T) {
	both(t, func(t *testing.T, d database) {
		s := d.open(t)
		var asked []PeopleSet
		for i := range 3 {
			r := release("analyst", userIDs(0, 10*i)) // nobody in the first
			r.Whole = userIDs(0, 30)
			if i == 1 {
				r.Whole = nil
			}
			r.From, r.To = r.From.AddDays(i), r.To.AddDays(i)
			_, err := s.RecordRelease(t.Context(), r, func(_ context.Context, one PeopleSet, earlier []PeopleSet) (bool, error) {
				require.Len(t, earlier, len(asked))
				for j := range earlier {
					assert.ElementsMatch(t, asked[j].People, earlier[j].People)
					assert.Equal(t, asked[j].Whole, earlier[j].Whole)
					assert.Equal(t, asked[j].LastNight, earlier[j].LastNight)
				}
				asked = append(asked, one)
				return true, nil
			})
			require.NoError(t, err)
			s = d.reopen(t, s)
		}
		_, err := s.RecordRelease(t.Context(), release("", nil), allowed)
		requireInvalid(t, "caller", err)
	})
}
