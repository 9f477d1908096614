package rest

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readBodyOf is what an operation with that body reads.
func readBodyOf(t *testing.T, body *field, sent string) ([]byte, *problem) {
	t.Helper()
	o := operation{body: body}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(sent))
	read, err := o.read(httptest.NewRecorder(), r)
	if err == nil {
		return read, nil
	}
	p, is := errors.AsType[*problem](err)
	require.True(t, is, err)
	return nil, p
}

// Bodies that parsers read differently are refused.
func TestAmbiguousBodies(t *testing.T) {
	t.Parallel()
	for body, says := range map[string]string{
		`{"metadata":{"height":900},"metadata":{"weight":70}}`: `"metadata" twice`,
		`{"metadata":{"height":170,"height":171}}`:             `"height" twice`,
		"{\"metadata\":{\"gender\":\"other\xff\"}}":            "UTF-8",
		"\xff\xfe{\x00}\x00":                                   "UTF-8",
		`{} {}`:                                                "JSON",
	} {
		_, p := readBodyOf(t, &newUser, body)
		if assert.NotNil(t, p, body) {
			assert.Equal(t, http.StatusBadRequest, p.Status, body)
			assert.Contains(t, p.Detail, says)
		}
	}
}

// Values are read as tools read them, and what a body must be like is described as it is checked.
func TestFields(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{}`: `{}`, "\ufeff{}": `{}`, `{"metadata":null}`: `{}`, `{"metadata":""}`: `{}`,
		`{"metadata":{"gender":"other","height":0,"weight":70.5,"birth_year":1990}}`:       `{"metadata":{"gender":"other","height":0,"weight":70.5,"birth_year":1990}}`,
		`{"metadata":{"gender":"","height":" 170.5 ","birth_year":"199e1","weight":null}}`: `{"metadata":{"height":170.5,"birth_year":1990}}`,
	} {
		read, p := readBodyOf(t, &newUser, body)
		if assert.Nil(t, p, body) {
			assert.JSONEq(t, want, string(read))
		}
	}
	for body, want := range map[string][]detail{
		`null`:           {{"expected object", "body"}},
		`"{}"`:           {{"expected object", "body"}},
		`{"Metadata":1}`: {{"unexpected property", "body.Metadata"}},
		`{"metadata":{"gender":"x","height":-1,"birth_day":1.5,"birth_month":"May","birth_year":[1990],"weight":true}}`: {
			{"expected integer", "body.metadata.birth_year"},
			{"expected integer", "body.metadata.birth_month"},
			{"expected integer", "body.metadata.birth_day"},
			{"expected one of male, female, non_binary, other, prefer_not_to_say", "body.metadata.gender"},
			{"expected a number from 0 to 300", "body.metadata.height"},
			{"expected number", "body.metadata.weight"},
		},
	} {
		_, p := readBodyOf(t, &newUser, body)
		if assert.NotNil(t, p, body) {
			assert.Equal(t, want, p.Errors, body)
		}
	}
	_, p := readBodyOf(t, &newLogin, `{"issuer":"","subject":"`+strings.Repeat("é", 513)+`","user_id":1}`)
	assert.Equal(t, []detail{
		{"expected required property issuer to be present", "body"}, {"expected a length of 1 to 512", "body.subject"}, {"expected string", "body.user_id"},
	}, p.Errors)
}
