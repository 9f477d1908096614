package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/clients"
)

// triedWithin is how long the program may take to start and answer once.
const triedWithin = 40 * time.Second

// always are variables that every client gives a program it starts.
var always = []string{
	"HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE",
	"USERPROFILE", "APPDATA", "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "COMSPEC", "PATHEXT",
}

// try starts the program as a client would, in another folder and with few variables, and
// calls a tool. It says what it did, and nothing about the answer.
func try(ctx context.Context, l clients.Launch, getenv func(string) string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, triedWithin)
	defer cancel()
	var said heardText
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
	c := exec.CommandContext(ctx, l.Command, l.Args...)
	c.Env, c.Dir, c.Stderr, c.WaitDelay = env, os.TempDir(), &said, time.Second
	named, err := startAndAsk(ctx, c)
	switch {
	case err == nil || errors.Is(err, errAnswer):
		return named, err
	case c.Process == nil:
		if failed, ok := errors.AsType[*fs.PathError](err); ok {
			err = failed.Err
		}
		return "", fmt.Errorf("%s does not start: %w", l.Command, err)
	}
	if words := said.String(); words != "" {
		err = errors.New(words)
	}
	return "", fmt.Errorf("%s does not serve: %w", l.Command, err)
}

// startAndAsk starts the program and asks it once. When it returns, the program has ended
// and all its output has been read.
func startAndAsk(ctx context.Context, c *exec.Cmd) (named string, err error) {
	in, err := c.StdinPipe()
	if err != nil {
		return "", err
	}
	out, err := c.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := c.Start(); err != nil {
		return "", err
	}
	// Programs that it started may keep its output open when it is killed.
	defer context.AfterFunc(ctx, func() { _ = out.Close() })()
	named, err = askOnce(&peer{in, json.NewDecoder(out)})
	_ = in.Close()                  // it ends with its input
	_, _ = io.Copy(io.Discard, out) // which it may still write to
	_ = c.Wait()                    // it has answered, or never will
	return named, err
}

// heardText collects what a program writes to standard error while it runs.
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

// peer is a program that answers JSON-RPC on its standard output.
type peer struct {
	in  io.Writer
	out *json.Decoder
}

// ask sends a request and reads until its result arrives.
func (p *peer) ask(id int, method string, params, result any) error {
	type message struct {
		JSONRPC string `json:"jsonrpc"`
		ID      int    `json:"id"`
		Method  string `json:"method"`
		Params  any    `json:"params"`
	}
	if err := json.NewEncoder(p.in).Encode(message{"2.0", id, method, params}); err != nil {
		return fmt.Errorf("no answer to %s: %w", method, err)
	}
	for {
		var answer struct {
			ID     any             `json:"id"`
			Result json.RawMessage `json:"result"`
			Error  *struct {
				Message string `json:"message"`
			} `json:"error"`
		}
		switch err := p.out.Decode(&answer); {
		case err != nil:
			return fmt.Errorf("no answer to %s: %w", method, err)
		case answer.ID != float64(id): // a notification
		case answer.Error != nil:
			return errors.New(answer.Error.Message)
		default:
			return json.Unmarshal(answer.Result, result)
		}
	}
}

// askOnce asks for the last night as the oldest clients do, whose handshake every version of
// the program knows.
func askOnce(p *peer) (string, error) {
	const tool = "get_session"
	type object map[string]any
	var ignored object
	if err := p.ask(1, "initialize", object{
		"protocolVersion": "2025-06-18", "capabilities": object{}, "clientInfo": object{"name": "asleep-mcp setup", "version": version()},
	}, &ignored); err != nil {
		return "", err
	}
	var listed struct {
		Tools []json.RawMessage `json:"tools"`
	}
	if err := p.ask(2, "tools/list", object{}, &listed); err != nil {
		return "", err
	}
	var result struct {
		IsError bool `json:"isError"`
		Content []struct {
			Text string `json:"text"`
		} `json:"content"`
	}
	if err := p.ask(3, "tools/call", object{"name": tool}, &result); err != nil {
		return "", err
	}
	switch {
	case result.IsError && len(result.Content) > 0:
		return "", fmt.Errorf("%w: %s", errAnswer, result.Content[0].Text)
	case result.IsError:
		return "", errAnswer
	}
	return fmt.Sprintf("%d tools, and %s answers", len(listed.Tools), tool), nil
}
