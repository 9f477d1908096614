package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	mcpclient "github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/clients"
)

// triedWithin is how long the program may take to start and to answer once.
const triedWithin = 40 * time.Second

// always are variables that every client gives a program it starts.
var always = []string{
	"HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE",
	"USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "COMSPEC", "PATHEXT",
}

// try starts the program as a client would, in another folder and with few
// variables, and calls a tool. It says in words what it did, and nothing of the
// answer.
func try(ctx context.Context, l clients.Launch, getenv func(string) string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, triedWithin)
	defer cancel()
	var said heardText
	start := func(ctx context.Context, command string, env, args []string) (*exec.Cmd, error) {
		c := exec.CommandContext(ctx, command, args...)
		c.Env, c.Dir, c.Stderr = env, os.TempDir(), &said
		return c, nil
	}
	var env []string
	for _, name := range always {
		if value := getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	for name, value := range l.Env {
		env = append(env, name+"="+value)
	}
	for _, name := range l.Secrets {
		env = append(env, name+"="+getenv(name))
	}
	c, err := mcpclient.NewStdioMCPClientWithOptions(l.Command, env, l.Args, transport.WithCommandFunc(start))
	if err != nil {
		if failed, ok := errors.AsType[*fs.PathError](err); ok {
			err = failed.Err
		}
		return "", fmt.Errorf("%s does not start: %w", l.Command, err)
	}
	named, err := callOnce(ctx, c)
	_ = c.Close() // it has answered, or it never will; then all it says is said
	if err == nil || errors.Is(err, errAnswer) {
		return named, err
	}
	if words := said.String(); words != "" {
		err = errors.New(words)
	}
	return "", fmt.Errorf("%s does not serve: %w", l.Command, err)
}

// heardText is what a program says on standard error, while it says more.
type heardText struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements [io.Writer].
func (h *heardText) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(p)
}

func (h *heardText) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.TrimSpace(h.text.String())
}

var errAnswer = errors.New("it starts, and the first call failed")

// callOnce asks for the last night.
func callOnce(ctx context.Context, c *mcpclient.Client) (string, error) {
	const tool = "get_session"
	opening := mcp.InitializeRequest{}
	opening.Params.ProtocolVersion = mcp.LATEST_PROTOCOL_VERSION
	opening.Params.ClientInfo = mcp.Implementation{Name: "asleep-mcp setup", Version: version()}
	if _, err := c.Initialize(ctx, opening); err != nil {
		return "", err
	}
	listed, err := c.ListTools(ctx, mcp.ListToolsRequest{})
	if err != nil {
		return "", err
	}
	call := mcp.CallToolRequest{}
	call.Params.Name = tool
	result, err := c.CallTool(ctx, call)
	if err != nil {
		return "", err
	}
	if result.IsError {
		i := slices.IndexFunc(result.Content, func(c mcp.Content) bool { _, isText := c.(mcp.TextContent); return isText })
		if i < 0 {
			return "", errAnswer
		}
		return "", fmt.Errorf("%w: %s", errAnswer, result.Content[i].(mcp.TextContent).Text)
	}
	return fmt.Sprintf("%d tools, and %s answers", len(listed.Tools), tool), nil
}
