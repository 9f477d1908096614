package errtext_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// What is wrong with a certificate is found in the error of a real request.
func TestCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	known := x509.NewCertPool()
	known.AddCert(server.Certificate())
	ask := func(c *tls.Config) error {
		transport := &http.Transport{TLSClientConfig: c}
		defer transport.CloseIdleConnections()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		require.NoError(t, err)
		response, err := transport.RoundTrip(r)
		if err == nil {
			require.NoError(t, response.Body.Close())
		}
		return err
	}
	for want, config := range map[string]*tls.Config{
		"": {RootCAs: known},
		"this machine does not know the authority that signed it": {RootCAs: x509.NewCertPool()},
		"it is for another host name":                             {RootCAs: known, ServerName: "sleep.invalid"},
		"it has expired, or is not valid yet":                     {RootCAs: known, Time: func() time.Time { return time.Now().AddDate(200, 0, 0) }},
	} {
		assert.Equal(t, want, errtext.Certificate(ask(config)))
	}
	assert.Empty(t, errtext.Certificate(errors.New("refused")))
}
