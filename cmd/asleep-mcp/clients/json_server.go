package clients

import (
	"encoding/json"
	"slices"
	"strings"
)

// jsonServer is how a client keeps a server in a JSON file.
type jsonServer struct {
	at     []string // the names that lead to it
	typed  bool     // the file says that it is a program
	asks   bool     // the client asks for secrets
	refers func(name string) string
}

// jsonEntry is a server there.
type jsonEntry struct {
	Type    string
	Command string
	Args    []string
	Env     map[string]any
}

func (s jsonServer) write(text []byte, l Launch) ([]byte, error) {
	j, err := readJSON(text)
	if err != nil {
		return nil, err
	}
	entry := jsonEntry{Command: l.Command, Args: l.Args, Env: l.environment(s.refers)}
	if s.typed {
		entry.Type = "stdio"
	}
	entry.Env = s.withKept(j, entry.Env, l.Secrets)
	if err = s.update(j, entry); err == nil && s.asks {
		err = askFor(j, l.Secrets)
	}
	return j.text, err
}

// of returns the path of a part of the server.
func (s jsonServer) of(part string) []string { return slices.Concat(s.at, []string{part}) }

// update sets how the server is started, and keeps what else the file says about it, such as
// which of its tools need no permission.
func (s jsonServer) update(j *jsonText, entry jsonEntry) error {
	for _, remote := range []string{"url", "httpUrl", "serverUrl"} {
		if j.find(s.of(remote)...) != nil {
			return remoteServer.err(strings.Join(s.at, "."))
		}
	}
	if s.typed {
		if err := j.set(entry.Type, s.of("type")...); err != nil {
			return err
		}
	}
	if j.find(s.of("enabled")...) != nil {
		if err := j.set(true, s.of("enabled")...); err != nil {
			return err
		}
	}
	if err := j.set(entry.Command, s.of("command")...); err != nil {
		return err
	}
	if err := j.set(entry.Args, s.of("args")...); err != nil {
		return err
	}
	return j.set(entry.Env, s.of("env")...)
}

// env returns the variables that a file gives the program; nil if that is not an object, or
// missing.
func (s jsonServer) env(j *jsonText) (there map[string]any) {
	if at := j.find(s.of("env")...); at != nil && json.Unmarshal(standard(*at), &there) != nil {
		return nil
	}
	return there
}

// holds returns the variables of this program whose values a file holds.
func (s jsonServer) holds(text []byte) (names []string) {
	j, err := readJSON(text)
	if err != nil {
		return nil
	}
	for name, value := range s.env(j) {
		if ours(name) && value != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// withKept adds the file's other variables, and the secrets that a file already holds if
// the client has no other place for them.
func (s jsonServer) withKept(j *jsonText, env map[string]any, secrets []string) map[string]any {
	there := s.env(j) // anything but an object is replaced
	for _, name := range secrets {
		if kept, found := there[name]; found && s.refers == nil {
			env[name] = kept
		}
	}
	return also(env, there)
}

// askFor has VS Code ask for secrets.
func askFor(j *jsonText, secrets []string) error {
	for _, name := range secrets {
		input := struct {
			Type        string `json:"type"`
			ID          string `json:"id"`
			Description string `json:"description"`
			Password    bool   `json:"password"`
		}{"promptString", inputID(name), name, true}
		if err := j.add("inputs", input.ID, input); err != nil {
			return err
		}
	}
	return nil
}

// inputID returns what VS Code calls a variable it asks for.
func inputID(variable string) string { return strings.ToLower(strings.ReplaceAll(variable, "_", "-")) }
