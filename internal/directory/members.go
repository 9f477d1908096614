package directory

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Member is a person in an organization.
type Member struct {
	Organization string
	Email        string // as given, the domain in lower case
	UserID       string // the Asleep user; "" while reserved
	Role         Role
	Metadata     Metadata
	Created      time.Time // UTC; when they became a member, or when the reservation began
}

// Role is what a member may do in their organization.
type Role string

// The roles.
const (
	User    Role = "user"    // sees themself
	Coach   Role = "coach"   // sees members
	Analyst Role = "analyst" // sees aggregates
)

// Metadata is what was given about the member. Somebody who takes over the attempt
// creates the Asleep user with it.
type Metadata struct {
	BirthYear int    `json:"birth_year,omitempty"` // 1900 to the current year; 0: not given
	Gender    string `json:"gender,omitempty"`     // one of asleep.Genders; "": not given
}

// pageSize is how many members are in memory at a time.
const pageSize = 500

const selectMembers = `SELECT organization, email, user_id, role, metadata, since FROM present_members`

// Members yields the members of an organization, ordered by e-mail in lower case. It
// reads a page at a time and holds no database resources between two members, so the
// loop may be slow and may call the store. Members who join or leave meanwhile may be
// included or not; nobody is included twice. An error, which is [ErrNotFound] for an
// unknown organization, ends it.
func (s *Store) Members(ctx context.Context, organization string) iter.Seq2[Member, error] {
	return s.MembersAfter(ctx, organization, "")
}

// MembersAfter is [Store.Members] for those whose e-mail comes after another one, who
// need not be a member any more.
func (s *Store) MembersAfter(ctx context.Context, organization, email string) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		if _, err := s.Organization(ctx, organization); err != nil {
			yield(Member{}, err)
			return
		}
		for after := strings.ToLower(email); ; {
			page, err := s.page(ctx, organization, after)
			if err != nil {
				yield(Member{}, err)
				return
			}
			for _, m := range page {
				if !yield(m, nil) {
					return
				}
			}
			if len(page) < pageSize {
				return
			}
			after = strings.ToLower(page[len(page)-1].Email)
		}
	}
}

func (s *Store) page(ctx context.Context, organization, after string) ([]Member, error) {
	return readAll(ctx, s, scanMember, selectMembers+" WHERE organization = $1 AND address > $2 ORDER BY address LIMIT $3",
		organization, after, pageSize)
}

// Member returns one member, or [ErrNotFound]; an e-mail that is only reserved, or
// whose user is being deleted, is not found.
func (s *Store) Member(ctx context.Context, organization, email string) (Member, error) {
	_, address, err := checkEmail(email)
	if err := cmp.Or(CheckOrganizationID(organization), err); err != nil {
		return Member{}, err
	}
	return readOne(ctx, s, scanMember, selectMembers+" WHERE organization = $1 AND address = $2", organization, address)
}

// Memberships returns the memberships of an Asleep user, ordered by organization; nil
// when there are none.
func (s *Store) Memberships(ctx context.Context, userID string) ([]Member, error) {
	if err := checkUserID(userID); err != nil {
		return nil, err
	}
	return readAll(ctx, s, scanMember, selectMembers+" WHERE user_id = $1 ORDER BY organization", userID)
}

// BirthYears returns the years of birth that organizations were given about some Asleep
// users who are members, by user id. Those of whom none was given are left out.
func (s *Store) BirthYears(ctx context.Context, userIDs []string) (map[string][]int, error) {
	ids, err := json.Marshal(userIDs)
	if err != nil {
		return nil, err
	}
	listed := "SELECT value FROM json_each($1)"
	if s.db.Server() {
		listed = "SELECT json_array_elements_text($1::json)"
	}
	members, err := readAll(ctx, s, scanMember, selectMembers+" WHERE user_id IN ("+listed+") ORDER BY organization", string(ids))
	years := map[string][]int{}
	for _, m := range members {
		if year := m.Metadata.BirthYear; year != 0 {
			years[m.UserID] = append(years[m.UserID], year)
		}
	}
	return years, err
}

// OrganizationsOf returns the ids of the organizations that an Asleep user is a
// member of, in order.
func (s *Store) OrganizationsOf(ctx context.Context, userID string) ([]string, error) {
	memberships, err := s.Memberships(ctx, userID)
	ids := make([]string, len(memberships))
	for i, m := range memberships {
		ids[i] = m.Organization
	}
	return ids, err
}

func scanMember(row scanner) (Member, error) {
	var (
		m        Member
		metadata string
		since    instant
	)
	if err := row.Scan(&m.Organization, &m.Email, &m.UserID, &m.Role, &metadata, &since); err != nil {
		return Member{}, err
	}
	m.Created = since.Time
	return m, json.Unmarshal([]byte(metadata), &m.Metadata)
}

// MemberIDs is the query of the Asleep users who are the members of an organization, for
// those who ask about all of them at once.
func (s *Store) MemberIDs(organization string) sqldb.Part {
	// The rule of present_members, written so that PostgreSQL looks up deletions in memory.
	return sqldb.Part{DB: s.db, SQL: `SELECT user_id FROM %smembers WHERE organization = $1 AND user_id IS NOT NULL
		AND user_id NOT IN (SELECT user_id FROM %sdeletions)`, Args: []any{organization}}
}

// FirstMembers returns the first members of an organization, ordered by e-mail in lower
// case.
func (s *Store) FirstMembers(ctx context.Context, organization string, most int) ([]Member, error) {
	return readAll(ctx, s, scanMember, selectMembers+" WHERE organization = $1 ORDER BY address LIMIT $2", organization, most)
}
