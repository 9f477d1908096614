package directory

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"time"
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
	Timezone string `json:"timezone,omitempty"` // IANA name; "": none
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
