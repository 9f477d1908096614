package rest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A second value of one name does not bring the first one in unchecked.
func TestNamesGivenTwice(t *testing.T) {
	t.Parallel()
	o := operation{body: &newUser}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/users", strings.NewReader(`{"metadata":{"height":900},"metadata":{"weight":70}}`))
	body, err := o.read(httptest.NewRecorder(), r)
	require.NoError(t, err)
	assert.JSONEq(t, `{"metadata":{"weight":70}}`, string(body))
}

// What a body must be like is described as it is checked.
func TestFields(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]detail{
		`{}`:                {},
		`{"metadata":null}`: {},
		`{"metadata":{"gender":"other","height":0,"weight":70.5,"birth_year":1990}}`: {},

		`null`:           {{"expected object", "body"}},
		`{"Metadata":1}`: {{"unexpected property", "body.Metadata"}},
		`{"metadata":{"gender":"x","height":-1,"birth_day":1.5,"birth_month":"1"}}`: {
			{"expected integer", "body.metadata.birth_month"},
			{"expected integer", "body.metadata.birth_day"},
			{"expected one of male, female, non_binary, other, prefer_not_to_say", "body.metadata.gender"},
			{"expected a number from 0 to 300", "body.metadata.height"},
		},
	} {
		var value any
		require.NoError(t, json.Unmarshal([]byte(body), &value))
		assert.ElementsMatch(t, want, newUser.check("body", value), body)
	}
	var value any
	require.NoError(t, json.Unmarshal([]byte(`{"issuer":"","subject":"`+strings.Repeat("é", 512)+`"}`), &value))
	assert.Equal(t, []detail{{"expected a length of 1 to 512", "body.issuer"}, {"expected required property user_id to be present", "body"}}, newLogin.check("body", value))
}
