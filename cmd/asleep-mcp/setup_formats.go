package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v3"
)

// jsonServer is a server in a file of JSON.
type jsonServer struct {
	at     []string // the names that lead to it
	typed  bool     // the file says that it is a program
	asks   bool     // the client asks for secrets
	refers func(name string) string
}

func (s jsonServer) write(text []byte, l launch) ([]byte, error) {
	j, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	entry := struct {
		Type    string         `json:"type,omitempty"`
		Command string         `json:"command"`
		Args    []string       `json:"args"`
		Env     map[string]any `json:"env"`
	}{"", l.command, l.args, l.environment(s.refers)}
	if s.typed {
		entry.Type = "stdio"
	}
	if j.find(s.at...) == nil {
		err = j.set(entry, s.at...)
	} else {
		err = s.update(j, entry.Type, entry.Command, entry.Args, s.withKept(j, entry.Env, l.secrets))
	}
	if err != nil {
		return nil, err
	}
	if s.asks {
		for _, name := range l.secrets {
			input := struct {
				Type        string `json:"type"`
				ID          string `json:"id"`
				Description string `json:"description"`
				Password    bool   `json:"password"`
			}{"promptString", inputID(name), name, true}
			if err := j.add("inputs", input.ID, input); err != nil {
				return nil, err
			}
		}
	}
	return j.text, nil
}

// update changes a server that is there and keeps what else was said of it, such
// as which of its tools need no leave.
func (s jsonServer) update(j *jsonText, kind, command string, args []string, env map[string]any) error {
	for _, remote := range []string{"url", "httpUrl", "serverUrl"} {
		if j.find(slices.Concat(s.at, []string{remote})...) != nil {
			return fmt.Errorf("%s is a server at an address there; remove it first", strings.Join(s.at, "."))
		}
	}
	var problems []error
	if kind != "" {
		problems = append(problems, j.set(kind, slices.Concat(s.at, []string{"type"})...))
	}
	return errors.Join(append(problems,
		j.set(command, slices.Concat(s.at, []string{"command"})...), j.set(args, slices.Concat(s.at, []string{"args"})...), j.set(env, slices.Concat(s.at, []string{"env"})...),
	)...)
}

// withKept adds what the file has besides, and the secrets of a file that can only
// hold them.
func (s jsonServer) withKept(j *jsonText, env map[string]any, secrets []string) map[string]any {
	var there map[string]any
	at := j.find(slices.Concat(s.at, []string{"env"})...)
	if at == nil || json.Unmarshal(standard(*at), &there) != nil {
		return env // what is no object gives way
	}
	for _, name := range secrets {
		if kept, found := there[name]; found && s.refers == nil {
			env[name] = kept
		}
	}
	return also(env, there)
}

// ours says whether a variable is one of this program's: setup decides over those,
// and leaves the others, such as a proxy's, alone.
func ours(variable string) bool { return strings.HasPrefix(variable, "ASLEEP_") }

// also adds variables of a file that are none of this program's.
func also(env, there map[string]any) map[string]any {
	for name, value := range there {
		if !ours(name) {
			env[name] = value
		}
	}
	return env
}

// named are the secrets, and what a file names besides.
func named(secrets []string, there []any) (all []any) {
	for _, name := range secrets {
		all = append(all, name)
	}
	for _, other := range there {
		if name, ok := other.(string); !ok || !ours(name) {
			all = append(all, other)
		}
	}
	return all
}

// writeCodex writes Codex's file of TOML. Codex hands on variables by name.
func writeCodex(text []byte, l launch) ([]byte, error) {
	var there struct {
		Servers map[string]struct {
			Env     map[string]any `toml:"env"`
			EnvVars []any          `toml:"env_vars"`
		} `toml:"mcp_servers"`
	}
	_ = toml.Unmarshal(bytes.TrimPrefix(text, byteOrderMark), &there) // setTOML says what is wrong with it
	was := there.Servers[serverName]
	return setTOML(text, []string{"mcp_servers", serverName}, []pair{
		{"command", tomlValue(l.command)},
		{"args", tomlValue(named(l.args, nil))},
		{"env", tomlValue(also(l.environment(nil), was.Env))},
		{"env_vars", tomlValue(named(l.secrets, was.EnvVars))},
	})
}

// writeGoose writes Goose's file of YAML. Goose looks names up in its
// environment and its keyring.
func writeGoose(text []byte, l launch) ([]byte, error) {
	var there struct {
		Extensions map[string]struct {
			Envs    map[string]any `yaml:"envs"`
			EnvKeys []any          `yaml:"env_keys"`
		} `yaml:"extensions"`
	}
	_ = yaml.Unmarshal(text, &there) // setYAML says what is wrong with it
	was := there.Extensions[serverName]
	return setYAML(text, struct {
		Enabled     bool           `yaml:"enabled"`
		Type        string         `yaml:"type"`
		Name        string         `yaml:"name"`
		Description string         `yaml:"description"`
		Cmd         string         `yaml:"cmd"`
		Args        []string       `yaml:"args"`
		Envs        map[string]any `yaml:"envs"`
		EnvKeys     []any          `yaml:"env_keys"`
		Timeout     int            `yaml:"timeout"` // seconds
	}{
		true, "stdio", serverName, "Sleep data recorded with Asleep", l.command, l.args,
		also(l.environment(nil), was.Envs), named(l.secrets, was.EnvKeys), 60,
	}, "extensions", serverName)
}

// inputID is what VS Code calls a variable it asks for.
func inputID(variable string) string { return strings.ToLower(strings.ReplaceAll(variable, "_", "-")) }
