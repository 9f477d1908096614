package directory

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"cloud.google.com/go/civil"
)

const (
	saltSize = 16
	hashSize = len(PersonHash{})
)

// Release is what is kept of one period of an organization. It never changes.
type Release struct {
	Organization string
	Period       string          // its name; those of one organization share no nights
	From, To     civil.Date      // of its nights
	Made         time.Time       // UTC, to a microsecond
	Figures      json.RawMessage // a JSON object
}

// PersonHash stands for an Asleep user in what was released. Only who has the database
// and the user's id can compute it.
type PersonHash [8]byte

// Told is who is behind the releases that were made so far.
type Told struct {
	// Cells divide everybody who was ever behind one, so that each release is about all
	// or none of a cell.
	Cells []Cell
	// Series are the people behind the newest figures of each organization, sorted.
	Series [][]PersonHash
	// Own is the one among Series that is the organization's; nil: there is none.
	Own []PersonHash
}

// Cell is people who are behind the same figures.
type Cell struct {
	People   []PersonHash `json:"-"`
	Sets     []int        `json:"sets"`     // which sets of people, numbered from 0 on, were behind figures and have them
	Leverage float64      `json:"leverage"` // see package disclosure
}

// Decision is a release as it is to be kept.
type Decision struct {
	Figures json.RawMessage
	People  []PersonHash // behind the figures, sorted; nil: there are no figures
	Cells   []Cell       // after it; nil: as before
}

// AddRelease keeps a release, whose Figures it sets, unless there is one of that period,
// which it then returns. decide is given the hashes of userIDs, in their order;
// no other release is made meanwhile, by any program. The errors are [ErrOverlap] when
// another period of the organization has some of the nights, those of decide, and those
// of every call.
func (s *Store) AddRelease(ctx context.Context, r Release, userIDs []string,
	decide func(ctx context.Context, told Told, people []PersonHash) (Decision, error),
) (Release, error) {
	var failed error
	err := s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		salt, told, err := lockReleases(ctx, tx, r.Organization)
		if err != nil {
			return err
		}
		met, err := collect(ctx, tx, scanRelease, selectReleases+` WHERE organization = $1 AND first_night <= $3 AND last_night >= $2`,
			r.Organization, r.From.String(), r.To.String())
		switch {
		case err != nil:
			return err
		case len(met) == 1 && met[0].Period == r.Period:
			r = met[0]
			return nil
		case len(met) > 0:
			return ErrOverlap
		}
		decided, err := decide(ctx, told, hashed(salt, userIDs))
		if err != nil {
			failed = err
			return err
		}
		r.Made, r.Figures = r.Made.UTC().Truncate(time.Microsecond), decided.Figures
		return keepRelease(ctx, tx, r, decided)
	})
	if err != nil {
		return Release{}, cmp.Or(failed, err)
	}
	return r, nil
}

// lockReleases returns what is known to those who make a release, and makes others wait.
func lockReleases(ctx context.Context, tx *sql.Tx, organization string) (salt []byte, told Told, err error) {
	salt = make([]byte, saltSize)
	rand.Read(salt)
	var cells []byte
	var facts string
	err = tx.QueryRowContext(ctx, `INSERT INTO release_cells (one, salt, cells) VALUES (1, $1, $2)
		ON CONFLICT (one) DO UPDATE SET one = 1 RETURNING salt, cells, told`, salt, []byte{}).Scan(&salt, &cells, &facts)
	if err != nil {
		return nil, told, err
	}
	if told.Cells, err = cellsOf(cells, facts); err != nil {
		return nil, told, err
	}
	_, err = collect(ctx, tx, func(row scanner) (id string, err error) {
		var people []byte
		err = row.Scan(&id, &people)
		told.Series = append(told.Series, hashesOf(people))
		if id == organization {
			told.Own = told.Series[len(told.Series)-1]
		}
		return id, err
	}, `SELECT organization, people FROM release_series`)
	return salt, told, err
}

func keepRelease(ctx context.Context, tx *sql.Tx, r Release, d Decision) error {
	_, err := change(ctx, tx, `INSERT INTO releases (organization, period, first_night, last_night, made, figures) VALUES ($1, $2, $3, $4, $5, $6)`,
		r.Organization, r.Period, r.From.String(), r.To.String(), stamp(r.Made), string(r.Figures))
	if err == nil && d.People != nil {
		_, err = change(ctx, tx, `INSERT INTO release_series (organization, people) VALUES ($1, $2)
			ON CONFLICT (organization) DO UPDATE SET people = excluded.people`, r.Organization, bytesOf(d.People))
	}
	if err == nil && d.Cells != nil {
		err = keepCells(ctx, tx, d.Cells)
	}
	return err
}

