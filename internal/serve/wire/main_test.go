package wire

import (
	"net/http"
	"testing"

	"go.uber.org/goleak"
)

// Nothing that a server started runs on after its test.
func TestMain(m *testing.M) { goleak.VerifyTestMain(tests{m}) }

type tests struct{ *testing.M }

// Run implements [goleak.TestingM].
func (t tests) Run() int {
	defer http.DefaultClient.CloseIdleConnections()
	return t.M.Run()
}
