package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

type setupCommand struct {
	Client  string `arg:"" help:"claude-desktop, claude-code, vscode, cursor, gemini, goose, codex, zed or chatgpt."`
	Print   bool   `help:"Print what belongs into which file, and change nothing."`
	WithKey bool   `name:"with-key" help:"Write the API key into the file, for clients that have no other place for it."`
	NoCheck bool   `name:"no-check" help:"Do not start the program once to try it."`
	Command string `placeholder:"PATH" help:"Program the client is to start (default this one)."`
}

// docs is where the pages about this program are, for whoever has it alone.
const docs = "https://github.com/asleep-mcp/asleep-mcp/blob/main/docs/"

// chatGPT is what to do for a client that starts no programs.
const chatGPT = `ChatGPT starts no programs: it calls a server at a public https:// address.

1. Serve over HTTP, with callers authenticated: ` + docs + `service.md
2. In ChatGPT, open Settings, Apps, Advanced settings, and switch developer mode on.
3. In Settings, Apps, choose Create app. Enter the address with /mcp behind it, and OAuth.
4. In a new chat, add the app and ask: how did I sleep last night?
`

// Run writes the configuration of a client and tries it.
func (s setupCommand) Run(p *program, ctx bound, k *kong.Context) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	if s.Client == "chatgpt" {
		_, err := io.WriteString(p.stdout, chatGPT)
		return err
	}
	to, err := s.client()
	if err != nil {
		return usageError{err}
	}
	home, err := p.machine()
	if err != nil {
		return err
	}
	l, err := s.launch(k.Flags(), c.demo)
	if err != nil {
		return err
	}
	written := l
	if s.WithKey {
		if written, err = s.withKey(to, l, p.getenv); err != nil {
			return usageError{err}
		}
	}
	steps := setupSteps{client: to, path: to.file(home), launch: l, written: written, out: p.stdout}
	if s.Print {
		return steps.print()
	}
	if err := steps.write(); err != nil {
		return err
	}
	if !s.NoCheck {
		if err := steps.try(ctx, c, p.getenv); err != nil {
			return err
		}
	}
	return steps.finish()
}

func (s setupCommand) client() (client, error) {
	all := clients()
	names := []string{"chatgpt"}
	for _, c := range all {
		names = append(names, c.name)
	}
	i := slices.IndexFunc(all, func(c client) bool { return c.name == s.Client })
	if i < 0 {
		slices.Sort(names)
		return client{}, fmt.Errorf("there is no client %q%s; there are %s", s.Client, suggestion(s.Client, names), strings.Join(names, ", "))
	}
	return all[i], nil
}

func (s setupCommand) launch(flags []*kong.Flag, demo bool) (launch, error) {
	command := s.Command
	var err error
	if command == "" {
		command, err = ownPath()
	} else {
		command, err = filepath.Abs(command)
	}
	if err != nil {
		return launch{}, err
	}
	return newLaunch(command, flags, demo), nil
}

func (s setupCommand) withKey(to client, l launch, getenv func(string) string) (launch, error) {
	if to.discreet {
		return l, fmt.Errorf("--with-key is not for %s: %s", to.title, to.keyNote)
	}
	for _, name := range l.secrets {
		if strings.TrimSpace(getenv(name)) == "" {
			return l, fmt.Errorf("--with-key writes %s into the file, so it must be set now", name)
		}
	}
	return l.open(getenv), nil
}

// machine is this one.
func (p *program) machine() (machine, error) {
	home := p.getenv("HOME")
	if runtime.GOOS == "windows" {
		home = p.getenv("USERPROFILE")
	}
	if home == "" {
		return machine{}, errors.New("the home folder is not known: set HOME")
	}
	return machine{
		os: runtime.GOOS, home: home, getenv: p.getenv, exists: exists,
		glob: func(pattern string) []string {
			found, _ := filepath.Glob(pattern) // the patterns are ours and well formed
			return found
		},
	}, nil
}

// setupSteps are what setup does for one client, and what it says of it.
type setupSteps struct {
	client  client
	path    string
	launch  launch // without secrets in the clear
	written launch // as it gets into the file
	out     io.Writer
}

func (s setupSteps) say(format string, args ...any) error {
	_, err := fmt.Fprintf(s.out, format+"\n", args...)
	return err
}

// showsKey says whether the file gets secrets in the clear.
func (s setupSteps) showsKey() bool { return s.written.secrets == nil && len(s.launch.secrets) > 0 }

// snippet is what belongs into the file, with dots for a key.
func (s setupSteps) snippet() string {
	shown := s.launch
	if !s.client.discreet {
		shown = shown.open(func(string) string { return "…" })
	}
	text, err := s.client.write(nil, shown)
	if err != nil {
		panic(err) // an empty file can be written
	}
	return strings.TrimSpace(string(text))
}

func (s setupSteps) print() error {
	return errors.Join(s.say("# %s: %s\n%s", s.client.title, s.path, s.snippet()), s.finish())
}

// write changes the file, or says why it must not and what to add by hand.
func (s setupSteps) write() error {
	f, err := readConfigFile(s.path)
	var text []byte
	if err == nil {
		text, err = s.client.write(f.text, s.written)
	}
	if err == nil && f.text != nil && string(text) == string(f.text) {
		return s.say("%s: %s\nThe server %s is there already; nothing was changed.", s.client.title, s.path, serverName)
	}
	if s.showsKey() {
		f.mode &^= 0o077
	}
	var backup string
	if err == nil {
		backup, err = f.replace(text)
	}
	if err != nil {
		return fmt.Errorf("%s is left as it is: %w. Add this to it yourself:\n\n%s", s.path, err, s.snippet())
	}
	if backup != "" {
		return s.say("%s: %s\nThe server %s is written there. What the file was before: %s", s.client.title, s.path, serverName, backup)
	}
	return s.say("%s: %s\nThe server %s is written there. The file is new: if %s keeps its settings elsewhere, move it.", s.client.title, s.path, serverName, s.client.title)
}

// try tries the launch, with the demo where a key or a user is missing.
func (s setupSteps) try(ctx context.Context, c config, getenv func(string) string) error {
	l, with := s.launch, "your last night"
	if c.demo || c.key == "" || c.userID == "" {
		l.args, l.secrets = append(slices.Clone(l.args), "--demo"), nil
		l.env = slices.DeleteFunc(slices.Clone(l.env), func(v variable) bool { return v.name == "ASLEEP_USER_ID" })
		with = "made-up nights"
		switch {
		case c.demo:
		case c.key == "":
			with += ", because ASLEEP_API_KEY is not set here"
		default:
			with += ", because nobody is named: with ASLEEP_USER_ID, questions need not name a user"
		}
	}
	found, err := l.try(ctx, getenv)
	if err != nil {
		return fmt.Errorf("the file is written, but trying it failed: %w\nasleep-mcp doctor finds out more", err)
	}
	return s.say("Tried with %s: %s.", with, found)
}

// finish says what is left to do.
func (s setupSteps) finish() error {
	if slices.Contains(s.written.secrets, keyVariable) {
		if err := s.say("%s", s.client.keyNote); err != nil {
			return err
		}
	}
	if s.showsKey() {
		if err := s.say("The file holds your key now: let nobody else read it."); err != nil {
			return err
		}
	}
	return s.say("Next: %s. Then ask: how did I sleep last night?", s.client.next)
}
