package clients

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSetTOML(t *testing.T) {
	t.Parallel()
	const block = "a = 1\nb = {}\n"
	cases := map[string]struct{ before, after string }{
		"nothing":         {"", "[t.s]\n" + block},
		"no end of line":  {"x = 1", "x = 1\n\n[t.s]\n" + block},
		"another table":   {"[t.r]\na = 2\n", "[t.r]\na = 2\n\n[t.s]\n" + block},
		"there":           {"[t.s]\n" + block, "[t.s]\n" + block},
		"header alone":    {"[t.s]", "[t.s]\n" + block},
		"other keys":      {"[t.s] # c\nz = 1\na = [\n  2, # ]\n]\n[u]\na = 3\n", "[t.s] # c\n" + block + "z = 1\n[u]\na = 3\n"},
		"table below":     {"[t.s]\nz = 1\n\n[t.s.b]\nx = 'y'\n[t.s.c]\na = 4\n", "[t.s]\n" + block + "z = 1\n\n[t.s.c]\na = 4\n"},
		"below before":    {"[t.s.b]\nx = 1\n[t.s]\n", "[t.s]\n" + block},
		"quoted names":    {"[\"t\" . 's']\n\"a\" = 2\n", "[\"t\" . 's']\n" + block},
		"dotted pair":     {"[t.s]\nb.x = 1\nb.y = 2\n", "[t.s]\n" + block},
		"texts":           {"x = \"\"\"\n[t.s]\\\"\"\"\"\"\"\ny = '''[t.s]'''\n", "x = \"\"\"\n[t.s]\\\"\"\"\"\"\"\ny = '''[t.s]'''\n\n[t.s]\n" + block},
		"inline":          {"x = { y = [1, { z = \"}\" }], w = 2 }\n", "x = { y = [1, { z = \"}\" }], w = 2 }\n\n[t.s]\n" + block},
		"times":           {"x = 2026-11-23 12:00:00.5Z\ny = 12:00:00\n", "x = 2026-11-23 12:00:00.5Z\ny = 12:00:00\n\n[t.s]\n" + block},
		"lists of tables": {"[[x]]\n[[x]]\na = 1\n", "[[x]]\n[[x]]\na = 1\n\n[t.s]\n" + block},
		"Windows":         {"x = 1\r\n", "x = 1\r\n\r\n[t.s]\r\na = 1\r\nb = {}\r\n"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := setTOML([]byte(c.before), []string{"t", "s"}, []pair{{"a", "1"}, {"b", "{}"}})
			require.NoError(t, err)
			assert.Equal(t, c.after, string(got))
			again, err := setTOML(got, []string{"t", "s"}, []pair{{"a", "1"}, {"b", "{}"}})
			require.NoError(t, err)
			assert.Equal(t, string(got), string(again))
		})
	}
}

// Somebody who adds the lines by hand must remove the existing ones, or there are two.
func TestTOMLSaysWhatMustGoFirst(t *testing.T) {
	t.Parallel()
	for before, want := range map[string]string{
		"x = 1\nt.s.a = 2\nt.r.a = 3\nt.s.b = 4\n": "first remove what begins in line 2, 4",
		"[t]\ns = { a = 2 }\n":                     "first remove what begins in line 2",
		"[t]\ns.a = 2\n":                           "first remove what begins in line 2",
		"\n[[t.s]]\na = 2\n":                       "first remove what begins in line 2",
		"t = { r = { a = 3 } }\n":                  "first make tables of what begins in line 1",
		"[[t]]\na = 2\n":                           "first make tables of what begins in line 1",
	} {
		_, err := setTOML([]byte(before), []string{"t", "s"}, []pair{{"a", "1"}})
		assert.ErrorContains(t, err, want, before)
	}
}
