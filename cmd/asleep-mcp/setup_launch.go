package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

const (
	keyVariable      = "ASLEEP_API_KEY"
	databaseVariable = "ASLEEP_MCP_DATABASE_URL"
)

// variable is one of the environment.
type variable struct{ name, value string }

// launch is how a client is to start the program.
type launch struct {
	command string
	args    []string
	env     []variable // settings that everybody may read, by name
	secrets []string   // names of variables that must not stand in a file, by name
}

// newLaunch starts the program at command with the settings it was given itself:
// whoever says --demo to setup gets a client that starts it with it.
func newLaunch(command string, flags []*kong.Flag, demo bool) launch {
	l := launch{command: command, args: []string{"stdio"}}
	for _, flag := range flags {
		name, value := flag.Tag.Get("variable"), fmt.Sprint(flag.Target.Interface())
		switch {
		case name == "", name == "ASLEEP_MCP_NOW", value == "", value == "false", value == flag.Default:
			// The client's program has its own clock.
		case name == databaseVariable && strings.Contains(value, "://"):
			l.secrets = append(l.secrets, name)
		default:
			l.env = append(l.env, variable{name, value})
		}
	}
	if !demo {
		l.secrets = append(l.secrets, keyVariable)
	}
	slices.Sort(l.secrets)
	slices.SortFunc(l.env, byName)
	return l
}

// open is the launch with its secrets in the clear.
func (l launch) open(value func(name string) string) launch {
	l.env = slices.Clone(l.env)
	for _, name := range l.secrets {
		l.env = append(l.env, variable{name, value(name)})
	}
	l.secrets = nil
	slices.SortFunc(l.env, byName)
	return l
}

func byName(a, b variable) int { return strings.Compare(a.name, b.name) }

// environment is what a file says of variables, secrets as refers writes them.
func (l launch) environment(refers func(name string) string) map[string]any {
	env := map[string]any{}
	for _, v := range l.env {
		env[v.name] = v.value
	}
	if refers != nil {
		for _, name := range l.secrets {
			env[name] = refers(name)
		}
	}
	return env
}

// ownPath is where this program is, for clients that know no PATH.
func ownPath() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("this program does not know where it is: %w; say it with --command", err)
	}
	if strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "", errors.New("go run keeps the program for this run only: install it first (go install), or say with --command where it is")
	}
	return path, nil
}
