package directory

import (
	"cmp"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

var organizationForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)

const (
	longestOrganization = 63
	longestName         = 200 // characters
	longestEmail        = 254 // bytes
	longestOther        = 512 // bytes, of an issuer, a subject, a caller
)

// CheckOrganizationID returns nil if id can be an organization's, whether or not there
// is one. The error is [*Invalid].
func CheckOrganizationID(id string) error {
	if len(id) > longestOrganization || !organizationForm.MatchString(id) {
		return &Invalid{Field: "organization", Problem: "must be 1 to 63 lower-case letters, digits and hyphens, and not start with a hyphen"}
	}
	return nil
}

func checkName(name string) error {
	length := utf8.RuneCountInString(name)
	if length < 1 || length > longestName || !printable(name) || strings.TrimSpace(name) != name {
		return &Invalid{Field: "name", Problem: "must be 1 to 200 printable characters without spaces around them"}
	}
	return nil
}

func checkUserID(id string) error {
	if asleep.CheckUserID(id) != nil {
		return &Invalid{Field: "user_id", Problem: "must be 1 to 128 letters, digits, hyphens and underscores"}
	}
	return nil
}

func checkToken(field, text string) error {
	if text == "" || len(text) > longestOther || !printable(text) {
		return &Invalid{Field: field, Problem: "must be 1 to 512 printable characters"}
	}
	return nil
}

// CheckEmail returns nil if text can be a member's e-mail. The error is [*Invalid].
func CheckEmail(text string) error {
	_, _, err := checkEmail(text)
	return err
}

// checkEmail returns the e-mail with its domain in lower case, and the address that
// identifies it, all in lower case. Letters with accents can be encoded in two ways that
// look alike; both give the same result.
func checkEmail(text string) (email, address string, err error) {
	text = norm.NFC.String(text)
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Name != "" || parsed.Address != text || len(text) > longestEmail || !printable(text) {
		return "", "", &Invalid{Field: "email", Problem: "must be one e-mail address of at most 254 bytes, without a name"}
	}
	at := strings.LastIndexByte(text, '@')
	email = text[:at] + strings.ToLower(text[at:])
	if len(email) > longestEmail {
		return "", "", &Invalid{Field: "email", Problem: "must be at most 254 bytes in lower case too"}
	}
	return email, strings.ToLower(email), nil
}

func (s Settings) check() error {
	if _, ok := asleep.Zone(s.Timezone); !ok && s.Timezone != "" {
		return &Invalid{Field: "timezone", Problem: "must be an IANA time zone, such as Europe/Berlin"}
	}
	if s.Cadence != "" && s.Cadence != Weeks && s.Cadence != Months {
		return &Invalid{Field: "cadence", Problem: "must be weeks or months"}
	}
	return nil
}

func (m Metadata) check(thisYear int) error {
	if m.BirthYear != 0 && (m.BirthYear < 1900 || m.BirthYear > thisYear) {
		return &Invalid{Field: "birth_year", Problem: "must be from 1900 to the current year"}
	}
	if m.Gender != "" && !slices.Contains(asleep.Genders, m.Gender) {
		return &Invalid{Field: "gender", Problem: "must be one of " + strings.Join(asleep.Genders, ", ")}
	}
	return nil
}

// CheckMember returns nil if a member like m can be made in an organization that exists;
// an empty role stands for [User]. The error is [*Invalid].
func CheckMember(m Member) error {
	m.Role, m.Created = cmp.Or(m.Role, User), time.Now()
	_, _, err := m.check()
	return err
}

// check also returns the e-mail and the address as [checkEmail] does.
func (m Member) check() (email, address string, err error) {
	email, address, err = checkEmail(m.Email)
	return email, address, cmp.Or(CheckOrganizationID(m.Organization), err, m.Role.check(), m.Metadata.check(m.Created.Year()))
}

func (r Role) check() error {
	if r != User && r != Coach && r != Analyst {
		return &Invalid{Field: "role", Problem: "must be user, coach or analyst"}
	}
	return nil
}

func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}
