package directory

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"slices"
	"sort"

	"cloud.google.com/go/civil"
)

const (
	saltSize = 16
	hashSize = 8
	// askedBack is how many days back a question may reach: the longest period, and
	// two days because today is not the same everywhere. No question can reach the
	// nights of a group that was told before that any more.
	askedBack = 365 + 2
)

// Telling is figures that a caller wants to be told: over sets of Asleep users, of
// nights up to today. Only sets of the same kind are compared.
type Telling struct {
	Caller   string // 1 to 512 printable characters
	From, To civil.Date
	Groups   map[string][]string // user ids by kind; they may repeat
	Among    []string            // all, of whom each of Groups is a part that has something in common; nil: it is no such part
}

// Admit says whether the figures may be told, and if so remembers the groups. They
// may not when adding and subtracting them and figures told to this caller before,
// about any of the same nights, could leave something about fewer than apart
// people; free is then the first night from which on nothing is in the way. Nor may
// they when the same could leave none of some people whom they are a part of: that
// tells about each of those. Groups told in different organizations are compared too:
// they may share people. Comparing and remembering are one step, so that two questions
// at once cannot slip past each other. The errors are [*Invalid] (caller) and those of
// every call.
//
// Every question ends on the day on which it is asked. So an earlier answer has a
// night in common with it exactly when the last night of that answer is not before
// t.From, and that night is all that has to be remembered of its period.
func (s *Store) Admit(ctx context.Context, t Telling, apart int) (admitted bool, free civil.Date, err error) {
	if err := checkToken("caller", t.Caller); err != nil {
		return false, civil.Date{}, err
	}
	free = t.From
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		salt, err := s.asker(ctx, tx, t)
		if err != nil {
			return err
		}
		asked := map[string]group{}
		for kind, users := range t.Groups {
			asked[kind] = group{hashed(salt, users), hashed(salt, t.Among), t.To}
			told, err := toldGroups(ctx, tx, t, kind)
			if err != nil {
				return err
			}
			from, err := freeFrom(ctx, asked[kind], told, t.From, apart)
			if err != nil {
				return err
			}
			if from.After(free) {
				free = from
			}
		}
		if admitted = free == t.From; !admitted {
			return nil
		}
		return remember(ctx, tx, t.Caller, asked)
	})
	if err != nil {
		return false, civil.Date{}, err
	}
	return admitted, free, nil
}

// asker returns the salt of a caller, makes one for a new caller, and lets one
// question of a caller be decided after the other. It forgets what is too old to
// matter.
func (s *Store) asker(ctx context.Context, tx *sql.Tx, t Telling) ([]byte, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	err := tx.QueryRowContext(ctx, `INSERT INTO askers (caller, salt) VALUES ($1, $2)
		ON CONFLICT (caller) DO UPDATE SET caller = excluded.caller RETURNING salt`, t.Caller, salt).Scan(&salt)
	if err != nil {
		return nil, err
	}
	_, err = change(ctx, tx, `DELETE FROM told_groups WHERE caller = $1 AND last_night < $2`,
		t.Caller, t.To.AddDays(-askedBack).String())
	return salt, err
}

// toldGroups are those that share a night with t, the oldest first.
func toldGroups(ctx context.Context, tx *sql.Tx, t Telling, kind string) ([]group, error) {
	return collect(ctx, tx, scanGroup, `SELECT people, last_night FROM told_groups
		WHERE caller = $1 AND kind = $2 AND last_night >= $3 ORDER BY last_night`, t.Caller, kind, t.From.String())
}

// freeFrom is the first night from which on asked may be told: from, or the one after
// the last of those groups that have to be out of the way. told is the oldest first.
func freeFrom(ctx context.Context, asked group, told []group, from civil.Date, apart int) (civil.Date, error) {
	nights := []civil.Date{from}
	for _, g := range told {
		if next := g.last.AddDays(1); next != nights[len(nights)-1] {
			nights = append(nights, next)
		}
	}
	var failed error
	// The later the first night, the fewer groups are left, and what cannot isolate
	// anybody beside some groups cannot beside fewer: so the night can be searched for.
	first := sort.Search(len(nights), func(i int) bool {
		met := sort.Search(len(told), func(j int) bool { return !told[j].last.Before(nights[i]) })
		found, err := isolates(ctx, append(slices.Clip(told[met:]), asked), apart)
		if err != nil {
			failed = err
		}
		return !found
	})
	if first == len(nights) {
		return asked.last.AddDays(1), failed // too small by itself
	}
	return nights[first], failed
}

func remember(ctx context.Context, tx *sql.Tx, caller string, groups map[string]group) error {
	for kind, g := range groups {
		people := g.kept()
		digest := sha256.Sum256(people)
		_, err := change(ctx, tx, `INSERT INTO told_groups (caller, kind, digest, people, last_night) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (caller, kind, digest) DO UPDATE SET last_night = excluded.last_night
			WHERE told_groups.last_night < excluded.last_night`, caller, kind, digest[:], people, g.last.String())
		if err != nil {
			return err
		}
	}
	return nil
}

// group is a set of people, hashed, and the last night they were told about.
type group struct {
	people []byte // sorted, hashSize bytes each
	among  []byte // likewise, of whom people are a part; empty: of nobody else
	last   civil.Date
}

// among stands between the people of a group and those they are a part of.
var among = make([]byte, hashSize)

func (g group) kept() []byte {
	if len(g.among) == 0 {
		return g.people
	}
	return slices.Concat(g.people, among, g.among)
}

func scanGroup(row scanner) (g group, err error) {
	var last night
	err = row.Scan(&g.people, &last)
	for at := 0; at < len(g.people); at += hashSize {
		if bytes.Equal(g.people[at:at+hashSize], among) {
			g.people, g.among = g.people[:at], g.people[at+hashSize:]
		}
	}
	g.last = last.Date
	return g, err
}

// hashed is the set of userIDs as a group keeps it.
func hashed(salt []byte, userIDs []string) []byte {
	all := make([][hashSize]byte, len(userIDs))
	for i, id := range userIDs {
		sum := sha256.Sum256(append(slices.Clip(salt), id...))
		all[i] = [hashSize]byte(sum[:hashSize])
	}
	slices.SortFunc(all, func(a, b [hashSize]byte) int { return bytes.Compare(a[:], b[:]) })
	all = slices.Compact(all)
	people := make([]byte, 0, len(all)*hashSize)
	for _, h := range all {
		people = append(people, h[:]...)
	}
	return people
}
