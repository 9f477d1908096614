package clients

import "go.yaml.in/yaml/v3"

// gooseEntry is a server in Goose's YAML file.
type gooseEntry struct {
	Enabled     bool           `yaml:"enabled"`
	Type        string         `yaml:"type"`
	Name        string         `yaml:"name"`
	Description string         `yaml:"description"`
	Cmd         string         `yaml:"cmd"`
	Args        []string       `yaml:"args"`
	Envs        map[string]any `yaml:"envs"`
	EnvKeys     []any          `yaml:"env_keys"`
	Timeout     any            `yaml:"timeout"` // seconds
}

// writeGoose writes Goose's file. Goose looks names up in its environment and its
// keyring.
func writeGoose(text []byte, l Launch) ([]byte, error) {
	var there struct {
		Extensions map[string]struct {
			Envs    map[string]any `yaml:"envs"`
			EnvKeys []any          `yaml:"env_keys"`
			Timeout any            `yaml:"timeout"`
		} `yaml:"extensions"`
	}
	_ = yaml.Unmarshal(text, &there) // setYAML says what is wrong with it
	was := there.Extensions[ServerName]
	if was.Timeout == nil {
		was.Timeout = 60
	}
	return setYAML(text, gooseEntry{
		Enabled: true, Type: "stdio", Name: ServerName, Description: "Sleep data recorded with Asleep",
		Cmd: l.Command, Args: l.Args, Timeout: was.Timeout,
		Envs:    also(l.environment(nil), was.Envs),
		EnvKeys: named(l.Secrets, was.EnvKeys),
	}, "extensions", ServerName)
}
