package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/clients"
	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/readable"
)

type setupCommand struct {
	Client  string `arg:"" help:"claude-desktop, claude-code, vscode, cursor, gemini, goose, codex, zed or chatgpt."`
	Print   bool   `help:"Print what would be written, and where, without changing anything."`
	WithKey bool   `name:"with-key" help:"Write the API key into the file, for clients that cannot get it from anywhere else."`
	NoCheck bool   `name:"no-check" help:"Skip the test."`
	Command string `placeholder:"PATH" help:"Program that the client starts (default this one)."`
}

// Run writes the configuration of a client and tries it.
func (s setupCommand) Run(p *program, ctx bound, k *kong.Context) error {
	c, err := p.settings.check(p.getenv)
	if err != nil {
		return err
	}
	if s.Client == "chatgpt" {
		_, err := io.WriteString(p.stdout, clients.ChatGPT)
		return err
	}
	to, err := s.client()
	if err != nil {
		return usageError{err}
	}
	machine, err := clients.ThisMachine(p.getenv)
	if err != nil {
		return err
	}
	imported := c.key == "" && c.hasImports(ctx)
	l, err := s.launch(k.Flags(), c.demo || imported)
	if err != nil {
		return err
	}
	if err := s.checkSecrets(to, l, c, p.getenv); err != nil {
		return usageError{err}
	}
	if s.WithKey {
		l = l.WithSecrets(p.getenv)
	}
	steps := setupSteps{client: to, path: to.File(machine), launch: l, out: p.stdout, keyless: c.key == "" && !c.demo, imported: imported}
	if s.Print {
		return steps.print()
	}
	became, err := steps.write()
	if err != nil {
		return err
	}
	if !s.NoCheck {
		if err := steps.try(ctx, c, p.getenv); err != nil {
			return err
		}
	}
	return steps.finish(became)
}

func (s setupCommand) client() (clients.Client, error) {
	if c, found := clients.Named(s.Client); found {
		return c, nil
	}
	names := []string{"chatgpt"}
	for _, c := range clients.All() {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return clients.Client{}, fmt.Errorf("there is no client %q%s; the clients are %s", s.Client, suggestion(s.Client, names), strings.Join(names, ", "))
}

func (s setupCommand) launch(flags []*kong.Flag, demo bool) (clients.Launch, error) {
	command := s.Command
	var err error
	if command == "" {
		command, err = ownPath()
	} else {
		command, err = filepath.Abs(command)
	}
	if err != nil {
		return clients.Launch{}, err
	}
	return newLaunch(command, flags, demo), nil
}

// checkSecrets checks, if the file is to hold the secrets, that it may and that variables
// have them.
func (s setupCommand) checkSecrets(to clients.Client, l clients.Launch, c config, getenv func(string) string) error {
	if slices.Contains(l.Secrets, databaseVariable) && strings.TrimSpace(getenv(databaseVariable)) != c.database {
		return fmt.Errorf("--database-url: the URL may contain a password, so files only name its variable: set %s to the URL instead, here and for %s", databaseVariable, to.Title)
	}
	if !s.WithKey {
		return nil
	}
	if to.Discreet {
		return fmt.Errorf("--with-key is not for %s: %s", to.Title, to.Note(clients.Launch{Secrets: []string{keyVariable}}))
	}
	for _, name := range l.Secrets {
		if strings.TrimSpace(getenv(name)) == "" {
			return fmt.Errorf("--with-key writes %s into the file, so it must be set now", name)
		}
	}
	return nil
}

// setupSteps is what setup does for one client, and what it reports about it.
type setupSteps struct {
	client clients.Client
	path   string
	launch clients.Launch
	out    io.Writer

	keyless  bool // there is no key
	imported bool // and none is needed: nights were imported
}

// say prints sentences, one a line, as wide as the terminal is.
func (s setupSteps) say(format string, args ...any) error {
	for line := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		if _, err := io.WriteString(s.out, readable.Paragraph("", line, columnsOf(s.out))); err != nil {
			return err
		}
	}
	return nil
}

func (s setupSteps) print() error {
	note := ""
	if len(s.launch.Secrets) > 0 {
		note = s.client.Note(s.launch) + "\n"
	}
	_, err := fmt.Fprintf(s.out, "# %s: %s\n%s\n%s%s\n", s.client.Title, s.path, s.client.Snippet(s.launch), note, s.next())
	return err
}

// write changes the file, or says why it must not and what to add by hand.
func (s setupSteps) write() (clients.Outcome, error) {
	outcome, err := s.client.Write(s.path, s.launch)
	if err != nil {
		return outcome, fmt.Errorf("%s was not changed: %w. Add this to it yourself:\n\n%s", s.path, err, s.client.Snippet(s.launch))
	}
	became := "is now in this file. The file is new: if " + s.client.Title + " keeps its settings elsewhere, move it."
	switch {
	case !outcome.Changed:
		became = "was already in this file; nothing was changed."
	case outcome.Copy != "":
		became = "is now in this file. The previous file is kept as " + outcome.Copy
	}
	if outcome.Unmarked {
		became += "\nThe byte order mark at its beginning was removed, because " + s.client.Title + " may not accept one."
	}
	return outcome, s.say("%s: %s\nThe server %s %s", s.client.Title, s.path, clients.ServerName, became)
}

// try tries the launch, with the demo if a key or a user is missing.
func (s setupSteps) try(ctx context.Context, c config, getenv func(string) string) error {
	l, with := s.launch, "your last night"
	if !s.imported && (c.demo || c.key == "" || c.userID == "") {
		l.Args, l.Secrets, l.Env = append(slices.Clone(l.Args), "--demo"), nil, maps.Clone(l.Env)
		delete(l.Env, "ASLEEP_USER_ID")
		with = "made-up nights"
		switch {
		case c.demo:
		case c.key == "":
			with += ", because ASLEEP_API_KEY is not set here"
		default:
			with += ", because no user is set: with ASLEEP_USER_ID, questions need not name one"
		}
	}
	found, err := try(ctx, l, getenv)
	if err != nil {
		return fmt.Errorf("the file was written, but the test failed: %w\nRun asleep-mcp doctor to find out more", err)
	}
	return s.say("Tested with %s: %s.", with, found)
}

// finish says where secrets are, and what is left to do. It fails if the client cannot
// answer like this.
func (s setupSteps) finish(became clients.Outcome) error {
	secrets := strings.Join(s.launch.Secrets, " and ")
	held := len(s.launch.Secrets) > 0 && !slices.ContainsFunc(s.launch.Secrets, func(name string) bool { return !slices.Contains(became.Held, name) })
	if slices.Contains(became.CopyHeld, keyVariable) {
		if err := s.say("The copy of the previous file contains your key, too: delete %s when you no longer need it.", became.Copy); err != nil {
			return err
		}
	}
	note := ""
	switch {
	case held:
		note = "The file contains " + secrets + ": do not share it.\n"
	case s.launch.Secrets == nil:
	case s.client.OnlyInFile:
		return fmt.Errorf("this does not work yet: %s", s.client.Note(s.launch))
	default:
		note = s.client.Note(s.launch) + "\n"
	}
	return s.say("%s%s", note, s.next())
}

func (s setupSteps) next() string {
	next := "Next: " + s.client.Next + ". Then ask: how did I sleep last night?"
	if s.keyless && !s.imported {
		next += "\nIf you have no key: asleep-mcp import FILE reads the export of a watch, ring or phone (docs/import.md). Then run this again; no key is needed."
	}
	return next
}
