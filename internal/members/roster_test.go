package members_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/members"
)

// utf16 is a text as spreadsheets write "Unicode text".
func utf16(text string) string {
	encoded, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)
	if err != nil {
		panic(err)
	}
	return encoded
}

func TestReadRoster(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"commas":           "Email,role,birth_year,issuer,subject\nAnna@example.org,Coach,1985,https://id,a\n\"bo@example.org\",,,,\n",
		"semicolons":       "email;role;birth_year;issuer;subject\r\nAnna@example.org;coach;1985;https://id;a\r\nbo@example.org;;;;\r\n",
		"tabs":             "email\trole\tbirth_year\tissuer\tsubject\nAnna@example.org\tcoach\t1985\thttps://id\ta\nbo@example.org\t\t\t\t",
		"byte order mark":  "\xef\xbb\xbfemail,role,birth_year,issuer,subject\nAnna@example.org,coach,1985,https://id,a\nbo@example.org,,,,",
		"UTF-16":           utf16("\ufeffemail,role,birth_year,issuer,subject\nAnna@example.org,coach,1985,https://id,a\nbo@example.org,,,,"),
		"empty lines":      "email,role,birth_year,issuer,subject\nAnna@example.org,coach,1985,https://id,a\n,,,,\nbo@example.org,,,,\n ,,,,\n,,",
		"columns turned":   "subject,issuer,birth_year,role,email\na,https://id,1985,coach,Anna@example.org\n,,,,bo@example.org",
		"spaces, a blank ": "email, role, birth_year, issuer, subject\nAnna@example.org , coach, 1985, https://id, a\n\nbo@example.org,,,,",
	} {
		rows, refused, err := members.ReadRoster(strings.NewReader(text), "acme")
		require.NoError(t, err, name)
		require.Empty(t, refused, name)
		require.Len(t, rows, 2, name)
		assert.Equal(t, members.Row{
			Line:     2,
			Addition: members.Addition{Organization: "acme", Email: "Anna@example.org", Role: directory.Coach, Metadata: directory.Metadata{BirthYear: 1985}},
			Login:    directory.Login{Issuer: "https://id", Subject: "a"},
		}, rows[0], name)
		assert.Equal(t, members.Addition{Organization: "acme", Email: "bo@example.org"}, rows[1].Addition, name)
	}
}

func TestLinesOfARosterThatAreRefused(t *testing.T) {
	t.Parallel()
	text := "email,user_id,role,birth_year,gender,issuer,subject\n" +
		"anna@example.org,,,,,,\n" + // the only one that can be used
		"nobody,,,,,,\n" +
		"a@example.org,../x,,,,,\n" +
		"b@example.org,,boss,,,,\n" +
		"c@example.org,,,eighty,,,\n" +
		"d@example.org,,,1800,,,\n" +
		"e@example.org,,,,f,,\n" +
		"f@example.org,,,,,https://id,\n" +
		"ANNA@example.org,,,,,,\n" +
		"g@example.org\n" +
		",,user,,,,\n"
	rows, refused, err := members.ReadRoster(strings.NewReader(text), "acme")
	require.NoError(t, err)
	assert.Len(t, rows, 1)
	var told []string
	for _, r := range refused {
		told = append(told, r.Error())
	}
	assert.Equal(t, []string{
		"line 3: email must be one e-mail address of at most 254 bytes, without a name",
		"line 4: user_id must be 1 to 128 letters, digits, hyphens and underscores",
		"line 5: role must be user, coach or analyst",
		"line 6: birth_year must be a year, such as 1985",
		"line 7: birth_year must be from 1900 to the current year",
		"line 8: gender must be one of male, female, non_binary, other, prefer_not_to_say",
		"line 9: issuer and subject go together",
		"line 10: the e-mail is in line 2 too",
		"line 11: it has 1 cells and the first line has 7",
		"line 12: email must be one e-mail address of at most 254 bytes, without a name",
	}, told)
}

func TestFilesThatAreNoRoster(t *testing.T) {
	t.Parallel()
	for text, why := range map[string]string{
		"":                        "the file is empty",
		"anna@example.org\n":      `column 1 is called "anna@example.org"`,
		"role,gender\n":           "there is no column email",
		"email,email\n":           "there are two columns email",
		"email\n\"anna":           "line 2 is not CSV",
		"PK\x03\x04\x00\x00email": "column 1 is called",
	} {
		_, _, err := members.ReadRoster(strings.NewReader(text), "acme")
		require.ErrorContains(t, err, why, text)
	}
	_, _, err := members.ReadRoster(strings.NewReader("email\n"+strings.Repeat("x@example.org\n", 3)), "acme")
	require.NoError(t, err, "repeated lines are refused one by one")
}
