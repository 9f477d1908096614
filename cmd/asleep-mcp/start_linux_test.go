package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkStart measures how long it takes from the start of a released binary to its
// first list of tools on stdio, how much memory it uses then, and the same for a bare
// mcp-go server. They take turns, so that other load on the machine affects all of them.
func BenchmarkStart(b *testing.B) {
	ours, bare := releaseOf(b, "."), releaseOf(b, "./testdata/bare")
	programs := []struct {
		name string
		args []string
	}{{"bare", []string{bare}}, {"stdio", []string{ours}}, {"demo", []string{ours, "--demo"}}}
	milliseconds, megabytes := map[string][]float64{}, map[string][]float64{}
	for _, p := range programs { // once for the page cache
		startOnce(b, p.args)
	}
	for b.Loop() {
		for _, p := range programs {
			took, resident := startOnce(b, p.args)
			milliseconds[p.name] = append(milliseconds[p.name], took.Seconds()*1000)
			megabytes[p.name] = append(megabytes[p.name], resident)
		}
	}
	for _, p := range programs {
		b.ReportMetric(median(milliseconds[p.name]), p.name+"-ms")
		b.ReportMetric(median(megabytes[p.name]), p.name+"-MB")
	}
	b.ReportMetric(0, "ns/op") // of all three together: of no interest
}

// releaseOf builds a program of this module as releases are built.
func releaseOf(b *testing.B, folder string) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "program")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, folder)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	said, err := build.CombinedOutput()
	require.NoError(b, err, string(said))
	return binary
}

const handshake = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"b","version":"0"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":1,"method":"tools/list"}
`

func startOnce(b *testing.B, args []string) (took time.Duration, megabytes float64) {
	b.Helper()
	c := exec.CommandContext(b.Context(), args[0], args[1:]...)
	c.Env = []string{}
	in, err := c.StdinPipe()
	require.NoError(b, err)
	out, err := c.StdoutPipe()
	require.NoError(b, err)
	began := time.Now()
	require.NoError(b, c.Start())
	_, err = io.WriteString(in, handshake)
	require.NoError(b, err)
	lines := bufio.NewReader(out)
	_, err = lines.ReadString('\n')
	require.NoError(b, err)
	list, err := lines.ReadString('\n')
	took = time.Since(began)
	require.NoError(b, err)
	require.Contains(b, list, `"tools"`)
	megabytes = resident(b, c.Process.Pid)
	require.NoError(b, in.Close())
	require.NoError(b, c.Wait())
	return took, megabytes
}

// resident returns how much of a process is in memory.
func resident(b *testing.B, pid int) (megabytes float64) {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(b, err)
	_, rest, found := strings.Cut(string(status), "VmRSS:")
	require.True(b, found)
	var kilobytes float64
	_, err = fmt.Sscan(rest, &kilobytes)
	require.NoError(b, err)
	return kilobytes / 1024
}
