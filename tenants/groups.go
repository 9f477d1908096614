package tenants

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"slices"
)

const (
	// remembered is how many groups are kept for a caller in an organization.
	remembered = 16
	saltSize   = 16
	hashSize   = 8
)

// Admit says whether caller may be told an aggregate over these Asleep users of
// an organization, and if so remembers the group. It may not when one of the
// sixteen groups that caller was told about last differs from this one by at
// least one and fewer than apart people: two such answers would tell about
// those few. Comparing and remembering are one step, so that two questions at
// once cannot slip past each other. caller is 1 to 512 printable characters,
// users may repeat. The errors are [ErrNotFound] for an unknown organization,
// [*Invalid] (organization, caller), and those of every call.
//
// More than the last group is compared because the same two answers can be had
// with another question in between.
func (s *Store) Admit(ctx context.Context, caller, organization string, userIDs []string, apart int) (bool, error) {
	if err := cmp.Or(checkOrganizationID(organization), checkToken("caller", caller)); err != nil {
		return false, err
	}
	admitted := false
	err := s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		// A change that changes nothing, for its lock on the row: questions
		// about one organization are decided one after the other.
		found, err := change(ctx, tx, `UPDATE organizations SET name = name WHERE id = $1`, organization)
		if err != nil {
			return err
		}
		if found == 0 {
			return ErrNotFound
		}
		told, err := collect(ctx, tx, scanGroup, `SELECT salt, people FROM answered_groups
			WHERE organization = $1 AND caller = $2 ORDER BY answered DESC, salt`, organization, caller)
		if err != nil {
			return err
		}
		var again []byte
		for _, g := range told {
			switch d := g.differs(userIDs); {
			case d == 0:
				again = g.salt
			case d < apart:
				return nil
			}
		}
		admitted = true
		if again != nil {
			_, err := change(ctx, tx, `UPDATE answered_groups SET answered = $1 WHERE salt = $2`, stamp(s.clock()), again)
			return err
		}
		return s.remember(ctx, tx, caller, organization, userIDs, told)
	})
	return admitted && err == nil, err
}

// remember keeps a group and forgets those beyond the newest few.
func (s *Store) remember(ctx context.Context, tx *sql.Tx, caller, organization string, userIDs []string, told []group) error {
	for i := remembered - 1; i < len(told); i++ {
		if _, err := change(ctx, tx, `DELETE FROM answered_groups WHERE salt = $1`, told[i].salt); err != nil {
			return err
		}
	}
	salt := make([]byte, saltSize)
	rand.Read(salt)
	_, err := change(ctx, tx, `INSERT INTO answered_groups (salt, organization, caller, people, answered)
		VALUES ($1, $2, $3, $4, $5)`, salt, organization, caller, hashed(salt, userIDs), stamp(s.clock()))
	return err
}

// group is a set of people, hashed.
type group struct {
	salt   []byte
	people []byte // sorted, hashSize bytes each
}

func scanGroup(row scanner) (group, error) {
	var g group
	err := row.Scan(&g.salt, &g.people)
	return g, err
}

// differs counts who is in one of g and userIDs but not in both.
func (g group) differs(userIDs []string) int {
	mine, theirs := g.people, hashed(g.salt, userIDs)
	differing := 0
	for len(mine) > 0 && len(theirs) > 0 {
		order := bytes.Compare(mine[:hashSize], theirs[:hashSize])
		if order != 0 {
			differing++
		}
		if order <= 0 {
			mine = mine[hashSize:]
		}
		if order >= 0 {
			theirs = theirs[hashSize:]
		}
	}
	return differing + (len(mine)+len(theirs))/hashSize
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
