package directory

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"slices"

	"cloud.google.com/go/civil"
)

const (
	saltSize = 16
	hashSize = len(PersonHash{})
	// askedBack is how many days back a question may reach: the longest period, plus
	// two days because today is not the same everywhere. Questions can no longer reach
	// the nights of an older release.
	askedBack = 365 + 2
)

// Release is a set of figures that a caller asks for: over sets of Asleep users, about
// nights up to today.
type Release struct {
	Caller   string // 1 to 512 printable characters
	From, To civil.Date
	Sets     map[string][]string // user ids by kind; they may repeat. Only sets of the same kind are compared
	Whole    []string            // everybody, if each of Sets is a part of them that has something in common; else nil
}

// PersonHash stands for an Asleep user in what was released to one caller.
type PersonHash [8]byte

// PeopleSet is one of a release's sets, as it is recorded.
type PeopleSet struct {
	People    []PersonHash // sorted, each once
	Whole     []PersonHash // likewise, whom People are a part of; nil: they are no part
	LastNight civil.Date
}

// RecordRelease records a release if audit allows each of its sets. Audit is given the
// sets of the same kind that were released to the caller about some of the same nights,
// the oldest first. Nothing else is released to this caller meanwhile. The errors are
// [*Invalid] (caller), those of audit, and those of every call.
//
// The period of every question ends on the day on which it is asked. So an earlier
// release has a night in common with r exactly when its last night is not before r.From,
// and that night is all that needs to be recorded of its period.
func (s *Store) RecordRelease(ctx context.Context, r Release,
	audit func(ctx context.Context, asked PeopleSet, earlier []PeopleSet) (allowed bool, err error),
) (recorded bool, err error) {
	if err := checkToken("caller", r.Caller); err != nil {
		return false, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		salt, err := asker(ctx, tx, r)
		if err != nil {
			return err
		}
		recorded = true
		asked := map[string]PeopleSet{}
		for kind, users := range r.Sets {
			asked[kind] = PeopleSet{hashed(salt, users), hashed(salt, r.Whole), r.To}
			earlier, err := releasedSets(ctx, tx, r, kind)
			if err != nil {
				return err
			}
			allowed, err := audit(ctx, asked[kind], earlier)
			if err != nil {
				return err
			}
			recorded = recorded && allowed
		}
		if !recorded {
			return nil
		}
		return record(ctx, tx, r.Caller, asked)
	})
	return recorded && err == nil, err
}

// asker returns the salt of a caller, making one for a new caller, and serializes the
// decisions about one caller's questions. It forgets what is too old to matter.
func asker(ctx context.Context, tx *sql.Tx, r Release) ([]byte, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	err := tx.QueryRowContext(ctx, `INSERT INTO askers (caller, salt) VALUES ($1, $2)
		ON CONFLICT (caller) DO UPDATE SET caller = excluded.caller RETURNING salt`, r.Caller, salt).Scan(&salt)
	if err != nil {
		return nil, err
	}
	_, err = change(ctx, tx, `DELETE FROM told_groups WHERE caller = $1 AND last_night < $2`,
		r.Caller, r.To.AddDays(-askedBack).String())
	return salt, err
}

// releasedSets returns the sets that share a night with r, the oldest first.
func releasedSets(ctx context.Context, tx *sql.Tx, r Release, kind string) ([]PeopleSet, error) {
	return collect(ctx, tx, scanPeopleSet, `SELECT people, last_night FROM told_groups
		WHERE caller = $1 AND kind = $2 AND last_night >= $3 ORDER BY last_night`, r.Caller, kind, r.From.String())
}

func record(ctx context.Context, tx *sql.Tx, caller string, sets map[string]PeopleSet) error {
	for kind, s := range sets {
		people := s.bytes()
		digest := sha256.Sum256(people)
		_, err := change(ctx, tx, `INSERT INTO told_groups (caller, kind, digest, people, last_night) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (caller, kind, digest) DO UPDATE SET last_night = excluded.last_night
			WHERE told_groups.last_night < excluded.last_night`, caller, kind, digest[:], people, s.LastNight.String())
		if err != nil {
			return err
		}
	}
	return nil
}

// between separates the people of a set from those they are a part of.
var between PersonHash

func (s PeopleSet) bytes() []byte {
	all := s.People
	if len(s.Whole) > 0 {
		all = slices.Concat(s.People, []PersonHash{between}, s.Whole)
	}
	text := make([]byte, 0, len(all)*hashSize)
	for _, h := range all {
		text = append(text, h[:]...)
	}
	return text
}

func scanPeopleSet(row scanner) (s PeopleSet, err error) {
	var (
		people []byte
		last   night
	)
	err = row.Scan(&people, &last)
	all := make([]PersonHash, 0, len(people)/hashSize)
	for h := range slices.Chunk(people, hashSize) {
		all = append(all, PersonHash(h))
	}
	s = PeopleSet{People: all, LastNight: last.Date}
	if at := slices.Index(all, between); at >= 0 {
		s.People, s.Whole = all[:at], all[at+1:]
	}
	return s, err
}

// hashed returns the set of userIDs as it is recorded; nil for nobody.
func hashed(salt []byte, userIDs []string) []PersonHash {
	var all []PersonHash
	for _, id := range userIDs {
		sum := sha256.Sum256(append(slices.Clip(salt), id...))
		all = append(all, PersonHash(sum[:hashSize]))
	}
	slices.SortFunc(all, func(a, b PersonHash) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(all)
}
