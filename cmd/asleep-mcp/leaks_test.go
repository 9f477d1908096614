package main

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// Nothing that the program started keeps running after it. The settings of whoever runs the
// tests do not reach the programs that tests start.
func TestMain(m *testing.M) {
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		ours := strings.HasPrefix(name, "ASLEEP_") && name != "ASLEEP_MCP_REQUIRE_ALL" && name != "ASLEEP_MCP_TESTDATA"
		if ours || strings.HasPrefix(name, "OTEL_") {
			_ = os.Unsetenv(name) // it fails only for an empty name
		}
	}
	goleak.VerifyTestMain(tests{m})
}

type tests struct{ *testing.M }

// Run implements [goleak.TestingM].
func (t tests) Run() int {
	defer http.DefaultClient.CloseIdleConnections()
	defer removeBinary()
	return t.M.Run()
}