func keepCells(ctx context.Context, tx *sql.Tx, cells []Cell) error {
	people := make([][]PersonHash, len(cells))
	for i, c := range cells {
		people[i] = c.People
	}
	facts, err := json.Marshal(cells)
	if err == nil {
		_, err = change(ctx, tx, `UPDATE release_cells SET cells = $1, told = $2`, bytesOf(people...), string(facts))
	}
	return err
}

const selectReleases = `SELECT organization, period, first_night, last_night, made, figures FROM releases`

// ReleaseOf returns the release of a period, or [ErrNotFound].
func (s *Store) ReleaseOf(ctx context.Context, organization, period string) (Release, error) {
	return readOne(ctx, s, scanRelease, selectReleases+` WHERE organization = $1 AND period = $2`, organization, period)
}

// ReleasesBefore returns the releases of an organization whose nights end before a date,
// the newest first, most at most.
func (s *Store) ReleasesBefore(ctx context.Context, organization string, date civil.Date, most int) ([]Release, error) {
	return readAll(ctx, s, scanRelease, selectReleases+` WHERE organization = $1 AND last_night < $2 ORDER BY last_night DESC LIMIT $3`,
		organization, date.String(), most)
}

func scanRelease(row scanner) (r Release, err error) {
	var (
		from, to night
		made     instant
		figures  string
	)
	err = row.Scan(&r.Organization, &r.Period, &from, &to, &made, &figures)
	r.From, r.To, r.Made, r.Figures = from.Date, to.Date, made.Time, json.RawMessage(figures)
	return r, err
}

// ConnectedOrganizations returns an organization with all that share members with it, or
// with one that does, and so on: the oldest first. The errors are [ErrNotFound] and those
// of every call.
func (s *Store) ConnectedOrganizations(ctx context.Context, id string) ([]Organization, error) {
	all, err := readAll(ctx, s, scanOrganization, `WITH RECURSIVE near (id) AS (
		SELECT id FROM organizations WHERE id = $1
		UNION SELECT b.organization FROM near JOIN members a ON a.organization = near.id JOIN members b ON b.user_id = a.user_id
	) `+selectOrganizations+` WHERE o.id IN (SELECT id FROM near) ORDER BY o.created, o.id`, id)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	return all, err
}

// between separates cells.
var between PersonHash

func bytesOf(cells ...[]PersonHash) []byte {
	text := []byte{}
	for i, people := range cells {
		if i > 0 {
			text = append(text, between[:]...)
		}
		for _, h := range people {
			text = append(text, h[:]...)
		}
	}
	return text
}

func hashesOf(text []byte) []PersonHash {
	all := make([]PersonHash, 0, len(text)/hashSize)
	for h := range slices.Chunk(text, hashSize) {
		all = append(all, PersonHash(h))
	}
	return all
}

// cellsOf reads cells, and what is known of each. Versions before this wrote cells alone: each then
// counts as if figures had been about it alone, which tells the most that they can have told.
func cellsOf(text []byte, facts string) (cells []Cell, err error) {
	if err := json.Unmarshal([]byte(facts), &cells); err != nil {
		return nil, err
	}
	var people [][]PersonHash
	for rest := hashesOf(text); len(rest) > 0; {
		end := slices.Index(rest, between)
		if end < 0 {
			end = len(rest)
		}
		people, rest = append(people, rest[:end:end]), rest[min(end+1, len(rest)):]
	}
	alone := len(cells) != len(people)
	if alone {
		cells = make([]Cell, len(people))
	}
	for i := range people {
		cells[i].People = people[i]
		if alone {
			cells[i].Sets, cells[i].Leverage = []int{i}, 1/float64(len(people[i]))
		}
	}
	return cells, nil
}

func hashed(salt []byte, userIDs []string) []PersonHash {
	all := make([]PersonHash, len(userIDs))
	for i, id := range userIDs {
		sum := sha256.Sum256(append(slices.Clip(salt), id...))
		all[i] = PersonHash(sum[:hashSize])
	}
	return all
}

// Compare orders hashes, so that sets of people can be compared.
func (h PersonHash) Compare(other PersonHash) int { return bytes.Compare(h[:], other[:]) }
