package directory

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// Organization is a group of people.
type Organization struct {
	ID       string // 1 to 63 lower-case letters, digits and hyphens, no hyphen first
	Name     string // 1 to 200 printable characters
	Settings Settings
	Created  time.Time // UTC; set by the store
	Members  int       // counted, never set
	Pending  int       // members not yet added or removed, as [Store.Pending] lists them; counted
}

// Settings are an organization's defaults.
type Settings struct {
	Timezone string          `json:"timezone,omitempty"` // IANA name; "": none
	Cadence  Cadence         `json:"cadence,omitempty"`  // of its releases until the first of Changes; "": [Months]
	Changes  []CadenceChange `json:"changes,omitempty"`  // ascending
}

// Zone returns the time zone that is set, else another.
func (s Settings) Zone(other *time.Location) *time.Location {
	if zone, ok := asleep.Zone(s.Timezone); ok {
		return zone
	}
	return other
}

// Cadence is how long the periods are that an organization's figures are released for.
type Cadence string

// The cadences.
const (
	Weeks  Cadence = "weeks"  // from Monday to Sunday
	Months Cadence = "months" // calendar months
)

// CadenceChange is another cadence from a night on.
type CadenceChange struct {
	From    civil.Date `json:"from"`
	Cadence Cadence    `json:"cadence"`
}

// CadenceOn returns the cadence of the night of a date.
func (s Settings) CadenceOn(date civil.Date) Cadence {
	cadence := cmp.Or(s.Cadence, Months)
	for _, c := range s.Changes {
		if !date.Before(c.From) {
			cadence = c.Cadence
		}
	}
	return cadence
}

// CreateOrganization makes an organization with o's ID, Name and Settings. The
// errors are [ErrExists], [*Invalid] (organization, name, timezone) and those of
// every call.
func (s *Store) CreateOrganization(ctx context.Context, o Organization) error {
	if err := cmp.Or(CheckOrganizationID(o.ID), checkName(o.Name), o.Settings.check()); err != nil {
		return err
	}
	settings, err := json.Marshal(o.Settings)
	if err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		made, err := change(ctx, tx, `INSERT INTO organizations (id, name, settings, created)
			VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`, o.ID, o.Name, string(settings), stamp(s.clock()))
		if err == nil && made == 0 {
			return ErrExists
		}
		return err
	})
}

// UpdateSettings changes the settings of an organization. The errors are [ErrNotFound],
// [*Invalid] (organization, timezone, cadence), and those of every call.
func (s *Store) UpdateSettings(ctx context.Context, id string, update func(*Settings)) error {
	if err := CheckOrganizationID(id); err != nil {
		return err
	}
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := change(ctx, tx, `UPDATE organizations SET name = name WHERE id = $1`, id); err != nil { // nobody else changes it meanwhile
			return err
		}
		o, err := scanOrganization(tx.QueryRowContext(ctx, selectOrganizations+" WHERE o.id = $1", id))
		if err != nil {
			return missing(err)
		}
		update(&o.Settings)
		if err := o.Settings.check(); err != nil {
			return err
		}
		settings, err := json.Marshal(o.Settings)
		if err == nil {
			_, err = change(ctx, tx, `UPDATE organizations SET settings = $2 WHERE id = $1`, id, string(settings))
		}
		return err
	})
}

const selectOrganizations = `SELECT o.id, o.name, o.settings, o.created,
	(SELECT COUNT(*) FROM members m WHERE m.organization = o.id),
	(SELECT COUNT(*) FROM present_members p WHERE p.organization = o.id)
	FROM organizations o`

// Organizations returns all organizations, ordered by id.
func (s *Store) Organizations(ctx context.Context) ([]Organization, error) {
	return readAll(ctx, s, scanOrganization, selectOrganizations+" ORDER BY o.id")
}

// Organization returns one organization, or [ErrNotFound].
func (s *Store) Organization(ctx context.Context, id string) (Organization, error) {
	if err := CheckOrganizationID(id); err != nil {
		return Organization{}, err
	}
	return readOne(ctx, s, scanOrganization, selectOrganizations+" WHERE o.id = $1", id)
}

func scanOrganization(row scanner) (Organization, error) {
	var (
		o        Organization
		settings string
		created  instant
		entries  int
	)
	if err := row.Scan(&o.ID, &o.Name, &settings, &created, &entries, &o.Members); err != nil {
		return Organization{}, err
	}
	o.Created, o.Pending = created.Time, entries-o.Members
	return o, json.Unmarshal([]byte(settings), &o.Settings)
}
