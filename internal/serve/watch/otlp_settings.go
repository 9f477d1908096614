package watch

import (
	"crypto/tls"
	"crypto/x509"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// OTLP says where and how traces are sent.
type OTLP struct {
	endpoint string
	headers  map[string]string
	timeout  time.Duration
	gzip     bool
	tls      *tls.Config
}

// BadVariable is a variable of OpenTelemetry that cannot be read. Its value may be a
// key, and is not told.
type BadVariable struct{ Name, Problem string }

func (b *BadVariable) Error() string { return b.Name + ": " + b.Problem }

// variables are OpenTelemetry's. Each of them, OTEL_EXPORTER_OTLP_HEADERS for
// example, also exists for traces alone, OTEL_EXPORTER_OTLP_TRACES_HEADERS, which wins.
type variables func(name string) string

const (
	forAll    = "OTEL_EXPORTER_OTLP_"
	forTraces = "OTEL_EXPORTER_OTLP_TRACES_"
)

// read returns the value of a variable and the name under which it is set.
func (get variables) read(what string) (name, value string) {
	for _, name := range []string{forTraces + what, forAll + what} {
		if value := strings.TrimSpace(get(name)); value != "" {
			return name, value
		}
	}
	return forAll + what, ""
}

// ReadOTLP reads the variables of OpenTelemetry's exporter. It returns nil when none
// names a collector, and a [*BadVariable] for one it cannot read.
func ReadOTLP(getenv func(name string) string) (_ *OTLP, err error) {
	get, o := variables(getenv), &OTLP{timeout: 10 * time.Second}
	if o.endpoint, err = get.endpoint(); err != nil || o.endpoint == "" {
		return nil, err
	}
	if o.headers, err = get.headers(); err != nil {
		return nil, err
	}
	if name, value := get.read("TIMEOUT"); value != "" {
		milliseconds, err := strconv.Atoi(value)
		if err != nil || milliseconds <= 0 {
			return nil, &BadVariable{name, "it must be a number of milliseconds, such as 10000"}
		}
		o.timeout = time.Duration(milliseconds) * time.Millisecond
	}
	switch name, value := get.read("COMPRESSION"); value {
	case "gzip":
		o.gzip = true
	case "", "none":
	default:
		return nil, &BadVariable{name, "it must be gzip or none"}
	}
	if o.tls, err = get.certificates(); err != nil {
		return nil, err
	}
	return o, nil
}

// endpoint returns where traces go. The general variable is the base of all signals,
// the other one says exactly where to post.
func (get variables) endpoint() (string, error) {
	name, value := get.read("ENDPOINT")
	if value == "" {
		return "", nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", &BadVariable{name, "it must be the http:// or https:// URL of a collector, such as http://localhost:4318"}
	}
	if !strings.HasPrefix(name, forTraces) {
		u = u.JoinPath("v1", "traces")
	}
	return u.String(), nil
}

// headers reads name=value,name=value with values as in URLs.
func (get variables) headers() (map[string]string, error) {
	name, value := get.read("HEADERS")
	headers := map[string]string{}
	for pair := range strings.SplitSeq(value, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		key, encoded, found := strings.Cut(pair, "=")
		text, err := url.PathUnescape(strings.TrimSpace(encoded))
		if !found || err != nil {
			return nil, &BadVariable{name, "it must be of the form name=value,name=value"}
		}
		headers[strings.TrimSpace(key)] = text
	}
	return headers, nil
}

// certificates returns whom to trust and how to be known.
func (get variables) certificates() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if name, file := get.read("CERTIFICATE"); file != "" {
		pem, err := os.ReadFile(file)
		config.RootCAs = x509.NewCertPool()
		if err != nil || !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, &BadVariable{name, "it must be a readable file of PEM certificates"}
		}
	}
	name, certificate := get.read("CLIENT_CERTIFICATE")
	other, key := get.read("CLIENT_KEY")
	if certificate == "" && key == "" {
		return config, nil
	}
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		return nil, &BadVariable{name + ", " + other, "they must be readable PEM files of a certificate and its key"}
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}
