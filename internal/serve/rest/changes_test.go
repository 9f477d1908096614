package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An organization is made, filled and emptied over REST.
func TestOrganizationsOverREST(t *testing.T) {
	t.Parallel()
	b := newBackend(t, nil)
	const members = "/api/organizations/last/members" // an organization may be called like that
	send := func(method, path, body string) reply { return b.send(t, "operator", method, path, body) }

	made := send(http.MethodPost, "/api/organizations", `{"organization":"last","name":"Last Inc.","timezone":"Asia/Seoul"}`)
	assert.Equal(t, http.StatusOK, made.status, made.body)
	assert.Equal(t, http.StatusConflict, send(http.MethodPost, "/api/organizations", `{"organization":"last","name":"Last Inc."}`).status)
	added := send(http.MethodPost, members, `{"email":"anna@example.org","role":"coach","birth_year":1985}`)
	assert.Equal(t, http.StatusOK, added.status, added.body)
	assert.Contains(t, added.body, `"role":"coach"`)
	listed := b.get(t, "operator", "/api/reports/list_organizations?organization=last")
	assert.Contains(t, listed.body, `"members":[{"user_email":"anna@example.org"`)
	texts := send(http.MethodPost, members, "\ufeff"+`{"email":"bo@example.org","birth_year":"1990","take_over":"False","role":""}`)
	assert.Equal(t, http.StatusOK, texts.status, texts.body)
	assert.Contains(t, texts.body, `"role":"user"`)
	removed := send(http.MethodDelete, members+"?email=anna@example.org", "")
	assert.Equal(t, http.StatusOK, removed.status, removed.body)
	assert.Equal(t, http.StatusNotFound, send(http.MethodDelete, members+"?email=anna@example.org", "").status)

	for name, c := range map[string]struct {
		path, body string
		status     int
	}{
		"no body":            {members, "", http.StatusBadRequest},
		"no e-mail":          {members, "{}", http.StatusUnprocessableEntity},
		"organization twice": {members, `{"email":"a@example.org","organization":"north"}`, http.StatusUnprocessableEntity},
		"an unknown member":  {members, `{"email":"a@example.org","owner":true}`, http.StatusUnprocessableEntity},
		"e-mail twice":       {members, `{"email":"a@example.org","email":"b@example.org"}`, http.StatusBadRequest},
		"a wrong take_over":  {members, `{"email":"a@example.org","take_over":"yes"}`, http.StatusUnprocessableEntity},
		"another role":       {members, `{"email":"a@example.org","role":"boss"}`, http.StatusUnprocessableEntity},
		"a query":            {members + "?email=a@example.org", `{"email":"a@example.org"}`, http.StatusBadRequest},
		"not there":          {"/api/organizations/nowhere/members", `{"email":"a@example.org"}`, http.StatusNotFound},
		"no id":              {"/api/organizations/NO%20ID/members", `{"email":"a@example.org"}`, http.StatusBadRequest},
	} {
		got := send(http.MethodPost, c.path, c.body)
		assert.Equal(t, c.status, got.status, name+": "+got.body)
	}
	mistaken := send(http.MethodPost, members, `{"email":"anna"}`)
	_, example, shown := strings.Cut(mistaken.body, "For example POST ")
	require.True(t, shown, mistaken.body)
	path, body, _ := strings.Cut(strings.ReplaceAll(example, `\"`, `"`), " with ")
	body, _, _ = strings.Cut(body, ".\"")
	mended := send(http.MethodPost, path, body)
	assert.Equal(t, http.StatusOK, mended.status, "%s %s: %s", path, body, mended.body)
	assert.Equal(t, http.StatusForbidden, b.send(t, "anna", http.MethodPost, members, `{"email":"a@example.org"}`).status)
}
