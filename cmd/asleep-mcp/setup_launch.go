package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/clients"
)

const (
	keyVariable      = "ASLEEP_API_KEY"
	databaseVariable = "ASLEEP_MCP_DATABASE_URL"
)

// newLaunch starts the program at command with the settings that setup itself was given:
// with --demo for setup, the client starts the program with --demo.
func newLaunch(command string, flags []*kong.Flag, demo bool) clients.Launch {
	l := clients.Launch{Command: command, Args: []string{"stdio"}, Env: map[string]string{}}
	for _, flag := range flags {
		name, value := flag.Tag.Get("variable"), fmt.Sprint(flag.Target.Interface())
		given := value != "" && value != "false" && value != flag.Default
		if optional, ok := reflect.TypeAssert[*bool](flag.Target); ok { // false is a setting, too
			if given = optional != nil; given {
				value = strconv.FormatBool(*optional)
			}
		}
		switch {
		case name == "", name == "ASLEEP_MCP_NOW", !given:
			// The program that the client starts has its own clock.
		case name == databaseVariable && strings.Contains(value, "://"):
			l.Secrets = append(l.Secrets, name)
		default:
			l.Env[name] = value
		}
	}
	if !demo {
		l.Secrets = append(l.Secrets, keyVariable)
	}
	slices.Sort(l.Secrets)
	return l
}

// ownPath returns where this program is, for clients that do not know the PATH.
func ownPath() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("this program does not know where it is: %w; give its path with --command", err)
	}
	if passing(path) {
		return "", errors.New("go run does not keep the program for long: install it first (go install), or give its path with --command")
	}
	return path, nil
}

// passing reports whether path is in a temporary folder of the go command, or in its cache,
// wherever that is.
func passing(path string) bool {
	path = filepath.ToSlash(path)
	return strings.Contains(path, "/go-build") || regexp.MustCompile(`/[0-9a-f]{64}-d/[^/]+$`).MatchString(path)
}
