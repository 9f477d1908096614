package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
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
		Type    string            `json:"type,omitempty"`
		Command string            `json:"command"`
		Args    []string          `json:"args"`
		Env     map[string]string `json:"env"`
	}{"", l.command, l.args, l.environment(s.refers)}
	if s.typed {
		entry.Type = "stdio"
	}
	if _, found := j.find(s.at...); !found {
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
func (s jsonServer) update(j *jsonText, kind, command string, args []string, env map[string]string) error {
	for _, remote := range []string{"url", "httpUrl", "serverUrl"} {
		if _, found := j.find(slices.Concat(s.at, []string{remote})...); found {
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

// withKept adds the secrets that a file holds which can only hold them.
func (s jsonServer) withKept(j *jsonText, env map[string]string, secrets []string) map[string]string {
	for _, name := range secrets {
		at, found := j.find(slices.Concat(s.at, []string{"env", name})...)
		var kept string
		if s.refers == nil && found && json.Unmarshal(j.plain[at.start:at.end], &kept) == nil {
			env[name] = kept
		}
	}
	return env
}

// writeCodex writes Codex's file of TOML. Codex hands on variables by name.
func writeCodex(text []byte, l launch) ([]byte, error) {
	var env []string
	for _, v := range l.env {
		env = append(env, v.name+" = "+quoted(v.value))
	}
	inBraces := "{}"
	if env != nil {
		inBraces = "{ " + strings.Join(env, ", ") + " }"
	}
	return setTOML(text, []string{"mcp_servers", serverName}, []pair{
		{"command", quoted(l.command)}, {"args", tomlList(l.args)}, {"env", inBraces}, {"env_vars", tomlList(l.secrets)},
	})
}

func tomlList(texts []string) string {
	written := make([]string, len(texts))
	for i, s := range texts {
		written[i] = quoted(s)
	}
	return "[" + strings.Join(written, ", ") + "]"
}

// writeGoose writes Goose's file of YAML. Goose looks names up in its
// environment and its keyring.
func writeGoose(text []byte, l launch) ([]byte, error) {
	return setYAML(text, struct {
		Enabled     bool              `yaml:"enabled"`
		Type        string            `yaml:"type"`
		Name        string            `yaml:"name"`
		Description string            `yaml:"description"`
		Cmd         string            `yaml:"cmd"`
		Args        []string          `yaml:"args"`
		Envs        map[string]string `yaml:"envs"`
		EnvKeys     []string          `yaml:"env_keys"`
		Timeout     int               `yaml:"timeout"` // seconds
	}{true, "stdio", serverName, "Sleep data recorded with Asleep", l.command, l.args, l.environment(nil), l.secrets, 60}, "extensions", serverName)
}

// inputID is what VS Code calls a variable it asks for.
func inputID(variable string) string { return strings.ToLower(strings.ReplaceAll(variable, "_", "-")) }
