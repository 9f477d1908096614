package asleep

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCodes(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Status int
		Body   json.RawMessage
		Code   Code
	}
	require.NoError(t, json.Unmarshal(recorded(t, "errors.json"), &cases))
	require.Len(t, cases, 25)
	for _, tc := range cases {
		t.Run(fmt.Sprintf("%d %s", tc.Status, tc.Body), func(t *testing.T) {
			t.Parallel()
			// A write is answered once, without retries.
			_, c := serve(t, raw(tc.Status, string(tc.Body)))
			for op, call := range everyWrite {
				e := requireCode(t, tc.Code, call(t, c))
				assert.Equal(t, op, e.Op)
				assert.Equal(t, tc.Status, e.Status)
				assert.Equal(t, tc.Code, CodeOf(fmt.Errorf("wrapped: %w", &e)))
				var body struct{ Detail string }
				if json.Unmarshal(tc.Body, &body) == nil && body.Detail != "" {
					assert.Equal(t, body.Detail, e.Detail)
					assert.NotContains(t, e.Error(), body.Detail)
				}
			}
		})
	}
}

func TestStatusSurvivesAnyBody(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status     int
		body       string
		want       Code
		wantDetail string
	}{
		"markup":           {404, "<html><body>" + testUser + "</body></html>", NotFound, ""},
		"empty":            {401, "", BadKey, ""},
		"half":             {404, `{"detail": "user does`, NotFound, `{"detail": "user does`},
		"plain words":      {403, "Rate limit exceeded\n", RateLimited, "Rate limit exceeded"},
		"detail is a list": {422, `{"detail":[1]}`, Invalid, `{"detail":[1]}`},
		"list":             {400, `[]`, Invalid, `[]`},
		"null":             {404, `null`, NotFound, `null`},
		"not UTF-8":        {400, "a\xffb", Invalid, "ab"},
		"redirect":         {302, ``, BadResponse, ""},
		"not modified":     {304, ``, BadResponse, ""},
		"other 4xx":        {418, ``, Invalid, ""},
		"other 5xx":        {599, ``, Unavailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c := serve(t, raw(tc.status, tc.body))
			_, err := c.CreateUser(t.Context(), nil)
			e := requireCode(t, tc.want, err)
			assert.Equal(t, tc.status, e.Status)
			assert.Equal(t, tc.wantDetail, e.Detail)
		})
	}
}

func TestDetailIsBounded(t *testing.T) {
	t.Parallel()
	_, c := serve(t, raw(http.StatusBadRequest, `{"detail":"a`+strings.Repeat("ä", 1<<20)+`"}`))
	_, err := c.CreateUser(t.Context(), nil)
	e := requireCode(t, Invalid, err)
	assert.LessOrEqual(t, len(e.Detail), maxDetail)
	assert.Greater(t, len(e.Detail), maxDetail-4)
	assert.True(t, utf8.ValidString(e.Detail))

	whole := strings.Repeat("a", maxDetail)
	_, c = serve(t, raw(http.StatusBadRequest, `{"detail":"`+whole+`"}`))
	_, err = c.CreateUser(t.Context(), nil)
	assert.Equal(t, whole, requireCode(t, Invalid, err).Detail)
}

func TestCodeOfOtherErrors(t *testing.T) {
	t.Parallel()
	assert.Equal(t, Code(""), CodeOf(nil))
	assert.Equal(t, Code(""), CodeOf(context.Canceled))
}

func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	for _, code := range []Code{
		BadKey, BadID, PlanExpired, Quota, RateLimited, Forbidden, NotFound, Invalid, Unavailable, BadResponse,
	} {
		assert.NotEmpty(t, meanings[code], code)
	}
}
