package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// A company's list of people becomes an organization: first as a preview, then for real,
// then again without effect.
func TestImportMembers(t *testing.T) {
	t.Parallel()
	box := sandbox.New(sandbox.Options{Key: "key"})
	t.Cleanup(box.Close)
	api := httptest.NewServer(box)
	t.Cleanup(api.Close)
	folder := t.TempDir()
	env := variablesOf{"ASLEEP_API_KEY": "key", "ASLEEP_BASE_URL": api.URL, "ASLEEP_MCP_DATABASE_URL": filepath.Join(folder, "directory.db")}
	roster := filepath.Join(folder, "people.csv")
	require.NoError(t, os.WriteFile(roster, []byte("email;role\nanna@example.org;coach\nben@example.org;\nnobody;user\n"), 0o600))
	args := []string{"import-members", roster, "--organization", "acme"}

	missing := runWith(t, env, args...)
	assert.Equal(t, exitUsage, missing.code)
	assert.Contains(t, missing.stderr, `there is no organization "acme"; create it with: asleep-mcp call create_organization`)
	store, err := directory.Open(t.Context(), env["ASLEEP_MCP_DATABASE_URL"])
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateOrganization(t.Context(), directory.Organization{ID: "acme", Name: "Acme"}))

	const refused = "line 4: email must be one e-mail address of at most 254 bytes, without a name\n"
	preview := runWith(t, env, args...)
	assert.Equal(t, refused+"To add: 2; to give another role: 0; members already: 0; refused: 1. Nothing was changed; add --yes to do it.\n", preview.stdout)
	assert.Equal(t, exitFailed, preview.code)
	assert.Empty(t, box.Requests()["POST /ai/v1/users"])

	did := runWith(t, env, append(args, "--yes")...)
	assert.Equal(t, refused+"Added: 2; given another role: 0; members already: 0; refused: 1.\n", did.stdout)
	assert.Equal(t, "asleep-mcp: refused 1 of 3 lines\n", did.stderr)
	again := runWith(t, env, append(args, "--yes")...)
	assert.Equal(t, refused+"Added: 0; given another role: 0; members already: 2; refused: 1.\n", again.stdout)
	assert.Equal(t, 2, box.Requests()["POST /ai/v1/users"])
	anna, err := store.Member(t.Context(), "acme", "anna@example.org")
	require.NoError(t, err)
	assert.Equal(t, directory.Coach, anna.Role)

	ben, err := store.Member(t.Context(), "acme", "ben@example.org")
	require.NoError(t, err)
	require.NoError(t, store.MapSubject(t.Context(), "https://id.example.org", "ben", anna.UserID))
	merge := []string{"merge-users", anna.UserID, ben.UserID}
	assert.Equal(t, "The first user is a member of acme. Memberships and logins would become the second user's. Nothing was changed; add --yes to do it.\n", runWith(t, env, merge...).stdout)
	merged := runWith(t, env, append(merge, "--yes")...)
	assert.Contains(t, merged.stdout, "Memberships moved: 0; logins moved: 1; memberships ended where both were members: 1.\nThe first user has no recordings.")
	assert.Contains(t, runWith(t, env, "merge-users", ben.UserID, "G-unknown", "--yes").stderr, "there is no Asleep user with the second id; nothing was changed")
}

func TestImportMembersMistakes(t *testing.T) {
	t.Parallel()
	roster := filepath.Join(t.TempDir(), "people.csv")
	require.NoError(t, os.WriteFile(roster, []byte("e-mail\n"), 0o600))
	for want, args := range map[string][]string{
		`column 1 is called "e-mail"; the columns are email`: {"import-members", roster, "--organization", "acme"},
		"no such file":                   {"import-members", roster + "x", "--organization", "acme"},
		"missing flags: --organization":  {"import-members", roster},
		"these are the same Asleep user": {"merge-users", "G-1", "G-1"},
		"both must be Asleep user ids":   {"merge-users", "G-1", "../x"},
		"set ASLEEP_API_KEY":             {"merge-users", "G-1", "G-2"},
	} {
		got := runWith(t, variablesOf{}, args...)
		assert.Equal(t, exitUsage, got.code, want)
		assert.Contains(t, got.stderr, want)
	}
}
