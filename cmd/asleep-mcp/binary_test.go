package main

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBinary tests what only a process has: signals, pipes and exit codes.
func TestBinary(t *testing.T) {
	t.Parallel()
	binary := buildBinary(t)
	t.Run("end of input", func(t *testing.T) {
		t.Parallel()
		c := exec.CommandContext(t.Context(), binary, "--demo")
		c.Stdin = strings.NewReader(listTools + "\n" + `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"sleep_score"}}`)
		out, err := c.Output()
		require.NoError(t, err)
		assert.Equal(t, 2, strings.Count(string(out), "\n"), string(out))
		assert.Contains(t, string(out), `"overall_score"`)
	})
	t.Run("SIGTERM", func(t *testing.T) {
		t.Parallel()
		if runtime.GOOS == "windows" {
			t.Skip("Windows has no signals to send")
		}
		for _, args := range [][]string{{"stdio"}, {"http", "--addr", "127.0.0.1:0"}, {"sandbox", "--addr", "127.0.0.1:0"}} {
			stopsAt(t, syscall.SIGTERM, binary, args...)
		}
		stopsAt(t, syscall.SIGINT, binary, "stdio", "--demo")
	})
	t.Run("asked twice", func(t *testing.T) {
		t.Parallel()
		if runtime.GOOS == "windows" {
			t.Skip("Windows has no signals to send")
		}
		endsWhileCalled(t, binary)
	})
	t.Run("reader gone", func(t *testing.T) {
		t.Parallel()
		c := exec.CommandContext(t.Context(), binary, "stdio")
		in, err := c.StdinPipe()
		require.NoError(t, err)
		out, err := c.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		require.NoError(t, out.Close())
		_, err = io.WriteString(in, listTools+"\n")
		require.NoError(t, err)
		assert.NoError(t, waitProcess(t, c))
	})
	t.Run("setup", func(t *testing.T) { triesWhatItWrote(t, binary) })
	t.Run("purity", func(t *testing.T) {
		t.Parallel()
		checkPurity(t, binary, "\n")
		checkPurity(t, binary, "\r\n")
	})
	t.Run("progress tokens", func(t *testing.T) {
		t.Parallel()
		checkProgressTokens(t, binary)
	})
	t.Run("client gone", func(t *testing.T) {
		t.Parallel()
		checkVanished(t, binary)
	})
	t.Run("official client", func(t *testing.T) {
		t.Parallel()
		version := versionSaid(t, binary)
		for _, revision := range revisions {
			converse(t, &mcp.CommandTransport{Command: exec.CommandContext(t.Context(), binary, "--demo")}, revision, version)
		}
	})
}

// versionSaid returns what the built program calls its version: go build stamps one from
// version control, go test does not.
func versionSaid(t *testing.T, binary string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), binary, "version").Output()
	require.NoError(t, err)
	words := strings.Fields(string(out))
	require.Greater(t, len(words), 1, "%s", out)
	require.Equal(t, "asleep-mcp", words[0])
	return words[1]
}

const listTools = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`

// stopsAt checks that the running program ends well at a signal, promptly.
func stopsAt(t *testing.T, signal syscall.Signal, binary string, args ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), binary, args...)
	in, err := c.StdinPipe() // kept open: the end of input would end stdio
	require.NoError(t, err)
	said, out, err := os.Pipe()
	require.NoError(t, err)
	c.Stdout, c.Stderr = out, out
	require.NoError(t, c.Start())
	require.NoError(t, out.Close())
	_, err = io.WriteString(in, listTools+"\n")
	require.NoError(t, err)
	_, err = bufio.NewReader(said).ReadString('\n')
	require.NoError(t, err, "it answers, or says where it serves")
	require.NoError(t, c.Process.Signal(signal))
	require.NoError(t, waitProcess(t, c), args)
	_ = in.Close() // Wait closed it already
	_ = said.Close()
}

// endsWhileCalled checks that a second signal kills a server that after the first one is
// still finishing a call.
func endsWhileCalled(t *testing.T, binary string) {
	t.Helper()
	asked := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	}))
	t.Cleanup(hanging.Close)
	said := &stream{}
	c := exec.CommandContext(t.Context(), binary, "http", "--addr", "127.0.0.1:0", "--log-format", "json")
	c.Env = []string{"ASLEEP_API_KEY=key", "ASLEEP_BASE_URL=" + hanging.URL, "ASLEEP_USER_ID=me"}
	c.Stderr = said
	require.NoError(t, c.Start())
	url := waitFor(t, said, `"url":"(http://127\.0\.0\.1:\d+)/mcp"`)
	go func() {
		if answer, err := http.Get(url + "/api/sessions/last"); err == nil { //nolint:noctx // ends with the server
			_ = answer.Body.Close()
		}
	}()
	<-asked
	over := make(chan struct{})
	defer close(over)
	go func() {
		for { // the second may arrive before the first was handled
			_ = c.Process.Signal(syscall.SIGINT)
			select {
			case <-over:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	ended, killed := errors.AsType[*exec.ExitError](waitProcess(t, c))
	require.True(t, killed)
	assert.Equal(t, -1, ended.ExitCode(), "it was not let end by itself")
}

func waitProcess(t *testing.T, c *exec.Cmd) error {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(20 * time.Second):
		require.NoError(t, c.Process.Kill())
		require.FailNow(t, "still runs")
		return nil
	}
}
